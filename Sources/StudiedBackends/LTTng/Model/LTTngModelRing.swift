import Glibc
import Platform
import ReferenceModels
import Study
import SubbufferSource
import SystemPackage
import Workload

/// A model of LTTng's ring buffer with its writer.
struct LTTngModelRing: LTTngRing {
  let configuration: RingConfiguration
  let channel: LTTngModelChannel
  let producer: ModelProducer

  init(_ configuration: RingConfiguration) throws(SourceError) {
    self.configuration = configuration
    let channel = try LTTngModelChannel(
      LTTngModelAttributes(
        mode: configuration.mode == .overwrite ? .overwrite : .discard, subbufferSize: configuration.subbufferSize,
        subbufferCount: configuration.subbufferCount))
    self.channel = channel
    producer = try ModelProducer(cpu: configuration.producerCPU, onEnd: { channel.writer.close() }) {
      (first, count, payload) throws(SourceError) in
      // LTTng does not report a discarded event to the writer.
      _ = try channel.writer.write(first: first, count: Int(count), payload: Int(payload))
      return 0
    }
  }

  var headerSize: Int { LTTngPacketHeader.byteCount }

  func eventSize(payload: UInt32) -> Int { LTTngModelWriter.eventSize(payload: Int(payload)) }

  func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  func stream() throws(SourceError) -> LTTngModelMapping {
    let stream = try channel.stream()
    // As the live session does, so that the end of the writer is the end of the pipe.
    stream.closeWakeupDescriptor()
    return LTTngModelMapping(stream)
  }

  func endWriter() { producer.end() }

  func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    // The event is left as a killed writer leaves it.
    _ = try channel.writer.begin(sequence: sequence, payload: 16)
    endWriter()
    return "the model's writer reserved the event and was ended before its commit"
  }

  func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    let event = try channel.writer.begin(sequence: sequence, payload: Int(payload))
    try body()
    event.commit()
  }
}

/// A reader's stream of the model.
final class LTTngModelMapping: LTTngStream {
  private let stream: LTTngModelStream

  init(_ stream: consuming LTTngModelStream) {
    self.stream = stream
  }

  func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbufferResult() }

  func unsafePutNextSubbuffer() -> Int32 {
    stream.unsafePutNextSubbuffer()
    return 0
  }

  func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }

  func unsafePutSubbuffer() -> Int32 {
    stream.unsafePutSubbuffer()
    return 0
  }

  func snapshot() -> Int32 {
    do {
      try stream.snapshot()
      return 0
    } catch {
      return -(error.errno?.rawValue ?? 1)
    }
  }

  func snapshotSamplePositions() -> Int32 {
    stream.snapshotSamplePositions()
    return 0
  }

  func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: stream.snapshotGetConsumed(), produced: stream.snapshotGetProduced())
  }

  func flushBuffer(producerActive: Bool) -> Int32 {
    stream.flushBuffer(producerActive: producerActive)
    return 0
  }

  func clearBuffer() -> Int32 {
    stream.clearBuffer()
    return 0
  }

  func getMmapLength() throws(SourceError) -> UInt { stream.getMmapLength() }

  func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { stream.unsafeGetMmapReadOffset() }

  var waitDescriptor: Int32 { stream.getWaitDescriptor() }

  func look() throws(SourceError) -> LTTngLook {
    let size = Int(stream.getMaxSubbufferSize())
    let start = UnsafeRawPointer(stream.getMmapBase()) + Int(stream.unsafeGetMmapReadOffset())
    let packet = UnsafeRawBufferPointer(start: start, count: size)
    let header: LTTngPacketHeader
    do {
      header = try LTTngPacketHeader(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
    let events = try LTTngModelDecoder().events(
      in: start, count: header.contentByteCount, unreadOffset: LTTngPacketHeader.byteCount)
    return LTTngLook(
      packetSequenceNumber: header.packetSequenceNumber, eventsDiscarded: header.eventsDiscarded,
      contentCount: header.contentByteCount, packetCount: Int(header.packetSize / 8),
      timestamps: (header.timestampBegin, header.timestampEnd),
      sequences: events.sequences, times: events.times, bytes: Array(packet))
  }
}

/// A model of LTTng's ring buffer in a loss scenario.
final class StudiedLTTngModelRing: StudiedRing {
  let ring: LTTngModelRing
  /// The state that the last closed reader left for the next one.
  private var memory: LTTngModelReaderMemory?

  init(ring: LTTngModelRing) {
    self.ring = ring
  }

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { true }
  var heldAt: String { "nowhere" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = LTTngModelSource(try ring.channel.stream(), memory: memory)
    defer { memory = source.memory }
    try visitor.visit(&source) { control, source throws(SourceError) in
      guard control == .clear else { throw ModelRing.cannot(control.rawValue) }
      source.stream.clearBuffer()
      return ErrnoName.result(0)
    }
  }

  func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
