/// What came of running a model under many schedules and holding each run against the model's own invariants.
public struct ModelCheckResult: Codable, Sendable, Equatable {
  /// A schedule under which something was wrong.
  public struct Violation: Codable, Sendable, Equatable {
    /// The schedule, as the model replays it.
    public var schedule: String
    /// The seed that the schedule was drawn from.
    public var seed: UInt64
    /// What was wrong: which invariant did not hold, or that the schedule did not make the same run again.
    public var what: String

    /// A violation.
    public init(schedule: String, seed: UInt64, what: String) {
      self.schedule = schedule
      self.seed = seed
      self.what = what
    }
  }

  /// The back end, which is a model.
  public var backend: String
  /// `overwrite` or `discard`.
  public var mode: String
  /// How many schedules were run, each of them twice: as it was drawn, and again from its text.
  public var schedules: Int
  /// How many steps of the writer and the reader the runs had.
  public var steps: Int
  /// How often the reader's sub-buffer was exchanged.
  public var exchanges: UInt64
  /// How many events the reader was given.
  public var delivered: UInt64
  /// How many events were overwritten or dropped.
  public var lost: UInt64
  /// The schedules under which something was wrong.
  public var violations: [Violation]

  /// What came of a model's schedules in one mode.
  public init(
    backend: String, mode: String, schedules: Int, steps: Int, exchanges: UInt64, delivered: UInt64, lost: UInt64,
    violations: [Violation] = []
  ) {
    self.backend = backend
    self.mode = mode
    self.schedules = schedules
    self.steps = steps
    self.exchanges = exchanges
    self.delivered = delivered
    self.lost = lost
    self.violations = violations
  }
}
