import CTFPackets
import LTTngBackend
import LTTngModulesABI
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import Workload

/// The ring buffer of a session of the kernel tracer in a loss scenario.
final class StudiedLTTngModulesRing: StudiedRing {
  let ring: LTTngModulesRing
  /// The state that the last closed reader left for the next one.
  private var memory: ReaderMemory?

  init(ring: LTTngModulesRing) {
    self.ring = ring
  }

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { false }
  var heldAt: String { "in no place: \(LTTngModulesStudy.noUncommittedEvent)" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      try visitor.visit(&source) { control, source throws(SourceError) in
        guard control == .clear else {
          throw SourceError(.usage, call: control.rawValue, detail: "not possible on a channel")
        }
        return ErrnoName.result(source.clear())
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
  func withOpenSource(_ body: (inout LTTngModulesSource) throws(SourceError) -> Void) throws(SourceError) {
    var source = try ring.source(memory: memory)
    defer { memory = source.memory }
    try body(&source)
  }

  /// The stream is opened here and closed here; the process that is ended has inherited it, and gets the sub-buffer.
  func killReaderHolding() throws(SourceError) -> String {
    let stream = try ring.session.channel.stream(cpu: ring.cpu)
    guard let handle = stream.unsafeHandle else { throw SourceError(call: "ioctl STREAM", errno: .badFileDescriptor) }
    return try KilledReader.take(unsafe: handle, ModulesStream.unsafeGetNextSubbufferOfHandle)
  }
}

extension StudiedLTTngModulesRing {
  /// All ioctls that return properties of the held packet, of the stream or of its positions.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      // Two packets: one is held, and one remains, without which there is no snapshot.
      for sequence in 0..<2 as Range<UInt64> {
        _ = try ring.producer.write(Load(first: sequence, count: 1, payload: 16))
        _ = try source.flush()
      }
      try LTTngCall.check(source.stream.unsafeGetNextSubbuffer(), "GET_NEXT_SUBBUF")
      try packet(source.stream, &visitor)
      try LTTngCall.check(source.stream.unsafePutNextSubbuffer(), "PUT_NEXT_SUBBUF")
      try positions(source.stream, &visitor)
      while case .subbuffer = try source.withNext({ (_) in }) {}
    }
  }

  private func packet<Visitor: GetterVisitor>(
    _ stream: borrowing ModulesStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("GET_MMAP_READ_OFFSET", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetMmapReadOffset()) }
    }
    try visitor.visit(Getter("GET_SUBBUF_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetSubbufferSize()) }
    }
    try visitor.visit(Getter("GET_PADDED_SUBBUF_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetPaddedSubbufferSize()) }
    }
    try visitor.visit(Getter("GET_TIMESTAMP_BEGIN", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampBegin() }
    }
    try visitor.visit(Getter("GET_TIMESTAMP_END", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampEnd() }
    }
    try visitor.visit(Getter("GET_EVENTS_DISCARDED", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetEventsDiscarded() }
    }
    try visitor.visit(Getter("GET_CONTENT_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetContentSize() }
    }
    try visitor.visit(Getter("GET_PACKET_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetPacketSize() }
    }
    try visitor.visit(Getter("GET_SEQ_NUM", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetSequenceNumber() }
    }
  }

  private func positions<Visitor: GetterVisitor>(
    _ stream: borrowing ModulesStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("SNAPSHOT", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try LTTngCall.check(stream.snapshot(), "SNAPSHOT") }
    }
    try visitor.visit(Getter("SNAPSHOT_SAMPLE_POSITIONS", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try LTTngCall.check(stream.snapshotSamplePositions(), "SNAPSHOT_SAMPLE_POSITIONS") }
    }
    try visitor.visit(Getter("SNAPSHOT_GET_CONSUMED", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetConsumed()) }
    }
    try visitor.visit(Getter("SNAPSHOT_GET_PRODUCED", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetProduced()) }
    }
    try visitor.visit(Getter("GET_CURRENT_TIMESTAMP", "the clock of the tracer")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getCurrentTimestamp() }
    }
    try visitor.visit(Getter("GET_STREAM_ID", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getStreamID() }
    }
    try visitor.visit(Getter("INSTANCE_ID", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getInstanceID() }
    }
  }
}

extension StudiedLTTngModulesRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "write(/proc/lttng-logger)" }

  /// None by the writer: the clients have `RING_BUFFER_WAKEUP_BY_TIMER` (`lttng-ring-buffer-client.h`), and the channel's
  /// read timer wakes up.
  var wakeups: [Wakeup] { [] }

  /// There is nothing to choose.
  func wake(upon wakeup: Wakeup?) throws(SourceError) {
    throw SourceError(.usage, call: "wake", detail: "the writer never wakes the reader")
  }
}
