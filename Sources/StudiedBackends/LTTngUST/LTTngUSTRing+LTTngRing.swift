import CTFPackets
import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension LTTngUSTRing: LTTngRing {
  var headerSize: Int { PacketHeader.byteCount }

  func eventSize(payload: UInt32) -> Int { LTTngUSTStudy.eventSize(payload: payload) }

  func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  func stream() throws(SourceError) -> LTTngUSTStream {
    try LTTngUSTStream(consumerStream(), session)
  }

  func endWriter() { producer.end() }

  var writerEnding: String? {
    guard let ending = producer.ending else { return nil }
    // After the first line comes what the Swift runtime writes about the machine.
    let said = producer.diagnosticsText.split(separator: "; ").first
    return said.map { "\(ending.text): \($0)" } ?? ending.text
  }

  func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    try producer.endInsideWrite(sequence: sequence)
  }

  func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    try producer.hold(sequence: sequence, payload: payload)
    try body()
    try producer.endHold()
  }
}

/// A live stream of a traced process.
final class LTTngUSTStream: LiveLTTngStream {
  /// The ABI one to one.
  let stream: ConsumerStream
  private let session: USTSession

  init(_ stream: consuming ConsumerStream, _ session: USTSession) {
    self.stream = stream
    self.session = session
  }

  func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbufferResult() }
  func unsafePutNextSubbuffer() -> Int32 {
    result { () throws(SourceError) in try stream.unsafePutNextSubbuffer() }
  }
  func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }
  func unsafePutSubbuffer() -> Int32 { result { () throws(SourceError) in try stream.unsafePutSubbuffer() } }
  func snapshot() -> Int32 { result { () throws(SourceError) in try stream.snapshot() } }
  func flushBuffer(producerActive: Bool) -> Int32 {
    result { () throws(SourceError) in try stream.flushBuffer(producerActive: producerActive) }
  }
  func clearBuffer() -> Int32 { result { () throws(SourceError) in try stream.clearBuffer() } }
  func getMmapLength() throws(SourceError) -> UInt { try stream.getMmapLength() }
  func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { try stream.unsafeGetMmapReadOffset() }
  var waitDescriptor: Int32 { stream.getWaitDescriptor() }

  func snapshotSamplePositions() -> Int32 {
    result { () throws(SourceError) in try stream.snapshotSamplePositions() }
  }

  func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: try stream.snapshotGetConsumed(), produced: try stream.snapshotGetProduced())
  }

  func header() throws(SourceError) -> PacketHeader { try PacketHeader(held: heldPacket()) }

  func ids() throws(SourceError) -> String {
    try "stream \(stream.getStreamID()), instance \(stream.getInstanceID())"
  }

  func flushOrPopulate() throws(SourceError) -> PacketHeader? {
    guard let packet = try stream.flushEventsOrPopulatePacket() else { return nil }
    return try PacketHeader(ofPopulated: packet)
  }

  func look() throws(SourceError) -> LTTngLook {
    let packet = try heldPacket()
    let decoder = PacketDecoder<SequencePayload>(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    return try LTTngLook(packet, decoder)
  }

  /// All bytes of the sub-buffer that is held.
  private func heldPacket() throws(SourceError) -> UnsafeRawBufferPointer {
    let size = session.channel.attributes.subbufferSize
    let offset = try stream.unsafeHeldOffset(mappedLength: stream.checkedMmapLength(), subbufferSize: size)
    return UnsafeRawBufferPointer(start: UnsafeRawPointer(try stream.getMmapBase()) + offset, count: size)
  }

  /// The result of a call that throws if it is refused.
  private func result(_ call: () throws(SourceError) -> Void) -> Int32 {
    do {
      try call()
      return 0
    } catch {
      return -(error.errno?.rawValue ?? 1)
    }
  }
}
