import CTFPackets
import Glibc
import Platform
import ReferenceModels
import Study
import SubbufferSource
import SystemPackage
import Workload

/// A model of LTTng's ring buffer with its writer.
package struct LTTngModelRing: LTTngRing {
  package let configuration: RingConfiguration
  package let channel: LTTngModelChannel
  package let producer: ModelProducer

  package init(_ configuration: RingConfiguration) throws(SourceError) {
    self.configuration = configuration
    let channel = try LTTngModelChannel(
      LTTngModelAttributes(
        mode: configuration.mode, subbufferSize: configuration.subbufferSize,
        subbufferCount: configuration.subbufferCount))
    self.channel = channel
    producer = try ModelProducer(cpu: configuration.producerCPU, onEnd: { channel.writer.close() }) {
      (first, count, payload) throws(SourceError) in
      // LTTng does not report a discarded event to the writer.
      _ = try channel.writer.write(first: first, count: Int(count), payload: Int(payload))
      return 0
    }
  }

  package var headerSize: Int { LTTngPacketHeader.byteCount }

  package func eventSize(payload: UInt32) -> Int { LTTngModelWriter.eventSize(payload: Int(payload)) }

  package func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  package func stream() throws(SourceError) -> LTTngModelMapping {
    let stream = try channel.stream()
    // As the live session does, so that the end of the writer is the end of the pipe.
    stream.closeWakeupDescriptor()
    return LTTngModelMapping(stream)
  }

  package func endWriter() { producer.end() }

  package func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    // The event is left as a killed writer leaves it.
    _ = try channel.writer.begin(sequence: sequence, payload: 16)
    endWriter()
    return "the model's writer reserved the event and was ended before its commit"
  }

  package func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    let event = try channel.writer.begin(sequence: sequence, payload: Int(payload))
    try body()
    event.commit()
  }
}

/// A reader's stream of the model.
package final class LTTngModelMapping: LTTngStream {
  private let stream: LTTngModelStream

  package init(_ stream: consuming LTTngModelStream) {
    self.stream = stream
  }

  package func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbufferResult() }

  package func unsafePutNextSubbuffer() -> Int32 {
    stream.unsafePutNextSubbuffer()
    return 0
  }

  package func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }

  package func unsafePutSubbuffer() -> Int32 {
    stream.unsafePutSubbuffer()
    return 0
  }

  package func snapshot() -> Int32 {
    do {
      try stream.snapshot()
      return 0
    } catch {
      return -(error.errno?.rawValue ?? 1)
    }
  }

  package func snapshotSamplePositions() -> Int32 {
    stream.snapshotSamplePositions()
    return 0
  }

  package func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: stream.snapshotGetConsumed(), produced: stream.snapshotGetProduced())
  }

  package func flushBuffer(producerActive: Bool) -> Int32 {
    stream.flushBuffer(producerActive: producerActive)
    return 0
  }

  package func clearBuffer() -> Int32 {
    stream.clearBuffer()
    return 0
  }

  package func getMmapLength() throws(SourceError) -> UInt { stream.getMmapLength() }

  package func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { stream.unsafeGetMmapReadOffset() }

  package var waitDescriptor: Int32 { stream.getWaitDescriptor() }

  package func look() throws(SourceError) -> LTTngLook {
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
package final class StudiedLTTngModelRing: StudiedRing {
  package let ring: LTTngModelRing
  /// The state that the last closed reader left for the next one.
  private var memory: ReaderMemory?

  package init(ring: LTTngModelRing) {
    self.ring = ring
  }

  package var producer: any LoadProducer { ring.producer }
  package var tellsWriter: Bool { true }
  package var heldAt: String { "nowhere" }

  package func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = try LTTngModelSource(ring.channel.stream(), memory: memory)
    defer { memory = source.memory }
    try visitor.visit(&source) { control, source throws(SourceError) in
      guard control == .clear else { throw ModelRing.cannot(control.rawValue) }
      source.stream.clearBuffer()
      return ErrnoName.result(0)
    }
  }

  package func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
