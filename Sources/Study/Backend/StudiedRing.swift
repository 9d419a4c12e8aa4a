import Results
import SubbufferSource
import Workload

/// A ring buffer with its producer, whose readers come and go.
public protocol StudiedRing {
  /// The writer of the ring buffer.
  var producer: any LoadProducer { get }

  /// `true` if the writer gets an error for an event that is not taken.
  var tellsWriter: Bool { get }

  /// The place within a write at which a held producer stops.
  var heldAt: String { get }

  /// Opens a reader, lets the visitor use it, and closes it again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError)

  /// Opens a reader by another way than the reader ABI, lets the visitor use it, and closes it again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withBaseline<Visitor: SourceVisitor>(_ baseline: Baseline, _ visitor: inout Visitor) throws(SourceError)

  /// Opens a reader, lets `body` have it read until there is nothing more, and closes it again. What reads is compiled for
  /// the source that it reads.
  /// - Parameter baseline: by which other way than the reader ABI; `nil` for that.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError)

  /// Opens a reader, lets the visitor call what the ABI reports it besides the events, and closes it again. What is
  /// written before is read.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError)

  /// Has a reader take a sub-buffer in a process of its own, and ends that by `SIGKILL` while it holds it.
  /// - Returns: what the call came to that took it.
  /// - Throws: ``SourceError`` where a call fails, or where the back end cannot (``StudiedBackend/lacks(_:)``).
  func killReaderHolding() throws(SourceError) -> String
}

/// Something that uses the ring buffer of a ``StudiedRing``.
public protocol StudiedRingVisitor {
  /// Uses a ring buffer.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit(_ ring: some StudiedRing) throws(SourceError)
}

/// Something that reads from a source while it is open.
public protocol SourceVisitor {
  /// Reads.
  /// - Parameter control: does something to the ring buffer, and says what the call came to.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError)
}

/// The capabilities of a back end that a loss scenario needs.
public enum RingNeed: Hashable, Sendable {
  /// Sub-buffers, whose number and size can be chosen. A ring buffer without them gets the same capacity.
  case subbuffers
  /// A producer in a process that signals reach.
  case producerProcess
  /// A producer that can be kept inside the write of an event.
  case heldWrite
  /// A producer that can be stopped by a signal inside the write of an event.
  case stopInsideWrite
  /// A producer that writes, in a signal handler, inside the write of another event.
  case nestedWrites
  /// A reader in a process of its own.
  case readerProcess
  /// A control of the ring buffer.
  case control(RingControl)
  /// A timer of the ABI's own that ends partial sub-buffers.
  case switchTimer
}

extension StudiedBackend {
  /// Makes a ring buffer with a producer and one reader, lets the visitor use both, and takes all of it down again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  public func withRing<Visitor: RingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    var once = OneReader(visitor: visitor)
    defer { visitor = once.visitor }
    try withStudiedRing(configuration, &once)
  }
}

private struct OneReader<Visitor: RingVisitor>: StudiedRingVisitor {
  var visitor: Visitor

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    var reader = Reader(visitor: visitor, producer: ring.producer)
    defer { visitor = reader.visitor }
    try ring.withSource(&reader)
  }

  private struct Reader: SourceVisitor {
    var visitor: Visitor
    let producer: any LoadProducer

    mutating func visit<Source: SubbufferSource & ~Copyable>(
      _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
    ) throws(SourceError) {
      try visitor.visit(&source, producer)
    }
  }
}

/// A ring buffer whose writer can be timed, and of which it is known when it wakes up a reader that waits.
public protocol TimedRing: StudiedRing {
  /// The timed writer of the ring buffer.
  var timedProducer: any TimedProducer { get }
  /// The writer's call, for a report: `write(trace_marker_raw)`.
  var writeCall: String { get }
  /// Upon what a waiting reader can be woken up.
  var wakeups: [Wakeup] { get }
  /// Has a waiting reader be woken up upon one of ``wakeups`` from now on; `nil` for what the ring buffer was made with.
  /// - Throws: ``SourceError`` where a call fails.
  func wake(upon wakeup: Wakeup?) throws(SourceError)
}

/// Upon what a waiting reader is woken up.
public enum Wakeup: Sendable, Equatable {
  /// Any event.
  case event
  /// A sub-buffer that is full.
  case fullSubbuffer
}

/// Something that an ABI reports a reader besides the events: a position, a counter, a size or a time.
public struct Getter: Sendable, Hashable {
  /// The field or the function: `lttng_ust_ctl_get_sequence_number`.
  public var name: String
  /// The precondition or the meaning of the value, in a few words.
  public var note: String
  /// The number of calls timed at a time. One alone would be lost in the cost of reading the clock.
  public var calls: Int

  /// A getter.
  public init(_ name: String, _ note: String, calls: Int = 1_000) {
    self.name = name
    self.note = note
    self.calls = calls
  }
}

/// Something that calls the getters of a ring buffer.
public protocol GetterVisitor {
  /// Uses a getter.
  /// - Parameter call: calls it N times.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit(_ getter: Getter, _ call: (Int) throws(SourceError) -> Void) throws(SourceError)
}

extension StudiedRing {
  /// A model's are this program's own.
  public func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {}
}
