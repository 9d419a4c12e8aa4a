import BytesSource
import CTFPackets
import SubbufferSource
import Testing

@Suite struct LoggerPayloadTests {
  @Test(arguments: EventHeader.allCases)
  func `The number is what the text begins with`(header: EventHeader) throws {
    let numbers: [UInt64] = [0, 9, 10, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, .max]
    var builder = PacketBuilder(header, isText: true)
    for (place, number) in numbers.enumerated() { builder.event(number, time: 1_001, payload: place) }
    let decoding = try decode(builder.closed(packetSize: 4096), with: header.textDecoder)
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == numbers)
    #expect(decoding.events.map(\.payloadCount) == (0..<numbers.count).map { 24 + $0 })
  }

  /// Texts of other writers to the file.
  @Test func `A text that does not begin with 16 digits has no number`() throws {
    let digits = "00000000000000ff"
    for place in 0..<16 {
      for other in UInt8.min ... .max where !"0123456789abcdef".utf8.contains(other) {
        var builder = PacketBuilder(isText: true)
        builder.event(0xFF, time: 1_001)
        builder.bytes[84 + 4 + 8 + place] = other
        #expect(try decode(builder.closed(), with: EventHeader.compact.textDecoder).sequenceNumbers == [nil])
      }
    }
    for text in ["", "0", String(digits.dropLast())] {
      var builder = PacketBuilder(isText: true)
      builder.bytes.append(little: UInt32(PacketBuilder.sequenceEventID))
      builder.text(text)
      let decoding = try decode(builder.closed(), with: EventHeader.compact.textDecoder)
      #expect(decoding.malformed == nil)
      #expect(decoding.sequenceNumbers == [nil])
    }
  }

  @Test func `A huge length does not wrap`() throws {
    for length: UInt64 in [.max, .max - 11, 1 << 63, 17] {
      var builder = PacketBuilder(isText: true)
      builder.event(0, time: 1_001)
      builder.bytes.put(little: length, at: 84 + 4)
      let need = UInt64(4 + 8).addingReportingOverflow(length)
      let decoding = try decode(builder.closed(), with: EventHeader.compact.textDecoder)
      #expect(decoding.events == [])
      #expect(
        decoding.malformed
          == MalformedSubbuffer(offset: 84, reason: .eventBeyondData(need.overflow ? .max : need.partialValue)))
    }
  }
}
