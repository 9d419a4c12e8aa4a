import CTFPackets
import LTTngBackend
import LTTngModulesABI
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import Workload

/// A session of the kernel tracer with a writer of its logger, set up for a study and ready.
package struct LTTngModulesRing {
  package let session: ModulesSession
  package let producer: LoggerProducer
  package let configuration: RingConfiguration
  package var cpu: Int { configuration.producerCPU }

  /// Makes one, lets `body` use it, and takes it down again: first the writer, then the session.
  /// - Parameter adjust: changes what the channel is made with.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  package static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, adjust: (inout ModulesChannelAttributes) -> Void = { _ in },
    _ body: (LTTngModulesRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngModulesRing(configuration, adjust)
    defer { ring.producer.end() }
    return try body(ring)
  }

  private init(
    _ configuration: RingConfiguration, _ adjust: (inout ModulesChannelAttributes) -> Void
  ) throws(SourceError) {
    self.configuration = configuration
    var attributes = ModulesChannelAttributes(
      mode: configuration.mode, subbufferSize: configuration.subbufferSize,
      subbufferCount: configuration.subbufferCount)
    attributes.switchTimer = configuration.switchTimer
    // A jiffy at the most: nothing but the timer wakes a reader up.
    attributes.readTimer = 1_000
    adjust(&attributes)
    // First: without the tracer the writer has no logger either.
    let modules = try LTTngModules()
    let process = try ProducerProcess(
      executable: ProducerExecutable.loggerWriter.path(),
      arguments: [String(configuration.producerCPU), LTTngModules.loggerPath])
    try process.waitUntilReady(10_000)
    session = try ModulesSession(modules, attributes: attributes, process: process.pid)
    producer = LoggerProducer(process, session)
  }

  /// The attributes of the channel.
  package func settings() -> [Observation] {
    let attributes = session.channel.attributes
    return [
      Observation("mode", "\(attributes.mode)"), Observation("sub-buffer size", attributes.subbufferSize),
      Observation("sub-buffers", attributes.subbufferCount), Observation("switch timer", attributes.switchTimer),
      Observation("read timer", attributes.readTimer),
    ]
  }

  /// The ABI as a source.
  package func source(memory: ReaderMemory? = nil) throws(SourceError) -> LTTngModulesSource {
    try LTTngModulesSource(session, cpu: cpu, memory: memory)
  }
}

extension LTTngModulesRing: LTTngRing {
  package var headerSize: Int { PacketHeader.byteCount }

  package func eventSize(payload: UInt32) -> Int { LTTngModulesStudy.eventSize(payload: payload) }

  package func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  package func stream() throws(SourceError) -> LTTngModulesStream {
    try LTTngModulesStream(session.channel.stream(cpu: cpu), session)
  }

  package func openAgain() -> String {
    do {
      _ = try stream()
      return "a stream"
    } catch {
      return error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.reason
    }
  }

  /// The process; the session goes on, and may be written to by another.
  package func endWriter() { producer.process.end() }

  package func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    throw LTTngModulesRing.hasNoUncommittedEvent
  }

  package func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    throw LTTngModulesRing.hasNoUncommittedEvent
  }

  private static var hasNoUncommittedEvent: SourceError {
    SourceError(.unavailable, call: "write \(LTTngModules.loggerPath)", detail: LTTngModulesStudy.noUncommittedEvent)
  }
}

/// A live stream of the kernel tracer.
package final class LTTngModulesStream: LiveLTTngStream {
  /// The ABI one to one.
  package let stream: ModulesStream
  private let session: ModulesSession

  package init(_ stream: consuming ModulesStream, _ session: ModulesSession) {
    self.stream = stream
    self.session = session
  }

  package func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 { try stream.unsafeGetEventsDiscarded() }
  package func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 { try stream.unsafeGetSequenceNumber() }
  package func unsafeGetContentSize() throws(SourceError) -> UInt64 { try stream.unsafeGetContentSize() }
  package func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbuffer() }
  package func unsafePutNextSubbuffer() -> Int32 { stream.unsafePutNextSubbuffer() }
  package func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbuffer(at: position) }
  package func unsafePutSubbuffer() -> Int32 { stream.unsafePutSubbuffer() }
  package func snapshot() -> Int32 { stream.snapshot() }
  package func snapshotSamplePositions() -> Int32 { stream.snapshotSamplePositions() }

  package func flushBuffer(producerActive: Bool) -> Int32 {
    session.whileAlive { producerActive ? stream.unsafeFlush() : stream.unsafeFlushEmpty() } ?? sessionHasEnded
  }

  package func clearBuffer() -> Int32 { session.whileAlive { stream.unsafeClear() } ?? sessionHasEnded }

  /// The result for a probe that would make the kernel read freed memory.
  private var sessionHasEnded: Int32 { -Errno.staleNFSFileHandle.rawValue }

  package func getMmapLength() throws(SourceError) -> UInt { try stream.getMmapLength() }
  package func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { try stream.unsafeGetMmapReadOffset() }
  package var waitDescriptor: Int32 { stream.descriptor.rawValue }

  package func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: try stream.snapshotGetConsumed(), produced: try stream.snapshotGetProduced())
  }

  package func header() throws(SourceError) -> PacketHeader { try PacketHeader(held: heldPacket()) }

  package func ids() throws(SourceError) -> String {
    try "stream \(stream.getStreamID()), instance \(stream.getInstanceID())"
  }

  package func flushOrPopulate() throws(SourceError) -> PacketHeader? {
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

  package func look() throws(SourceError) -> LTTngLook {
    let decoder = PacketDecoder<LoggerPayload>(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    return try LTTngLook(heldPacket(), decoder)
  }

  /// All bytes of the sub-buffer that is held.
  private func heldPacket() throws(SourceError) -> UnsafeRawBufferPointer {
    let size = session.channel.attributes.subbufferSize
    return UnsafeRawBufferPointer(start: try stream.unsafeBase + stream.unsafeHeldOffset(), count: size)
  }
}

/// A process that writes to the kernel tracer's logger, together with the session that records what it writes.
///
/// The logger is open to everybody, so that the end of a process is not the end of the ring buffer; the end of the session
/// is.
package final class LoggerProducer: FaultProneProducer, TimedProducer {
  /// The process.
  package let process: ProducerProcess
  private let session: ModulesSession

  package init(_ process: ProducerProcess, _ session: ModulesSession) {
    self.process = process
    self.session = session
  }

  package func start(_ load: Load) throws(SourceError) { try process.start(load) }
  package func start(_ load: TimedLoad) throws(SourceError) { try process.start(load) }
  package func times(_ count: Int) -> [EventTime] { process.times(count) }
  package func truth(within timeout: Milliseconds) throws(SourceError) -> Truth? { try process.truth(within: timeout) }
  package func hold(sequence: UInt64, payload: UInt32) throws(SourceError) {
    try process.hold(sequence: sequence, payload: payload)
  }
  package func endHold() throws(SourceError) -> Truth { try process.endHold() }
  package func stop() throws(SourceError) { try process.stop() }
  package func resume() { process.resume() }
  package var progress: Truth { process.progress }

  /// Ends the process and the session.
  package func end() {
    process.end()
    session.end()
  }
}
