/// The result of a check of a design over many schedules.
public struct ScheduleCheck: Sendable, Hashable {
  /// Something that must not be.
  public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The seed of the run.
    public var seed: UInt64
    /// The text of the ``Schedule`` that makes it again.
    public var schedule: String
    /// The violation.
    public var what: String

    /// The violation, and how to replay it.
    public var description: String { "\(what) (seed \(seed), schedule \(schedule))" }
  }

  /// The number of runs.
  public var schedules = 0
  /// The number of steps of all runs.
  public var steps = 0
  /// The number of times that the reader's sub-buffer was exchanged.
  public var exchanges: UInt64 = 0
  /// Events that were delivered.
  public var deliveredEvents: UInt64 = 0
  /// Events that were overwritten or dropped.
  public var lostEvents: UInt64 = 0
  /// The violations, at most one per run.
  public var violations: [Violation] = []
}
