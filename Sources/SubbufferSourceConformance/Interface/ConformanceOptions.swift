import SubbufferSource

/// The thoroughness of the tests.
public struct ConformanceOptions: Sendable {
  /// Over which ring buffers and events.
  public enum Extent: String, Sendable, CaseIterable {
    /// The smallest sub-buffers only, 2 of them in one mode and, for the histories alone, 8 in the other; all boundaries.
    case quick
    /// All modes and sizes of the harness, 2 and 8 sub-buffers, all boundaries.
    case full
  }

  /// Over which ring buffers and events.
  public var extent: Extent

  /// The time that a call that must come back may take before it counts as one that does not, in milliseconds. It is
  /// used up only by sources that break a clause.
  public var patience: Milliseconds

  /// The number of allocations that the calling thread has made. Without it clause 13 is inconclusive.
  public var allocations: (@Sendable () -> UInt64)?

  /// Options for a run.
  public init(
    extent: Extent = .full, patience: Milliseconds = 10_000, allocations: (@Sendable () -> UInt64)? = nil
  ) {
    self.extent = extent
    self.patience = patience
    self.allocations = allocations
  }
}
