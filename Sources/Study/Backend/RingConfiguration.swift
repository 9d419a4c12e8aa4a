/// The ring buffer that a scenario asks for.
public struct RingConfiguration: Sendable, Equatable {
  /// What a writer does that finds the ring buffer full.
  public enum Mode: String, Sendable, CaseIterable {
    /// It overwrites the oldest sub-buffer.
    case overwrite
    /// It drops the new event.
    case discard
  }

  /// Whose time the events have.
  public enum Clock: Sendable {
    /// That of CLOCK_MONOTONIC, for who compares it with other times.
    case monotonic
    /// The one that the ABI takes where it is not told; it is enough for who compares events of one ring buffer.
    case unset
  }

  /// What happens when the ring buffer is full.
  public var mode: Mode
  /// The size of a sub-buffer in bytes: a power of two, at least a page.
  public var subbufferSize: Int
  /// The number of sub-buffers that the writer has, the reader's own not counted: a power of two.
  public var subbufferCount: Int
  /// The CPU to which the producer is pinned, and whose ring buffer is read.
  public var producerCPU: Int
  /// Whose time the events have.
  public var clock: Clock
  /// How often the ABI's own timer ends the partial sub-buffer, in microseconds; 0 for never, the only value for an ABI
  /// without one (``RingNeed/switchTimer``).
  public var switchTimer: UInt32

  /// Describes a ring buffer.
  public init(
    mode: Mode, subbufferSize: Int = 4096, subbufferCount: Int = 8, producerCPU: Int, clock: Clock = .unset,
    switchTimer: UInt32 = 0
  ) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.producerCPU = producerCPU
    self.clock = clock
    self.switchTimer = switchTimer
  }

  /// The bytes of data that the ring buffer holds.
  public var capacity: Int { subbufferSize * subbufferCount }
}
