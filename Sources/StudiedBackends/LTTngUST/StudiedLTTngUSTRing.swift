import CTFPackets
import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

/// The ring buffer of a traced process in a loss scenario.
final class StudiedLTTngUSTRing: StudiedRing {
  let ring: LTTngUSTRing
  /// The state that the last closed reader left for the next one.
  private var memory: ReaderMemory?

  init(ring: LTTngUSTRing) {
    self.ring = ring
  }

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { false }
  var heldAt: String { "in the tracepoint, where the payload is copied: the event is reserved and not committed" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      try visitor.visit(&source) { control, source throws(SourceError) in
        guard control == .clear else {
          throw SourceError(.usage, call: control.rawValue, detail: "not possible on a channel")
        }
        return Attempt.result { () throws(SourceError) in try source.stream.clearBuffer() }
      }
    }
  }

  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline { throw baseline.isNoWay }
    try withOpenSource { (source) throws(SourceError) in try source.withDrain(body) }
  }

  /// Opens the stream where the reader before has left it.
  func withOpenSource(_ body: (inout LTTngUSTSource) throws(SourceError) -> Void) throws(SourceError) {
    var source = try ring.source(memory: memory)
    defer { memory = source.memory }
    try body(&source)
  }

  /// The stream is opened here, the process that is ended gets the sub-buffer, and the stream is closed here: nobody but
  /// this process can open it again.
  func killReaderHolding() throws(SourceError) -> String {
    let stream = try ring.consumerStream()
    return try KilledReader.take(unsafe: stream.unsafeHandle, ConsumerStream.unsafeGetNextSubbufferOfHandle)
  }
}
