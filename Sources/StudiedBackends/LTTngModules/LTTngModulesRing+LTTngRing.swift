import CTFPackets
import LTTngModulesBackend
import Platform
import Study
import SubbufferSource
import SystemPackage
import Workload

extension LTTngModulesRing: LTTngRing {
  var headerSize: Int { PacketHeader.byteCount }

  func eventSize(payload: UInt32) -> Int { LTTngModulesStudy.eventSize(payload: payload) }

  func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  func stream() throws(SourceError) -> LTTngModulesStream {
    try LTTngModulesStream(session.channel.stream(cpu: cpu), session)
  }

  func openAgain() -> String {
    do {
      _ = try stream()
      return "a stream"
    } catch {
      return error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.reason
    }
  }

  /// The process; the session goes on, and may be written to by another.
  func endWriter() { producer.process.end() }

  func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    throw LTTngModulesRing.hasNoUncommittedEvent
  }

  func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    throw LTTngModulesRing.hasNoUncommittedEvent
  }

  private static var hasNoUncommittedEvent: SourceError {
    SourceError(.unavailable, call: "write \(LTTngModules.loggerPath)", detail: LTTngModulesStudy.noUncommittedEvent)
  }
}

/// A live stream of the kernel tracer.
final class LTTngModulesStream: LiveLTTngStream {
  /// The ABI one to one.
  let stream: ModulesStream
  private let session: ModulesSession

  init(_ stream: consuming ModulesStream, _ session: ModulesSession) {
    self.stream = stream
    self.session = session
  }

  func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbuffer() }
  func unsafePutNextSubbuffer() -> Int32 { stream.unsafePutNextSubbuffer() }
  func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbuffer(at: position) }
  func unsafePutSubbuffer() -> Int32 { stream.unsafePutSubbuffer() }
  func snapshot() -> Int32 { stream.snapshot() }
  func snapshotSamplePositions() -> Int32 { stream.snapshotSamplePositions() }

  func flushBuffer(producerActive: Bool) -> Int32 {
    session.whileAlive { producerActive ? stream.unsafeFlush() : stream.unsafeFlushEmpty() } ?? sessionHasEnded
  }

  func clearBuffer() -> Int32 { session.whileAlive { stream.unsafeClear() } ?? sessionHasEnded }

  /// The result for a probe that would make the kernel read freed memory.
  private var sessionHasEnded: Int32 { -Errno.staleNFSFileHandle.rawValue }

  func getMmapLength() throws(SourceError) -> UInt { try stream.getMmapLength() }
  func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { try stream.unsafeGetMmapReadOffset() }
  var waitDescriptor: Int32 { stream.descriptor.rawValue }

  func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: try stream.snapshotGetConsumed(), produced: try stream.snapshotGetProduced())
  }

  func header() throws(SourceError) -> PacketHeader { try PacketHeader(held: heldPacket()) }

  func ids() throws(SourceError) -> String {
    try "stream \(stream.getStreamID()), instance \(stream.getInstanceID())"
  }

  func flushOrPopulate() throws(SourceError) -> PacketHeader? {
    var made: [UInt8]?
    let result = session.whileAlive {
      do throws(SourceError) {
        made = try stream.unsafeFlushOrPopulatePacket()
        return 0
      } catch {
        return -(error.errno?.rawValue ?? 1)
      }
    }
    try LTTngCall.check(result ?? sessionHasEnded, "ioctl FLUSH_OR_POPULATE_PACKET")
    guard let made else { return nil }
    return try PacketHeader(ofPopulated: made)
  }

  func look() throws(SourceError) -> LTTngLook {
    let decoder = PacketDecoder<LoggerPayload>(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    return try LTTngLook(heldPacket(), decoder)
  }

  /// All bytes of the sub-buffer that is held.
  private func heldPacket() throws(SourceError) -> UnsafeRawBufferPointer {
    let size = session.channel.attributes.subbufferSize
    return UnsafeRawBufferPointer(start: try stream.unsafeBase + stream.unsafeHeldOffset(), count: size)
  }
}
