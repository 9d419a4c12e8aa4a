import Results
import SubbufferSource

/// The ring buffer that a scenario asks for.
public struct RingConfiguration: Sendable, Equatable {
  /// Whose time the events have.
  public enum Clock: Sendable {
    /// CLOCK_MONOTONIC, for comparison with other times.
    case monotonic
    /// The ABI's default, sufficient to compare events of one ring buffer.
    case unset
  }

  /// The behaviour when the ring buffer is full.
  public var mode: RingMode
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
    mode: RingMode, subbufferSize: Int = 4096, subbufferCount: Int = 8, producerCPU: Int, clock: Clock = .unset,
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

/// A way of reading a ring buffer that its reader ABI is held against.
public struct Baseline: Sendable, Equatable {
  /// The system calls by which it is known: `read(2)`.
  public var name: String
  /// The calls that the operations of the protocol are.
  public var calls: CallNames

  /// A way of reading.
  public init(name: String, calls: CallNames) {
    self.name = name
    self.calls = calls
  }

  /// The error of a ring buffer that cannot be read by it.
  public var isNoWay: SourceError {
    SourceError(.usage, call: name, detail: "this ring buffer cannot be read by it")
  }
}

extension StudiedBackend {
  /// There is no other way.
  public var baselines: [Baseline] { [] }

  /// The calls behind the operations of a reader: of the reader ABI, or of a baseline by its name.
  func calls(ofReader reader: String) -> CallNames {
    baselines.first { $0.name == reader }?.calls ?? calls
  }
}

extension StudiedRing {
  /// There is no other way.
  public func withBaseline<Visitor: SourceVisitor>(
    _ baseline: Baseline, _ visitor: inout Visitor
  ) throws(SourceError) {
    throw baseline.isNoWay
  }

  /// The time of a model's steps is that of this program's own code.
  public func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    throw SourceError(.usage, call: "drain", detail: "the throughput of a model is not measured")
  }
}
