/// What a check of a design over many schedules found.
public struct ScheduleCheck: Sendable, Hashable {
  /// Something that must not be.
  public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The seed of the run.
    public var seed: UInt64
    /// The text of the ``Schedule`` that makes it again.
    public var schedule: String
    /// What was wrong.
    public var what: String

    /// What was wrong, and how to make it again.
    public var description: String { "\(what) (seed \(seed), schedule \(schedule))" }
  }

  /// The number of runs.
  public var schedules = 0
  /// The number of steps of all runs.
  public var steps = 0
  /// How often the reader's sub-buffer was exchanged.
  public var exchanges: UInt64 = 0
  /// Events that were delivered.
  public var deliveredEvents: UInt64 = 0
  /// Events that were overwritten or dropped.
  public var lostEvents: UInt64 = 0
  /// What was wrong, at most one entry for a run.
  public var violations: [Violation] = []
}
