import SubbufferSource

/// A sentence that a person wrote, with its source.
public struct CitedText: Sendable, Equatable {
  /// The sentence.
  public var text: String
  /// The file and version, the commit, or the mail with its date.
  public var source: String

  /// A sentence with its source.
  public init(_ text: String, source: String) {
    self.text = text
    self.source = source
  }

  /// The status of a finding without a report, in the newest version unchanged.
  public static func unreported(source: String) -> CitedText { CitedText(unreportedText, source: source) }

  /// `true` if the sentence is the one of ``unreported(source:)``.
  public var isUnreported: Bool { text == CitedText.unreportedText }

  private static let unreportedText = "No report found; unchanged"
}

/// The authors' explanation of one answer of one ABI.
///
/// Shown only while the answer is the one observed, and marked as a note.
public struct Note: Sendable {
  /// The claim, by its stable name.
  public var claim: String
  /// The ABI that the note is about.
  public var abi: ABI
  /// The answer that the note explains.
  public var answer: String
  /// The severity of the finding.
  public var severity: Severity
  /// The finding in at most 70 characters.
  public var title: String
  /// The place in the source that causes it.
  public var cause: CitedText?
  /// The effect on a consumer.
  public var consequence: String
  /// The way around it; `nil` if there is none.
  public var workaround: String?
  /// The status upstream: reported, fixed in a release, or not found reported.
  public var status: CitedText?
  /// A program of `Examples/second-opinions` that shows it without abi-compare.
  public var reproducer: String?
  /// The proposed text where the documentation is wrong, as a unified diff.
  public var patch: String?

  /// Writes a note.
  public init(
    _ claim: String, _ abi: ABI, answer: String, _ severity: Severity, _ title: String, cause: CitedText? = nil,
    consequence: String, workaround: String? = nil, status: CitedText? = nil, reproducer: String? = nil,
    patch: String? = nil
  ) {
    self.claim = claim
    self.abi = abi
    self.answer = answer
    self.severity = severity
    self.title = title
    self.cause = cause
    self.consequence = consequence
    self.workaround = workaround
    self.status = status
    self.reproducer = reproducer
    self.patch = patch
  }
}

/// The reason for a difference between ABIs, as its designers stated it.
///
/// Shown only while the ABIs have these answers.
public struct Rationale: Sendable {
  /// The claim, by its stable name.
  public var claim: String
  /// The answer of each ABI that the reason explains.
  public var answers: [ABI: String]
  /// The statement, verbatim in quotation marks where it is one.
  public var text: CitedText

  /// Writes a reason.
  public init(_ claim: String, _ answers: [ABI: String], _ text: String, source: String) {
    self.claim = claim
    self.answers = answers
    self.text = CitedText(text, source: source)
  }
}

/// Two ABIs of one design: a reason that is stated for one is quoted for the other.
public struct SharedDesign: Sendable {
  /// The ABI whose reasons are those of another.
  public var abi: ABI
  /// The statement that it is the same design.
  public var text: CitedText

  /// A statement about an ABI.
  public init(_ abi: ABI, _ text: String, source: String) {
    self.abi = abi
    self.text = CitedText(text, source: source)
  }
}

/// Advice to a consumer of one ABI, which follows from an answer.
///
/// Shown only while the answer is the one observed.
public struct Rule: Sendable {
  /// The ABI.
  public var abi: ABI
  /// `true` for advice to do something, `false` for advice not to.
  public var isDo: Bool
  /// The advice in one line.
  public var text: String
  /// The claim that supports it, by its stable name.
  public var claim: String
  /// The answer that it follows from.
  public var answer: String

  private init(_ abi: ABI, isDo: Bool, _ text: String, because claim: String, is answer: String) {
    self.abi = abi
    self.isDo = isDo
    self.text = text
    self.claim = claim
    self.answer = answer
  }

  /// Advice to do something.
  public static func `do`(_ abi: ABI, _ text: String, because claim: String, is answer: String) -> Rule {
    Rule(abi, isDo: true, text, because: claim, is: answer)
  }

  /// Advice not to do something.
  public static func dont(_ abi: ABI, _ text: String, because claim: String, is answer: String) -> Rule {
    Rule(abi, isDo: false, text, because: claim, is: answer)
  }
}

/// A known fault or limit that no probe of a usual run observes: the trigger is unsafe, rare, or no question of a reader.
public struct Hazard: Sendable {
  /// A cost that shows the hazard.
  public enum CostEffect: Sendable {
    /// An acquire of a full sub-buffer takes longer the more events it contains.
    case acquireGrowsWithEvents
    /// The 99.9th percentile of a write is higher in each trial with an idle reader than in each without a reader.
    case openReaderRaisesTail
  }

  /// The ABI.
  public var abi: ABI
  /// The severity by the effect on a consumer.
  public var severity: Severity
  /// The hazard in at most 70 characters.
  public var title: String
  /// The trigger, the effect and the way around it.
  public var text: String
  /// The affected versions and the fixed ones, as far as they were read.
  public var versions: String
  /// The place in the source, the commit, or the page of this project that has the observation.
  public var source: String
  /// A program of `Examples/second-opinions` that shows it; `nil` if there is none.
  public var reproducer: String?
  /// The cost that shows it; `nil` if no measurement does.
  public var effect: CostEffect?
  /// The claim that asks for it in a boot of its own; a run that decides the claim has the answer in place of the hazard.
  public var claim: String?

  /// Writes a hazard.
  public init(
    _ abi: ABI, _ severity: Severity, _ title: String, _ text: String, versions: String, source: String,
    reproducer: String? = nil, shownBy effect: CostEffect? = nil, askedBy claim: String? = nil
  ) {
    self.abi = abi
    self.severity = severity
    self.title = title
    self.text = text
    self.versions = versions
    self.source = source
    self.reproducer = reproducer
    self.effect = effect
    self.claim = claim
  }
}

/// The explanation of trouble in the kernel's log.
public struct LogNote: Sendable {
  /// The title of the finding, without numbers of lines: "the kernel warned: WARNING at kernel/trace/trace.c do_this".
  public var title: String
  /// The cause of the report.
  public var cause: CitedText
  /// The fix upstream, or that there was none found.
  public var status: CitedText

  /// Writes an explanation.
  public init(_ title: String, cause: CitedText, status: CitedText) {
    self.title = title
    self.cause = cause
    self.status = status
  }
}

/// A purpose of a consumer, and what an ABI must do to serve it.
public struct Use: Sendable {
  /// A condition that the results of a run fulfil or not.
  public enum Requirement: Sendable {
    /// The answer to a claim, by its stable name, is one of these.
    case answer(claim: String, oneOf: Set<String>)
    /// The loss-counting recipe is exact in each scenario of a mode ("overwrite", "discard") with a loss.
    case exactLosses(mode: RingMode)
  }

  /// The purpose in at most 50 characters: "Replace a dead consumer without a loss".
  public var text: String
  /// The condition.
  public var requirement: Requirement

  /// A purpose with its condition.
  public init(_ text: String, _ requirement: Requirement) {
    self.text = text
    self.requirement = requirement
  }
}
