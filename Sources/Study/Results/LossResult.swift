/// One loss scenario on one back end: its observations and their judgement.
public struct LossResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`.
  public var mode: String
  /// The name of the scenario: `stalled`.
  public var scenario: String
  /// The group of the scenario.
  public var group: LossScenario.Group
  /// A sentence that describes it.
  public var title: String
  /// Whether producer and reader ran at the same time, so that the loss differs from run to run.
  public var isConcurrent: Bool
  /// The number of sub-buffers written for each one that the reader takes; `nil` where that is not varied.
  public var offeredLoad: Double?
  /// The shape and the load: sub-buffer size and number, payload.
  public var setup: [Observation]
  /// The reason why the back end cannot run it.
  public var skipped: String?
  /// The observations; `nil` if it was skipped.
  public var history: LossHistory?
  /// The judgement; `nil` if it was skipped.
  public var judgement: LossJudgement?

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

  /// Whether the observations break clause 3 or 4 of the protocol, or contradict each other.
  public var isDefect: Bool { judgement.map { !$0.violations.isEmpty } ?? false }

  /// Whether the observations decide nothing.
  public var isInconclusive: Bool { judgement?.inconclusive != nil }

  /// The same, judged again.
  public var judgedAgain: LossResult {
    var result = self
    result.judgement = history.map(LossJudge.judge)
    return result
  }
}
