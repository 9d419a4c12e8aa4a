import CTFPackets
import Glibc
import LTTngBackend
import LTTngUSTABI
import Results
import Study
import SubbufferSource
import Workload

/// A traced process with its session, set up for a study and ready.
package struct LTTngUSTRing {
  package let library: LTTngUSTLibrary
  package let session: USTSession
  package let producer: ProducerProcess
  package let configuration: RingConfiguration
  package var cpu: Int { configuration.producerCPU }

  /// Makes one, lets `body` use it, and takes it down again: first the traced process, then the session.
  /// - Parameters:
  ///   - isShared: lets other processes record into the channel (``withOtherProducer(_:)``).
  ///   - adjust: changes what the channel is made with.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  package static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, isShared: Bool = false, adjust: (inout ChannelAttributes) -> Void = { _ in },
    _ body: (LTTngUSTRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngUSTRing(configuration, isShared: isShared, adjust)
    defer { ring.producer.end() }
    return try body(ring)
  }

  /// Starts another traced process on the same CPU that records into the channel, lets `body` use it, and ends it.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  package func withOtherProducer(_ body: (ProducerProcess) throws(SourceError) -> Void) throws(SourceError) {
    let listener = try USTListener(library)
    let other = try LTTngUSTRing.startProducer(listener, cpu: cpu)
    defer { other.end() }
    let joined = try USTSession(listener, process: other.pid, joining: session)
    try other.waitUntilReady(10_000)
    try joined.checkEvent()
    try body(other)
  }

  private static func startProducer(
    _ listener: borrowing USTListener, cpu: Int
  ) throws(SourceError) -> ProducerProcess {
    try ProducerProcess(
      executable: ProducerExecutable.tracedProcess.path(), arguments: [String(cpu)],
      environment: listener.environment)
  }

  private init(
    _ configuration: RingConfiguration, isShared: Bool, _ adjust: (inout ChannelAttributes) -> Void
  ) throws(SourceError) {
    self.configuration = configuration
    library = try LTTngUSTLibrary()
    let listener = try USTListener(library)
    producer = try LTTngUSTRing.startProducer(listener, cpu: configuration.producerCPU)
    var attributes = ChannelAttributes(
      mode: configuration.mode, subbufferSize: configuration.subbufferSize,
      subbufferCount: configuration.subbufferCount)
    attributes.switchTimer = configuration.switchTimer
    adjust(&attributes)
    do {
      session = try USTSession(listener, process: producer.pid, attributes: attributes, isShared: isShared)
    } catch {
      var told = error
      let said = producer.diagnosticsText
      if !said.isEmpty { told.detail += "; the traced process said: \(said)" }
      throw told
    }
    try producer.waitUntilReady(10_000)
    try session.checkEvent()
    // Who shares a ring buffer goes by positions, whatever the size of the first event.
    if !isShared { session.channel.waitForFullTimestamps() }
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

  /// The ABI one to one.
  package func consumerStream() throws(SourceError) -> ConsumerStream {
    try session.channel.stream(cpu: cpu)
  }

  /// The ABI as a source.
  package func source(memory: ReaderMemory? = nil) throws(SourceError) -> LTTngUSTSource {
    try LTTngUSTSource(session, cpu: cpu, memory: memory)
  }
}

extension LTTngUSTRing: LTTngRing {
  package var headerSize: Int { PacketHeader.byteCount }

  package func eventSize(payload: UInt32) -> Int { LTTngUSTStudy.eventSize(payload: payload) }

  package func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  package func stream() throws(SourceError) -> LTTngUSTStream {
    try LTTngUSTStream(consumerStream(), session)
  }

  package func endWriter() { producer.end() }

  package var writerEnding: String? {
    guard let ending = producer.ending else { return nil }
    // After the first line comes what the Swift runtime writes about the machine.
    let said = producer.diagnosticsText.split(separator: "; ").first
    return said.map { "\(ending.text): \($0)" } ?? ending.text
  }

  package func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    try producer.endInsideWrite(sequence: sequence)
  }

  package func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    try producer.hold(sequence: sequence, payload: payload)
    try body()
    try producer.endHold()
  }
}

/// A live stream of a traced process.
package final class LTTngUSTStream: LiveLTTngStream {
  /// The ABI one to one.
  package let stream: ConsumerStream
  private let session: USTSession

  package init(_ stream: consuming ConsumerStream, _ session: USTSession) {
    self.stream = stream
    self.session = session
  }

  package func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 { try stream.unsafeGetEventsDiscarded() }
  package func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 { try stream.unsafeGetSequenceNumber() }
  package func unsafeGetContentSize() throws(SourceError) -> UInt64 { try stream.unsafeGetContentSize() }

  package func emptyPipe() throws(SourceError) {
    var bytes = [UInt8](repeating: 0, count: Int(try waitByteCount()))
    if !bytes.isEmpty { _ = read(waitDescriptor, &bytes, bytes.count) }
  }

  package func unsafeGetNextSubbuffer() -> Int32 { stream.unsafeGetNextSubbufferResult() }
  package func unsafePutNextSubbuffer() -> Int32 {
    result { () throws(SourceError) in try stream.unsafePutNextSubbuffer() }
  }
  package func unsafeGetSubbuffer(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }
  package func unsafePutSubbuffer() -> Int32 { result { () throws(SourceError) in try stream.unsafePutSubbuffer() } }
  package func snapshot() -> Int32 { result { () throws(SourceError) in try stream.snapshot() } }
  package func flushBuffer(producerActive: Bool) -> Int32 {
    result { () throws(SourceError) in try stream.flushBuffer(producerActive: producerActive) }
  }
  package func clearBuffer() -> Int32 { result { () throws(SourceError) in try stream.clearBuffer() } }
  package func getMmapLength() throws(SourceError) -> UInt { try stream.getMmapLength() }
  package func unsafeGetMmapReadOffset() throws(SourceError) -> UInt { try stream.unsafeGetMmapReadOffset() }
  package var waitDescriptor: Int32 { stream.getWaitDescriptor() }

  package func snapshotSamplePositions() -> Int32 {
    result { () throws(SourceError) in try stream.snapshotSamplePositions() }
  }

  package func savedPositions() throws(SourceError) -> Positions {
    Positions(consumed: try stream.snapshotGetConsumed(), produced: try stream.snapshotGetProduced())
  }

  package func header() throws(SourceError) -> PacketHeader { try PacketHeader(held: heldPacket()) }

  package func ids() throws(SourceError) -> String {
    try "stream \(stream.getStreamID()), instance \(stream.getInstanceID())"
  }

  package func flushOrPopulate() throws(SourceError) -> PacketHeader? {
    guard let packet = try stream.flushEventsOrPopulatePacket() else { return nil }
    return try PacketHeader(ofPopulated: packet)
  }

  package func look() throws(SourceError) -> LTTngLook {
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
