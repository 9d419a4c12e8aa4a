/// The ring buffer that a scenario asks for.
public struct RingConfiguration: Sendable, Equatable {
  /// The behaviour of the writer when the ring buffer is full.
  public enum Mode: String, Sendable, CaseIterable {
    /// It overwrites the oldest sub-buffer.
    case overwrite
    /// It drops the new event.
    case discard
  }

  /// Whose time the events have.
  public enum Clock: Sendable {
    /// CLOCK_MONOTONIC, for comparison with other times.
    case monotonic
    /// The ABI's default, sufficient to compare events of one ring buffer.
    case unset
  }

  /// The behaviour when the ring buffer is full.
  public var mode: Mode
  /// The size of a sub-buffer in bytes: a power of two, at least a page.
  public var subbufferSize: Int
  /// The number of sub-buffers that the writer has, the reader's own not counted: a power of two.
  public var subbufferCount: Int
  /// The CPU to which the producer is pinned, and whose ring buffer is read.
  public var producerCPU: Int
  /// Whose time the events have.
  public var clock: Clock
  /// The period after which the ABI's own timer ends the partial sub-buffer, in microseconds; 0 for never, the only
  /// value for an ABI without one (``RingNeed/switchTimer``).
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
