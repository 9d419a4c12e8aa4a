/// The work of a reader on a sub-buffer between acquire and release while its throughput is measured.
public enum DrainWork: String, Sendable, Codable, CaseIterable {
  /// Nothing.
  case handOver = "nothing"
  /// It copies what was handed out into a buffer of its own.
  case copy = "copies it"
  /// It decodes every event and adds up the sequence numbers.
  case decode = "decodes it"
}

/// The sub-buffers, bytes and events of a drain.
public struct Drained: Sendable, Equatable {
  /// From before the first acquire to after the one that found nothing, in nanoseconds of `CLOCK_MONOTONIC`.
  public var nanoseconds: UInt64 = 0
  /// The number of sub-buffers handed out.
  public var subbuffers: UInt64 = 0
  /// The number of bytes after their headers that were not handed out before.
  public var bytes: UInt64 = 0
  /// The number of events, if they were decoded.
  public var events: UInt64 = 0
  /// The sum of their sequence numbers, modulo 2^64.
  public var sum: UInt64 = 0

  /// Nothing yet.
  @inlinable
  public init() {}
}
