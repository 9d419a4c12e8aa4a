/// Something that was claimed or asked about ring-buffer reader ABIs: one entry of the catalogue.
public struct Claim: Sendable {
  /// A stable name.
  public var id: String
  /// The topic.
  public var topic: Topic
  /// The claim in a few words.
  public var title: String
  /// The question that a probe answers.
  public var question: String
  /// The author, place and date of the statement.
  public var source: String
  /// The steps of a probe and its observations, in order; `nil` if each ABI has steps of its own.
  public var procedure: String?
  /// The expectation for each ABI.
  public var expectations: [ABI: Expectation]
  /// The points that a probe must pass on every ABI; `nil` if none are declared here.
  public var marks: [Mark]?
  /// Why a model cannot be asked; `nil` where it can.
  public var notModelled: String?

  /// States a claim.
  public init(
    _ id: String, _ topic: Topic, title: String, question: String, source: String, procedure: String? = nil,
    notModelled: String? = nil, reaching marks: [Mark]? = nil, _ expectations: [ABI: Expectation] = [:]
  ) {
    self.id = id
    self.topic = topic
    self.title = title
    self.question = question
    self.source = source
    self.procedure = procedure
    self.notModelled = notModelled
    self.marks = marks
    self.expectations = expectations
  }

  /// The points that a probe must pass before an expectation of this claim is judged, those of the claim first; `nil` if
  /// neither declares any.
  public func marks(of expectation: Expectation) -> [Mark]? {
    marks == nil && expectation.marks == nil ? nil : (marks ?? []) + (expectation.marks ?? [])
  }

  /// The expectation for a back end.
  /// - Parameter abis: the ABIs that the back end is one of, the most specific first.
  public func expectation(of abis: [ABI]) -> Expectation? {
    abis.lazy.compactMap { expectations[$0] }.first
  }

  /// The same question with the answers of an ABI.
  /// - Parameter procedure: the steps on this ABI, if the question gives none.
  public func answered(procedure: String? = nil, _ expectations: [ABI: Expectation]) -> Claim {
    var claim = self
    for (abi, expectation) in expectations {
      claim.expectations[abi] = expectation
      if let procedure { claim.expectations[abi]?.procedure = procedure }
    }
    return claim
  }

  /// The steps of a probe on the ABI of an expectation.
  public func procedure(of expectation: Expectation?) -> String { expectation?.procedure ?? procedure ?? "none" }

  /// Puts the answers that several ABIs give to one question together.
  /// - Parameters:
  ///   - claims: questions with answers; the first of each id decides on its place within its topic.
  ///   - absences: why questions do not apply.
  /// - Returns: each question once, by topic.
  public static func merged(_ claims: [Claim], absences: [Absence] = []) -> [Claim] {
    var merged: [String: Claim] = [:]
    var order: [String] = []
    for claim in claims {
      if merged[claim.id] == nil { order.append(claim.id) }
      merged[claim.id] = merged[claim.id]?.answered(claim.expectations) ?? claim
    }
    for absence in absences {
      merged[absence.claim] = merged[absence.claim]?.answered([absence.abi: absence.expectation])
    }
    let questions = order.compactMap { merged[$0] }
    return Topic.allCases.flatMap { topic in questions.filter { $0.topic == topic } }
  }
}

/// The subject of a claim, in the order of the report. The raw values are stored in results.
public enum Topic: String, Codable, Sendable, CaseIterable {
  /// The acquire: its calls and results, and the sub-buffer that it gives.
  case handOver = "hand-over"
  /// Events that were read: once, again, by a second reader.
  case consumption = "consumption"
  /// Counters of the ABI.
  case counters = "counters"
  /// Flags and counts in the header of a sub-buffer or packet.
  case headers = "header flags and counts"
  /// Values that are old when they are read.
  case staleness = "staleness"
  /// A full ring buffer: discarding and overwriting.
  case losses = "discard and overwrite"
  /// Positions and snapshots.
  case positions = "positions and snapshots"
  /// The end of the writer and of the stream.
  case finalisation = "finalisation"
  /// Waiting and waking up.
  case readiness = "readiness"
  /// Several readers at once.
  case readers = "several readers"
  /// Calls out of order and wrong arguments.
  case misuse = "misuse"
  /// Operations that a mapped ring buffer refuses.
  case refusals = "what is refused while mapped"
  /// Operations on a mapping: accesses, protection, fork, truncation.
  case mapping = "mapping restrictions"
  /// Layout and extensibility of the shared memory.
  case layout = "layout and its growth"
  /// Readers of 32 bits.
  case compatibility = "32-bit readers"
  /// Options that change and clears while reading.
  case changes = "options and clearing"
  /// Number and size of the sub-buffers.
  case geometry = "sub-buffer sizes"

  /// The name that the report and the documentation show.
  public var title: String {
    switch self {
    case .refusals: "refusals while mapped"
    case .layout: "layout and extensibility"
    default: rawValue
    }
  }
}

/// A reader ABI, or one version of it, of which something is claimed.
public struct ABI: Hashable, Sendable {
  /// The name used in the report.
  public let name: String

  /// An ABI by its name.
  public init(_ name: String) {
    self.name = name
  }
}

/// The reason why an ABI has no answer to a question: it lacks the subject.
///
/// A question without an answer and without a reason does not apply either. The question may be one that another ABI alone
/// is asked, so it is named by its id.
public struct Absence: Sendable {
  /// The id of the question.
  public var claim: String
  /// The ABI.
  public var abi: ABI
  /// The subject of the question and the reason.
  public var expectation: Expectation

  /// Gives a reason.
  /// - Parameter subject: the subject of the question.
  public init(
    _ claim: String, _ abi: ABI, to subject: String, _ reason: String, file: String = #fileID, line: Int = #line
  ) {
    self.init(claim, abi, .doesNotApply(to: subject, reason, file: file, line: line))
  }

  /// Gives a reason that several questions share.
  public init(_ claim: String, _ abi: ABI, _ expectation: Expectation) {
    (self.claim, self.abi, self.expectation) = (claim, abi, expectation)
  }
}
