import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The model of LTTng's ring buffer as a source.
///
/// The hang-up of the wait descriptor says that there is nothing more to come, as in LTTng-UST. A packet whose last bytes
/// to be committed are those of an event that was not the last to be reserved reports no number: its header says 0.
package typealias LTTngModelSource = PacketSource<ModelPackets>

extension PacketSource where Stream == ModelPackets {
  /// The reader's ABI of the same ring buffer, one to one.
  package var stream: LTTngModelStream { _read { yield calls.stream } }

  /// Reads a stream, and closes its own wakeup descriptor so that the hang-up is seen.
  /// - Parameter memory: what its last reader has left (``memory``), if any.
  package init(_ stream: consuming LTTngModelStream, memory: ReaderMemory? = nil) throws(SourceError) {
    try self.init(ModelPackets(stream), memory: memory)
  }
}

/// The calls of the model by which a source reads a stream: those of `<lttng/ust-ctl.h>`.
package struct ModelPackets: PacketStream, ~Copyable {
  package typealias Header = LTTngPacketHeader

  /// The calls of a stream one to one.
  package let stream: LTTngModelStream
  private let base: UnsafeRawPointer

  init(_ stream: consuming LTTngModelStream) {
    stream.closeWakeupDescriptor()
    base = UnsafeRawPointer(stream.getMmapBase())
    self.stream = stream
  }

  package static var names: PacketCallNames {
    PacketCallNames(
      getNext: "lttng_ust_ctl_get_next_subbuf", get: "lttng_ust_ctl_get_subbuf", snapshot: "lttng_ust_ctl_snapshot",
      remedy: "create a new channel")
  }

  /// A wait empties the pipe.
  package static var waitConsumesWakeup: Bool { true }

  /// Reads the events out of the packets.
  package var decoder: LTTngModelDecoder { LTTngModelDecoder() }
  package var geometry: Geometry { stream.channel.attributes.geometry }
  package var mode: RingMode { stream.channel.attributes.mode }
  package var isFirst: Bool { stream.getWaitDescriptor() >= 0 }

  package func unsafeGetNextSubbufferResult() -> Int32 { stream.unsafeGetNextSubbufferResult() }
  package func unsafeGetSubbufferResult(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }
  package func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32 {
    offset = stream.unsafeGetMmapReadOffset()
    return 0
  }
  package func unsafeHeldAddress(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeRawPointer {
    base + Int(offset)
  }
  package var unsafePutNext: UnsafePut {
    UnsafePut("lttng_ust_ctl_put_next_subbuf", stream.ring.context) { LTTngRing.put($0) { PutNextSubbuffer($0) } }
  }
  package var unsafePutAtPosition: UnsafePut {
    UnsafePut("lttng_ust_ctl_put_subbuf", stream.ring.context) { LTTngRing.put($0) { PutSubbuffer($0) } }
  }
  package func endSubbuffer(empty: Bool) throws(SourceError) -> Flush {
    stream.flushBuffer(producerActive: !empty)
    return .flushed
  }
  package func saveSampledPositions() throws(SourceError) { stream.snapshotSamplePositions() }
  package func saveSnapshot() throws(SourceError) { try stream.snapshot() }
  package func savedConsumed() throws(SourceError) -> UInt { stream.snapshotGetConsumed() }
  package func savedProduced() throws(SourceError) -> UInt { stream.snapshotGetProduced() }

  /// Waits for a byte in the pipe, as `lib_ring_buffer_wakeup` demands it of a reader: empty the pipe, look for data, and
  /// only then wait.
  /// - Throws: ``SubbufferSource/SourceError`` with `EBADF` on a stream that had a reader before, whose pipe is closed.
  package func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let descriptor = stream.getWaitDescriptor()
    guard descriptor >= 0 else { throw SourceError.closedPipe(descriptor) }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&request, 1, timeout)
    if ready < 0 { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    if ready == 0 { return .timedOut }
    guard request.revents & Int16(POLLIN) != 0 else { return .hungUp }
    stream.ring.pipe.drain()
    return .ready
  }
}

extension LTTngRing {
  /// The context that a hand-over keeps for its release; the source keeps the ring buffer alive.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Runs the operation that releases a hand-over.
  /// - Returns: 0, as the library's calls do whatever happens.
  @inline(__always)
  static func put<Machine: StepMachine>(
    _ context: UnsafeMutableRawPointer, _ machine: (LTTngLayout) -> Machine
  ) -> Int32 {
    let ring = Unmanaged<LTTngRing>.fromOpaque(context).takeUnretainedValue()
    _ = ring.run(machine(ring.layout))
    return 0
  }
}

/// Reads the events out of the model's packets.
package struct LTTngModelDecoder: SubbufferDecoder, Hashable {
  /// The one type of event that the model writes.
  package var sequenceTypeID: UInt32 { 0 }

  /// A decoder; packets of all models of LTTng have the same format.
  package init() {}

  /// Calls `body` for each event of a packet, in order.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset where decoding cannot go on; events before it were
  ///   visited.
  @inline(__always)
  package func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    try forEachEvent(in: subbuffer.bytes, body)
  }

  /// The same, of the bytes of a packet from its header on.
  @inline(__always)
  func forEachEvent(in bytes: RawSpan, _ body: (Event, RawSpan) -> Void) throws(MalformedSubbuffer) {
    let header = try LTTngPacketHeader(in: bytes)
    let end = header.contentByteCount
    var timestamp = header.timestampBegin
    var offset = LTTngPacketHeader.byteCount
    while offset < end {
      // Header and content are multiples of eight bytes, and so is what each turn adds.
      let word = bytes.unsafeLoad64(at: offset)
      let length = UInt64(UInt32(truncatingIfNeeded: word))
      guard length >= 8 else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(length)) }
      let payloadOffset = offset + LTTngEvent.headerByteCount
      guard length <= UInt64(end - payloadOffset) else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(length))
      }
      timestamp &+= UInt64(UInt32(truncatingIfNeeded: word >> 32) &- UInt32(truncatingIfNeeded: timestamp))
      body(
        Event(timestamp: timestamp, typeID: sequenceTypeID, payloadOffset: payloadOffset, payloadCount: Int(length)),
        bytes)
      offset = payloadOffset + (Int(length) + 7) & ~7
    }
  }
}
