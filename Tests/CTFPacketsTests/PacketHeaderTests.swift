import BytesSource
import CTFPackets
import SubbufferSource
import Testing

@Suite struct PacketHeaderTests {
  private func parse(_ bytes: [UInt8]) throws(MalformedSubbuffer) -> PacketHeader {
    try PacketHeader(in: bytes.span.bytes)
  }

  private func expectRefusal(_ bytes: [UInt8], at offset: Int, _ reason: MalformedSubbuffer.Reason) {
    #expect(throws: MalformedSubbuffer(offset: offset, reason: reason)) { try parse(bytes) }
  }

  @Test func readsEveryField() throws {
    var bytes = PacketBuilder(timestampBegin: 0x0102_0304_0506_0708).closed(packetSize: 4096)
    bytes.put(little: UInt64.max, at: 72)
    let header = try parse(bytes)
    #expect(header.uuid.description == "00112233-4455-6677-8899-aabbccddeeff")
    #expect(header.streamID == 3)
    #expect(header.streamInstanceID == 1)
    #expect(header.timestampBegin == 0x0102_0304_0506_0708)
    #expect(header.timestampEnd == 0x0102_0304_0506_0708 + 500)
    #expect(header.contentSize == 84 * 8)
    #expect(header.contentByteCount == 84)
    #expect(header.packetSize == 4096 * 8)
    #expect(header.packetSequenceNumber == 7)
    #expect(header.eventsDiscarded == .max)
    #expect(header.cpuID == 1)
  }

  @Test func needsItsBytes() throws {
    let bytes = PacketBuilder().closed()
    #expect(bytes.count == PacketHeader.byteCount)
    #expect(throws: Never.self) { try parse(bytes) }
    for count in [0, 1, 83] { expectRefusal(Array(bytes.prefix(count)), at: 0, .headerTruncated) }
  }

  @Test func needsTheMagic() {
    var bytes = PacketBuilder().closed()
    bytes.put(little: UInt32(0xC11F_FCC1), at: 0)
    expectRefusal(bytes, at: 0, .wrongField("magic", 0xC11F_FCC1))
  }

  @Test(arguments: [0, 1, 664, 671, 673, .max] as [UInt64])
  func refusesContentSize(_ bits: UInt64) {
    var bytes = PacketBuilder().closed(packetSize: 4096)
    bytes.put(little: bits, at: 48)
    expectRefusal(bytes, at: 48, .wrongField("content_size", bits))
  }

  @Test func contentMustLieInTheSubbuffer() {
    var bytes = PacketBuilder().closed(packetSize: 100)
    bytes.put(little: UInt64(100 * 8), at: 48)
    #expect(throws: Never.self) { try parse(bytes) }
    bytes.put(little: UInt64(101 * 8), at: 48)
    expectRefusal(bytes, at: 48, .lengthBeyondSubbuffer(101))
    bytes.put(little: UInt64.max - 7, at: 48)
    expectRefusal(bytes, at: 48, .lengthBeyondSubbuffer(UInt64.max / 8))
  }

  @Test(arguments: [0, 664, 671, 673, .max] as [UInt64])
  func refusesPacketSize(_ bits: UInt64) {
    var bytes = PacketBuilder().closed()
    bytes.put(little: bits, at: 56)
    expectRefusal(bytes, at: 56, .wrongField("packet_size", bits))
  }

  @Test func paddingNeedNotBeThere() throws {
    var bytes = PacketBuilder().closed()
    bytes.put(little: UInt64(4096 * 8), at: 56)
    #expect(try parse(bytes).packetSize == 4096 * 8)
  }

  @Test func refusesAnOpenPacket() {
    var bytes = PacketBuilder().closed(packetSize: 4096)
    bytes.put(little: UInt64.max, at: 48)
    bytes.put(little: UInt64.max, at: 56)
    expectRefusal(bytes, at: 48, .wrongField("content_size", .max))
  }
}
