import CTFPackets
import LTTngBackend
import LTTngUSTABI
import Results
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

extension StudiedLTTngUSTRing {
  /// All functions that return properties of the held packet, of the stream or of its positions.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      // Two packets: one is held, and one remains, without which there is no snapshot.
      for sequence in 0..<2 as Range<UInt64> {
        _ = try ring.producer.write(Load(first: sequence, count: 1, payload: 16))
        try source.stream.flushBuffer(producerActive: true)
      }
      try source.stream.unsafeGetNextSubbuffer()
      try packet(source.stream, &visitor)
      try source.stream.unsafePutNextSubbuffer()
      try positions(source.stream, &visitor)
      while case .subbuffer = try source.withNext({ (_) in }) {}
    }
  }

  private func packet<Visitor: GetterVisitor>(
    _ stream: borrowing ConsumerStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("get_mmap_read_offset", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetMmapReadOffset()) }
    }
    try visitor.visit(Getter("get_subbuf_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetSubbufferSize()) }
    }
    try visitor.visit(Getter("get_padded_subbuf_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetPaddedSubbufferSize()) }
    }
    try visitor.visit(Getter("get_timestamp_begin", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampBegin() }
    }
    try visitor.visit(Getter("get_timestamp_end", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampEnd() }
    }
    try visitor.visit(Getter("get_events_discarded", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetEventsDiscarded() }
    }
    try visitor.visit(Getter("get_content_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetContentSize() }
    }
    try visitor.visit(Getter("get_packet_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetPacketSize() }
    }
    try visitor.visit(Getter("get_sequence_number", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetSequenceNumber() }
    }
  }

  private func positions<Visitor: GetterVisitor>(
    _ stream: borrowing ConsumerStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("snapshot", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try stream.snapshot() }
    }
    try visitor.visit(Getter("snapshot_sample_positions", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try stream.snapshotSamplePositions() }
    }
    try visitor.visit(Getter("snapshot_get_consumed", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetConsumed()) }
    }
    try visitor.visit(Getter("snapshot_get_produced", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetProduced()) }
    }
    try visitor.visit(Getter("get_current_timestamp", "the clock of the tracer")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getCurrentTimestamp() }
    }
    try visitor.visit(Getter("get_stream_id", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getStreamID() }
    }
    try visitor.visit(Getter("get_instance_id", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getInstanceID() }
    }
  }
}

extension StudiedLTTngUSTRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "lttng_ust_tracepoint(abi_compare, seq)" }

  /// The writer that ends a sub-buffer writes a byte to the stream's pipe (`lib_ring_buffer_check_deliver` and
  /// `lib_ring_buffer_wakeup` of ring_buffer_frontend.c). There is no other setting without the read timer.
  var wakeups: [Wakeup] { [.fullSubbuffer] }

  /// Nothing to do: there is one way.
  func wake(upon wakeup: Wakeup?) throws(SourceError) {}
}
