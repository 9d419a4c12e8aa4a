import SubbufferSource

/// The observations in one loss scenario on one back end.
public struct LossRecord: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The mode of the ring buffer at the begin.
  public var mode: RingMode
  /// The name of the scenario: `stalled`.
  public var scenario: String
  /// The group of the scenario.
  public var group: LossGroup
  /// The course of events, in a sentence.
  public var title: String
  /// `true` if producer and reader ran at the same time, so that the loss differs from run to run.
  public var isConcurrent: Bool
  /// The number of sub-buffers written for each one that the reader takes; absent if that is not varied.
  public var offeredLoad: Double?
  /// The shape and the load: sub-buffer size and number, payload.
  public var setup: [Observation]
  /// The points that the scenario must pass before its channels are judged.
  public var marks: [LossMark]
  /// The reason why the back end cannot have the scenario; absent if it was made.
  public var skipped: String?
  /// The observations; absent if it was skipped.
  public var history: LossHistory?
  /// `true` if another seed may find something else; absent if not.
  public var dependsOnSeed: Bool?
  /// The same with other seeds, if it depends on the seed and not on timing; absent otherwise.
  public var repeats: [Repeat]?
  /// The lines that the kernel's log received meanwhile; absent if there are none.
  public var kernelLog: KernelLogExcerpt?

  /// The scenario once more, with another seed.
  public struct Repeat: Codable, Sendable, Equatable {
    /// The seed.
    public var seed: UInt64
    /// The observations.
    public var history: LossHistory

    /// One with its observations.
    public init(seed: UInt64, history: LossHistory) {
      self.seed = seed
      self.history = history
    }
  }

  /// A record.
  public init(
    backend: String, mode: RingMode, scenario: String, group: LossGroup, title: String,
    isConcurrent: Bool = false, offeredLoad: Double? = nil, setup: [Observation] = [], marks: [LossMark] = [],
    skipped: String? = nil, history: LossHistory? = nil
  ) {
    self.backend = backend
    self.mode = mode
    self.scenario = scenario
    self.group = group
    self.title = title
    self.isConcurrent = isConcurrent
    self.offeredLoad = offeredLoad
    self.setup = setup
    self.marks = marks
    self.skipped = skipped
    self.history = history
  }
}

/// The record of a loss scenario with its judgement, a function of the record.
@dynamicMemberLookup
public struct LossResult: Sendable, Equatable {
  /// The record.
  public var record: LossRecord { didSet { judgements = LossResult.judgements(of: record) } }
  /// The judgements of all seeds, that of the run first; none if it was skipped.
  public private(set) var judgements: [LossJudgement]

  /// Judges a record.
  public init(_ record: LossRecord) {
    self.record = record
    judgements = LossResult.judgements(of: record)
  }

  private static func judgements(of record: LossRecord) -> [LossJudgement] {
    guard let history = record.history else { return [] }
    return ([history] + (record.repeats ?? []).map(\.history)).map { LossJudge.judge($0, reaching: record.marks) }
  }

  /// A field of the record.
  public subscript<Value>(dynamicMember path: WritableKeyPath<LossRecord, Value>) -> Value {
    get { record[keyPath: path] }
    set { record[keyPath: path] = newValue }
  }

  /// The judgement of the run itself; `nil` if it was skipped.
  public var judgement: LossJudgement? { judgements.first }

  /// `true` if the observations break clause 3 or 4 of the protocol, or do not add up.
  public var isDefect: Bool { judgements.contains { !$0.violations.isEmpty } }

  /// `true` if the observations are inconclusive.
  public var isInconclusive: Bool { judgements.contains { $0.inconclusive != nil } }
}

/// The steps to the most exact count of lost events: the fields, their order, and the time of reading. The source of the
/// back end takes these steps.
public struct LossRecipe: Codable, Sendable, Equatable {
  /// The mode of the ring buffer.
  public var mode: RingMode
  /// With each hand-over.
  public var withEachHandover: [String]
  /// For all losses up to now.
  public var inTotal: [String]

  /// A recipe.
  public init(mode: RingMode, withEachHandover: [String], inTotal: [String]) {
    self.mode = mode
    self.withEachHandover = withEachHandover
    self.inTotal = inTotal
  }
}

/// The parameter that a scenario varies.
public enum LossGroup: String, Sendable, Codable, CaseIterable {
  /// The behaviour of the reader.
  case reader = "the reader"
  /// The number of sub-buffers written per sub-buffer read.
  case offeredLoad = "the offered load"
  /// The number and the sizes of the events.
  case production = "the production"
  /// Size and number of the sub-buffers.
  case geometry = "the geometry"
  /// Faults of the producer.
  case producer = "the producer's faults"
  /// Controls used on the ring buffer while it is read.
  case control = "controls"

  /// The group's name in the report; the raw values stay those of stored results.
  public var title: String {
    switch self {
    case .reader: "reader behaviour"
    case .offeredLoad: "offered load"
    case .production: "amount and size of the events"
    case .geometry: "sub-buffer geometry"
    case .producer: "producer faults"
    case .control: "controls while reading"
    }
  }
}
