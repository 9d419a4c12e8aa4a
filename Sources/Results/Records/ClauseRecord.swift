import SubbufferSource

/// The result of one clause of the protocol on one back end's source.
public struct ClauseRecord: Codable, Sendable, Equatable {
  /// The verdict on a clause.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// No case shows a breach.
    case kept
    /// A case shows a breach; it is the evidence.
    case broken
    /// The cases decide neither way; `reason` gives the cause.
    case inconclusive = "undecided"
    /// The source lacks the subject of the clause; `reason` gives the cause.
    case notApplicable = "does not apply"
  }

  /// The back end.
  public var backend: String
  /// The number of the clause, 1 to 14, as ``SubbufferSource/SubbufferSource`` numbers them.
  public var clause: Int
  /// The clause in a few words: "Valid until released".
  public var title: String
  /// The verdict.
  public var verdict: Verdict
  /// The reason if the verdict is undecided or does not apply.
  public var reason: String?
  /// The number of ring buffers that it was tried on.
  public var cases: Int
  /// The first case that failed.
  public var evidence: [Observation]

  /// The verdict on a clause.
  public init(
    backend: String, clause: Int, title: String, verdict: Verdict, reason: String? = nil, cases: Int,
    evidence: [Observation] = []
  ) {
    self.backend = backend
    self.clause = clause
    self.title = title
    self.verdict = verdict
    self.reason = reason
    self.cases = cases
    self.evidence = evidence
  }
}

/// The result of running a model under many schedules and checking each run against the model's own invariants.
public struct ModelCheckResult: Codable, Sendable, Equatable {
  /// A schedule under which something was wrong.
  public struct Violation: Codable, Sendable, Equatable {
    /// The schedule, as the model replays it.
    public var schedule: String
    /// The seed that the schedule was drawn from.
    public var seed: UInt64
    /// The violation: the invariant that did not hold, or that the replayed schedule gave a different run.
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
  /// The mode of the ring buffer.
  public var mode: RingMode
  /// The number of schedules run, each of them twice: as it was drawn, and again from its text.
  public var schedules: Int
  /// The number of steps of writer and reader in all runs.
  public var steps: Int
  /// The number of times that the reader's sub-buffer was exchanged.
  public var exchanges: UInt64
  /// The number of events that the reader was given.
  public var delivered: UInt64
  /// The number of events overwritten or dropped.
  public var lost: UInt64
  /// The schedules under which something was wrong.
  public var violations: [Violation]

  /// Makes the result of a model's schedules in one mode.
  public init(
    backend: String, mode: RingMode, schedules: Int, steps: Int, exchanges: UInt64, delivered: UInt64, lost: UInt64,
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
