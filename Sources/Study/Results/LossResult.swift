/// One loss scenario on one back end: what was seen, and what it comes to.
public struct LossResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`.
  public var mode: String
  /// The name of the scenario: `stalled`.
  public var scenario: String
  /// The group of the scenario.
  public var group: LossScenario.Group
  /// The course of events, in a sentence.
  public var title: String
  /// `true` if producer and reader ran at the same time, so that the loss differs from run to run.
  public var isConcurrent: Bool
  /// The number of sub-buffers written for each one that the reader takes; `nil` where that is not varied.
  public var offeredLoad: Double?
  /// The shape and the load: sub-buffer size and number, payload.
  public var setup: [Observation]
  /// Why the back end cannot have it.
  public var skipped: String?
  /// The observations; `nil` if it was skipped.
  public var history: LossHistory?
  /// The judgement; `nil` if it was skipped.
  public var judgement: LossJudgement?

  /// `true` if another seed may find something else; absent where not.
  public var dependsOnSeed: Bool?
  /// The same with other seeds, where it depends on the seed and not on timing; absent elsewhere.
  public var repeats: [Repeat]?
  /// The lines that the kernel's log received meanwhile; absent if there are none.
  public var kernelLog: KernelLogExcerpt?

  /// The scenario once more, with another seed.
  public struct Repeat: Codable, Sendable, Equatable {
    /// The seed.
    public var seed: UInt64
    /// The observations.
    public var history: LossHistory
    /// The judgement.
    public var judgement: LossJudgement

    /// One with its judgement.
    /// - Parameter marks: the points that the scenario must pass.
    public init(seed: UInt64, history: LossHistory, reaching marks: [LossMark]) {
      self.seed = seed
      self.history = history
      judgement = LossJudge.judge(history, reaching: marks)
    }
  }

  /// A row of the loss tables.
  public init(
    backend: String, mode: String, scenario: String, group: LossScenario.Group, title: String,
    isConcurrent: Bool = false, offeredLoad: Double? = nil,
    setup: [Observation] = [], skipped: String? = nil, history: LossHistory? = nil, judgement: LossJudgement? = nil
  ) {
    self.backend = backend
    self.mode = mode
    self.scenario = scenario
    self.group = group
    self.title = title
    self.isConcurrent = isConcurrent
    self.offeredLoad = offeredLoad
    self.setup = setup
    self.skipped = skipped
    self.history = history
    self.judgement = judgement
  }

  /// `true` if what was seen breaks clause 3 or 4 of the protocol, or does not add up.
  public var isDefect: Bool { judgements.contains { !$0.violations.isEmpty } }

  /// `true` if the observations are inconclusive.
  public var isInconclusive: Bool { judgements.contains { $0.inconclusive != nil } }

  /// The judgements of all seeds, that of the run first.
  public var judgements: [LossJudgement] { (judgement.map { [$0] } ?? []) + (repeats ?? []).map(\.judgement) }

  /// The points that the scenario must pass.
  public var marks: [LossMark] { LossScenario.marks(ofScenario: scenario) }

  /// The same, judged anew from what was seen.
  public var judgedAgain: LossResult {
    var result = self
    result.judgement = history.map { LossJudge.judge($0, reaching: marks) }
    result.repeats = repeats?.map { Repeat(seed: $0.seed, history: $0.history, reaching: marks) }
    return result
  }
}

/// The steps to the most exact count of lost events: the fields, their order, and the time of reading. The source of the
/// back end takes these steps.
public struct LossRecipe: Codable, Sendable, Equatable {
  /// `overwrite` or `discard`.
  public var mode: String
  /// With each hand-over.
  public var withEachHandover: [String]
  /// For all losses up to now.
  public var inTotal: [String]

  /// A recipe.
  public init(mode: String, withEachHandover: [String], inTotal: [String]) {
    self.mode = mode
    self.withEachHandover = withEachHandover
    self.inTotal = inTotal
  }
}
