import CTFPackets
import LTTngUSTABI
import SubbufferSource
import SystemPackage
import Testing

@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(10)))
struct ConsumerStreamTests {
  @Test func `The library's getters agree with the packet header`() throws {
    var attributes = ChannelAttributes.tight(.overwrite)
    attributes.channelID = 7
    attributes.uuid = TraceUUID(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff)
    let traced = try TracedProcess(attributes)
    try traced.write(200)
    let stream = try traced.session.channel.stream(cpu: 0)
    #expect(try stream.getMmapLength() == 5 * 4096)
    #expect(try stream.getMaxSubbufferSize() == 4096)
    #expect(try stream.getStreamID() == 7)
    #expect(try stream.getInstanceID() == 0)

    try stream.unsafeGetNextSubbuffer()
    let start = UnsafeRawPointer(try stream.getMmapBase()) + Int(try stream.unsafeGetMmapReadOffset())
    let size = Int(try stream.unsafeGetSubbufferSize())
    let header = try PacketHeader(in: RawSpan(_unsafeStart: start, byteCount: size))
    #expect(header.uuid == attributes.uuid)
    #expect(header.streamID == 7)
    #expect(header.streamInstanceID == 0)
    #expect(header.contentByteCount == size)
    #expect(try stream.unsafeGetPaddedSubbufferSize() == 4096)
    #expect(try stream.unsafeGetContentSize() == header.contentSize)
    #expect(try stream.unsafeGetPacketSize() == header.packetSize)
    #expect(try stream.unsafeGetTimestampBegin() == header.timestampBegin)
    #expect(try stream.unsafeGetTimestampEnd() == header.timestampEnd)
    #expect(try stream.unsafeGetSequenceNumber() == header.packetSequenceNumber)
    #expect(try stream.unsafeGetEventsDiscarded() == header.eventsDiscarded)
    #expect(try stream.getCurrentTimestamp() >= header.timestampEnd)
    try stream.unsafePutNextSubbuffer()
  }

  @Test
  func `In discard mode a second get is no error, and gives the same sub-buffer if the reader has none of its own`()
    throws
  {
    let traced = try TracedProcess(.tight(.discard))
    try traced.write(200)
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafeGetNextSubbuffer()
    let first = try stream.unsafeGetMmapReadOffset()
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    let isSame = try stream.unsafeGetMmapReadOffset() == first
    #expect(isSame == (ChannelAttributes.readerSubbuffers(.discard) == 0))
    try stream.unsafePutNextSubbuffer()
  }

  @Test func `In overwrite mode a second get without a put hands the held sub-buffer back to the writer`() throws {
    let traced = try TracedProcess(.tight(.overwrite))
    try traced.write(200)
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafeGetNextSubbuffer()
    let first = try stream.unsafeGetMmapReadOffset()
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    #expect(try stream.unsafeGetMmapReadOffset() != first)
  }

  @Test func `A stream has one reader, and another one when that is gone`() throws {
    let traced = try TracedProcess(.roomy)
    do {
      let stream = try traced.session.channel.stream(cpu: 0)
      let error = #expect(throws: SourceError.self) { _ = try traced.session.channel.stream(cpu: 0) }
      #expect(error?.errno == .resourceBusy)
      _ = stream.cpu
    }
    try traced.write(200)
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafeGetNextSubbuffer()
    try stream.unsafePutNextSubbuffer()
    // The wait descriptor was closed with the first stream.
    #expect(stream.getWaitDescriptor() < 0)
  }

  @Test func `Clearing a buffer moves the reader behind everything`() throws {
    let traced = try TracedProcess(.roomy)
    try traced.write(200)
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.clearBuffer()
    #expect(stream.unsafeGetNextSubbufferResult() == -Errno.resourceTemporarilyUnavailable.rawValue)
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetConsumed() == stream.snapshotGetProduced())
  }

  @Test(arguments: [RingMode.discard, .overwrite])
  func `An active flush of a ring buffer that was never written gives an empty packet, once, up to 2.14`(
    mode: RingMode
  ) throws {
    let traced = try TracedProcess(.tight(mode))
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.flushBuffer(producerActive: true)
    if series < .from2_15 {
      try stream.unsafeGetNextSubbuffer()
      #expect(try stream.unsafeGetContentSize() == UInt64(PacketHeader.byteCount * 8))
      try stream.unsafePutNextSubbuffer()
    }
    // From now on no header follows the last sub-buffer until an event is written.
    try stream.flushBuffer(producerActive: true)
    #expect(stream.unsafeGetNextSubbufferResult() == -Errno.resourceTemporarilyUnavailable.rawValue)
    try stream.flushBuffer(producerActive: false)
    try stream.unsafeGetNextSubbuffer()
    #expect(try stream.unsafeGetContentSize() == UInt64(PacketHeader.byteCount * 8))
    try stream.unsafePutNextSubbuffer()
  }

  @Test(
    .enabled(if: series < .from2_15, "behaves otherwise since 2.15"),
    arguments: [RingMode.discard, .overwrite])
  func `A put without a get on an empty ring buffer ends it`(mode: RingMode) throws {
    let traced = try TracedProcess(.tight(mode))
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafePutNextSubbuffer()
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetConsumed() == 4096)
    #expect(try stream.snapshotGetProduced() == PacketHeader.byteCount)
    try traced.write(5)
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetConsumed() == 6 * 4096)
    try traced.write(2000)
    try stream.snapshotSamplePositions()
    let produced = try stream.snapshotGetProduced()
    #expect(mode == .discard ? produced <= 4096 : produced > 4 * 4096)
    try stream.flushBuffer(producerActive: false)
    #expect(stream.unsafeGetNextSubbufferResult() == -Errno.resourceTemporarilyUnavailable.rawValue)
  }

  /// The writer computes the consumed position from its own: one lap before it, and thus below 0.
  @Test(.enabled(if: series >= .from2_15, "behaves otherwise before 2.15"))
  func `Since 2.15 a put without a get on an empty ring buffer makes get hand out unwritten memory in overwrite mode`()
    throws
  {
    let traced = try TracedProcess(.tight(.overwrite))
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafePutNextSubbuffer()
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetConsumed() == 4096)
    #expect(try stream.snapshotGetProduced() == 0)
    try traced.write(5)
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetConsumed() == UInt(bitPattern: -3 * 4096))
    try stream.unsafeGetNextSubbuffer()
    let held = UnsafeRawPointer(try stream.getMmapBase()) + Int(try stream.unsafeGetMmapReadOffset())
    #expect(held.load(as: UInt32.self) != 0xC1FC_1FC1)
    try stream.unsafePutNextSubbuffer()
  }

  @Test(.enabled(if: series >= .from2_15, "behaves otherwise before 2.15"))
  func `Since 2.15 a put without a get on an empty ring buffer ends it in discard mode`() throws {
    let traced = try TracedProcess(.tight(.discard))
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.unsafePutNextSubbuffer()
    try traced.write(2000)
    try stream.flushBuffer(producerActive: false)
    try stream.snapshotSamplePositions()
    #expect(try stream.snapshotGetProduced() == 0)
    #expect(stream.unsafeGetNextSubbufferResult() == -Errno.resourceTemporarilyUnavailable.rawValue)
  }

  @Test func `Every CPU has a stream, and there are no others`() throws {
    let traced = try TracedProcess(.roomy)
    let channel = traced.session.channel
    for cpu in 0..<channel.streamCount {
      let stream = try channel.stream(cpu: cpu)
      #expect(try stream.getInstanceID() == UInt64(cpu))
    }
    for cpu in [-1, channel.streamCount] {
      let error = #expect(throws: SourceError.self) { _ = try channel.stream(cpu: cpu) }
      #expect(error?.kind == .usage)
    }
  }

  @Test(.enabled(if: series < .from2_14, "behaves otherwise since 2.14"))
  func `Before 2.14 a flush cannot populate a packet`() throws {
    let traced = try TracedProcess(.tight(.discard))
    let stream = try traced.session.channel.stream(cpu: 0)
    let error = #expect(throws: SourceError.self) { try stream.flushEventsOrPopulatePacket() }
    #expect(error?.errno == .noFunction)
  }

  @Test(.enabled(if: series >= .from2_14, "behaves otherwise before 2.14"))
  func `Since 2.14 a flush that ends no packet populates one outside the ring buffer`() throws {
    let traced = try TracedProcess(.tight(.discard))
    try traced.write(8)
    let stream = try traced.session.channel.stream(cpu: 0)
    #expect(try stream.flushEventsOrPopulatePacket() == nil)
    let packet = try #require(try stream.flushEventsOrPopulatePacket())
    let header = try PacketHeader(in: packet.span.bytes)
    #expect(header.uuid == traced.session.channel.attributes.uuid)
    #expect(header.contentByteCount == PacketHeader.byteCount)
  }
}
