import Glibc
import Results
import Study
import SubbufferSource
import SystemPackage
import Workload

extension ABI {
  /// A ring buffer of records with a head, which the kernel stores, and a tail, which the reader stores: perf's, and BPF's
  /// where head and tail are the producer's and the consumer's position.
  package static let headTail = ABI("head-tail")
}

/// A ring buffer with a head and a tail and a writer, set up for a study and ready.
package protocol HeadTailRing {
  /// The writer of its events.
  var producer: ProducerProcess { get }
  /// The position up to which there are records, in bytes since the ring buffer was made.
  var head: UInt64 { get }
  /// The position up to which a reader has read.
  var tail: UInt64 { get }
  /// The size of the data in bytes.
  var dataSize: Int { get }
  /// The first byte of the data in this process.
  var unsafeData: UnsafeRawPointer { get }
  /// The descriptor that is mapped.
  var descriptor: FileDescriptor { get }
  /// The number of bytes that can be mapped from the beginning on, and where the data lie in them.
  var mappedLength: Int { get }
  var dataOffset: Int { get }
  /// The bytes of an event of ``write(_:from:)``.
  var eventSize: Int { get }
  /// The number of those events that fit.
  var perRing: Int { get }

  /// Stores the tail, whatever it means to the kernel.
  func unsafeStoreTail(_ tail: UInt64)
  /// A reader, which goes on where the last one stopped.
  func reader() -> any HeadTailReader
  /// The number of events that found no room, wherever it is counted.
  /// - Throws: ``SourceError`` where it cannot be read.
  func lostCount() throws(SourceError) -> UInt64
  /// Waits for a wake-up.
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SourceError`` where it fails.
  func poll(_ timeout: Milliseconds) throws(SourceError) -> Int32
  /// Has a waiting reader be woken up by each event, or by a sub-buffer's size of data; `nil` for what the ring buffer was
  /// made with.
  /// - Throws: ``SourceError`` where a call fails.
  func wake(upon wakeup: Wakeup?) throws(SourceError)
  /// Lets a visitor use a source of it; `refuse` is called for a control, of which it has none.
  /// - Throws: the error of the visitor, and ``SourceError`` where a call fails.
  func withSource<Visitor: SourceVisitor>(
    _ visitor: inout Visitor, _ refuse: (RingControl) throws(SourceError) -> String
  ) throws(SourceError)
  /// Lets `body` drain a source of it.
  /// - Throws: the error of `body`, and ``SourceError`` where a call fails.
  func withDrain(
    _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError)
  /// Lets a visitor time its getters.
  /// - Throws: the error of the visitor.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError)
}

extension HeadTailRing {
  /// The payload of the events of probes, in bytes.
  package static var payload: UInt32 { 24 }

  /// Has events of the usual size written, and waits until they are.
  /// - Throws: ``SourceError`` if the writer is gone.
  @discardableResult
  package func write(_ count: Int, from first: UInt64 = 0) throws(SourceError) -> Truth {
    try producer.write(Load(first: first, count: UInt64(count), payload: Self.payload))
  }

  /// A reader that reads everything and leaves.
  package func readAndLeave() throws(SourceError) -> [UInt64] { try reader().rest().flatMap(\.sequences) }

  /// The result of `poll` without waiting: "POLLIN", "POLLHUP", both, or "0" for nothing.
  package func pollText() throws(SourceError) -> String {
    let events = try poll(0)
    let names = [(POLLIN, "POLLIN"), (POLLHUP, "POLLHUP")].filter { events & $0.0 != 0 }.map(\.1)
    return names.isEmpty ? "\(events)" : names.joined(separator: "|")
  }

  /// Writes three times what fits, and reads; writes one event more, with which a loss can be reported, and reads that.
  /// - Parameter body: called with what was read before the event more, and with everything.
  package func observeLoss(
    _ evidence: inout Evidence, _ body: (_ first: [ReadHandover], _ all: [ReadHandover], inout Evidence) -> Void
  ) throws(SourceError) {
    let reader = reader()
    let produced = try write(3 * perRing).produced
    let first = try reader.rest()
    evidence.addDelivered(first.flatMap(\.sequences), of: produced)
    try write(1, from: produced)
    let all = try first + reader.rest()
    body(first, all, &evidence)
    evidence.add("lost by the count", try lostCount())
  }
}

/// A ``Study/SourceReader`` of a source whose type is not known.
package protocol HeadTailReader: AnyObject {
  /// Acquires once, reads and releases; `nil` if there is nothing.
  func next(_ body: (borrowing Subbuffer) throws(SourceError) -> Void) throws(SourceError) -> ReadHandover?
  /// Acquires until there is nothing.
  func rest() throws(SourceError) -> [ReadHandover]
}

extension HeadTailReader {
  /// Acquires once, reads and releases; `nil` if there is nothing.
  package func next() throws(SourceError) -> ReadHandover? { try next { _ in } }
}

/// A reader of a source.
package final class HeadTailSourceReader<Source: SubbufferSource & ~Copyable>: HeadTailReader {
  private var reader: SourceReader<Source>

  package init(_ source: consuming Source) { reader = SourceReader(source) }

  package func next(_ body: (borrowing Subbuffer) throws(SourceError) -> Void) throws(SourceError) -> ReadHandover? {
    try reader.next(body)
  }

  package func rest() throws(SourceError) -> [ReadHandover] { try reader.rest() }
}
