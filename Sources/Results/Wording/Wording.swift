import SubbufferSource

/// The words of the report that a person wrote: questions, notes, reasons, advice. The results decide which are shown.
public struct Wording: Sendable {
  /// The questions.
  public var claims: [Claim]
  /// The rows of the decision table, in order.
  public var decisions: [DesignQuestion]
  /// The purposes of consumers, in the order of the report.
  public var uses: [Use]
  /// The explanations of answers.
  public var notes: [Note]
  /// The explanations of trouble in the kernel's log.
  public var logNotes: [LogNote]
  /// The known faults that no probe observes.
  public var hazards: [Hazard]
  /// The reasons for differences.
  public var rationales: [Rationale]
  /// The ABIs of one design, whose reasons are quoted for each other.
  public var sharedDesigns: [SharedDesign]
  /// Advice to consumers.
  public var rules: [Rule]
  /// The changes of an ABI between versions that both run in a study, as its history.
  public var changes: [DesignChange]
  /// The commits behind changes of answers between versions.
  public var versionChanges: [VersionChange]
  /// The ABIs of kernel modules: what they answer depends on their own version and on the kernel's.
  public var kernelModules: [ABI]
  /// The release dates of versions.
  public var releases: [Release]
  /// The loss-counting recipes in pseudo-code.
  public var recipes: [Recipe]
  /// The mails of the discussion.
  public var mails: [Mail]

  /// Words; by default none.
  public init(
    claims: [Claim] = [], decisions: [DesignQuestion] = [], uses: [Use] = [], notes: [Note] = [],
    logNotes: [LogNote] = [], hazards: [Hazard] = [],
    rationales: [Rationale] = [], sharedDesigns: [SharedDesign] = [], rules: [Rule] = [], changes: [DesignChange] = [],
    versionChanges: [VersionChange] = [], kernelModules: [ABI] = [], releases: [Release] = [],
    recipes: [Recipe] = [],
    mails: [Mail] = []
  ) {
    self.claims = claims
    self.decisions = decisions
    self.uses = uses
    self.notes = notes
    self.logNotes = logNotes
    self.hazards = hazards
    self.rationales = rationales
    self.sharedDesigns = sharedDesigns
    self.rules = rules
    self.changes = changes
    self.versionChanges = versionChanges
    self.kernelModules = kernelModules
    self.releases = releases
    self.recipes = recipes
    self.mails = mails
  }

  /// The words of several sources together, in order.
  public static func merged(_ wordings: [Wording]) -> Wording {
    Wording(
      claims: wordings.flatMap(\.claims), decisions: wordings.flatMap(\.decisions), uses: wordings.flatMap(\.uses),
      notes: wordings.flatMap(\.notes), logNotes: wordings.flatMap(\.logNotes), hazards: wordings.flatMap(\.hazards),
      rationales: wordings.flatMap(\.rationales), sharedDesigns: wordings.flatMap(\.sharedDesigns),
      rules: wordings.flatMap(\.rules), changes: wordings.flatMap(\.changes),
      versionChanges: wordings.flatMap(\.versionChanges), kernelModules: wordings.flatMap(\.kernelModules),
      releases: wordings.flatMap(\.releases), recipes: wordings.flatMap(\.recipes), mails: wordings.flatMap(\.mails))
  }

  /// The explanation of trouble in the kernel's log; `nil` if there is no note.
  /// - Parameter title: the title of the finding, without numbers of lines.
  public func logNote(titled title: String) -> LogNote? { logNotes.first { $0.title == title } }
}

/// A mail of a public list.
public struct Mail: Sendable {
  /// The subject.
  public var subject: String
  /// The date, ISO 8601.
  public var date: String
  /// The message id without angle brackets.
  public var messageID: String

  /// A mail.
  public init(_ subject: String, _ date: String, id messageID: String) {
    self.subject = subject
    self.date = date
    self.messageID = messageID
  }
}

/// A question of a designer, answered by a claim.
public struct DesignQuestion: Sendable {
  /// The question in at most 40 characters.
  public var text: String
  /// The claim whose answer is the cell, by its stable name.
  public var claim: String
  /// The beginning of a sentence that the answers end: "An acquire of an empty ring buffer returns"; `nil` if the question
  /// is not among what came out.
  public var sentence: String?
  /// The deed of a reader that breaks the rules, if the answer says what comes of it: "release without an acquire".
  public var deed: String?

  /// A row of the decision table.
  public init(_ text: String, _ claim: String, sentence: String? = nil, deed: String? = nil) {
    self.text = text
    self.claim = claim
    self.sentence = sentence
    self.deed = deed
  }
}

/// A change between two versions of a design, with the mail or commit that made it.
public struct DesignChange: Sendable {
  /// The claim whose answer changed, by its stable name; `nil` for a change of the layout alone.
  public var claim: String?
  /// The change.
  public var text: CitedText

  /// A change.
  public init(claim: String? = nil, _ text: String, source: String) {
    self.claim = claim
    self.text = CitedText(text, source: source)
  }
}

/// The upstream commit that changed an answer, and the first versions with it.
///
/// Shown only if every version of a matrix answers as the entry says, and at least one on each side of the change does.
public struct VersionChange: Sendable {
  /// The claim, by its stable name.
  public var claim: String
  /// The ABI.
  public var abi: ABI
  /// The answer before the change; `nil` for any other than ``after``.
  public var before: String?
  /// The answer after the change; `nil` for any other than ``before``.
  public var after: String?
  /// The commit, in at least eight digits.
  public var commit: String
  /// Its subject.
  public var title: String
  /// The first version with it of each series that has it, the first release of a new series among them: "7.3", "6.12.112".
  public var firstVersions: [String]
  /// The first version that answers as before the change again, if no commit that does it was found.
  public var undone: String?
  /// The repository or the tag where it was read.
  public var source: String

  private init(
    _ claim: String, _ abi: ABI, before: String?, after: String?, _ commit: String, _ title: String,
    first versions: [String], undone: String?, source: String
  ) {
    self.claim = claim
    self.abi = abi
    self.before = before
    self.after = after
    self.commit = commit
    self.title = title
    firstVersions = versions
    self.undone = undone
    self.source = source
  }

  /// A change that ended an answer.
  public static func ended(
    _ answer: String, of claim: String, _ abi: ABI, by commit: String, _ title: String, first versions: [String],
    undone: String? = nil, source: String
  ) -> VersionChange {
    VersionChange(
      claim, abi, before: answer, after: nil, commit, title, first: versions, undone: undone, source: source)
  }

  /// A change that brought an answer.
  public static func brought(
    _ answer: String, of claim: String, _ abi: ABI, by commit: String, _ title: String, first versions: [String],
    undone: String? = nil, source: String
  ) -> VersionChange {
    VersionChange(
      claim, abi, before: nil, after: answer, commit, title, first: versions, undone: undone, source: source)
  }
}

/// The release of a version of a kernel or a library.
public struct Release: Sendable {
  /// The beginning of the version as the results have it: "LTTng-UST 2.13.5", "Linux 6.18".
  public var version: String
  /// The date, ISO 8601.
  public var date: String
  /// The source of the date.
  public var source: String

  /// A release.
  public init(_ version: String, _ date: String, source: String) {
    self.version = version
    self.date = date
    self.source = source
  }
}

/// The way to count losses with the reader ABI alone, as pseudo-code.
public struct Recipe: Sendable {
  /// The ABI.
  public var abi: ABI
  /// The mode: .overwrite, "discard".
  public var mode: RingMode
  /// At most ten lines of at most 100 characters.
  public var lines: [String]

  /// A recipe.
  public init(_ abi: ABI, mode: RingMode, _ lines: [String]) {
    self.abi = abi
    self.mode = mode
    self.lines = lines
  }
}

extension VersionChange {
  /// A commit that changed several answers.
  package struct Commit: Sendable {
    let hash: String
    let title: String
    /// The first version of each series that has it.
    let first: [String]
    let source: String

    /// A commit.
    package init(hash: String, title: String, first: [String], source: String) {
      (self.hash, self.title, self.first, self.source) = (hash, title, first, source)
    }

    /// The change that ended an answer.
    package func ended(_ answer: String, of claim: String, _ abi: ABI) -> VersionChange {
      .ended(answer, of: claim, abi, by: hash, title, first: first, source: source)
    }

    /// The change that brought an answer.
    package func brought(_ answer: String, of claim: String, _ abi: ABI) -> VersionChange {
      .brought(answer, of: claim, abi, by: hash, title, first: first, source: source)
    }
  }
}
