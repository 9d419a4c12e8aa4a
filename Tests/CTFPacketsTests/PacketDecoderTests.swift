import BytesSource
import CTFPackets
import SubbufferSource
import Testing

@Suite struct PacketDecoderTests {
  @Test(arguments: EventHeader.allCases)
  func readsEvents(_ header: EventHeader) throws {
    var builder = PacketBuilder(header)
    builder.event(10, time: 1_001)
    builder.event(11, time: 1_002, payload: 5)
    builder.extended(12, time: 1 << 40, payload: 64)
    builder.event(13, time: (1 << 40) + 9)
    let decoding = try decode(builder.closed(packetSize: 4096), with: header.decoder)
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [10, 11, 12, 13])
    #expect(decoding.events.map(\.timestamp) == [1_001, 1_002, 1 << 40, (1 << 40) + 9])
    #expect(decoding.events.map(\.payloadCount) == [12, 17, 76, 12])
    #expect(decoding.events.map(\.typeID) == [5, 5, 5, 5])
    #expect(decoding.events.first?.payloadOffset == 84 + header.byteCount)
  }

  @Test(arguments: EventHeader.allCases, [0, 1, 50])
  func readsAFullPacket(_ header: EventHeader, events: Int) throws {
    var builder = PacketBuilder(header)
    for number in 0..<events { builder.event(UInt64(number), time: 1_000 + UInt64(number)) }
    let decoding = try decode(builder.closed(), with: header.decoder)
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == (0..<events).map { UInt64($0) })
  }

  @Test(arguments: EventHeader.allCases)
  func timeStampsWrapAgainAndAgain(_ header: EventHeader) throws {
    let period: UInt64 = header == .compact ? 1 << 27 : 1 << 32
    let begin = 3 * period - 2
    let times = [begin, begin + 1, begin + 2, begin + 1 + period, begin + 2 * period]
    var builder = PacketBuilder(header, timestampBegin: begin)
    for (number, time) in times.enumerated() { builder.event(UInt64(number), time: time) }
    #expect(try decode(builder.closed(), with: header.decoder).events.map(\.timestamp) == times)
  }

  @Test func skippedEventsCountForTheTime() throws {
    let begin: UInt64 = (1 << 27) - 1
    var builder = PacketBuilder(.compact, timestampBegin: begin)
    builder.event(0, time: begin + 1)
    let unread = builder.bytes.count
    // Without the event before it, the low bits would give a time before the wrap.
    builder.event(1, time: begin + (1 << 27))
    let decoding = try decode(builder.closed(), with: EventHeader.compact.decoder, unreadOffset: unread)
    #expect(decoding.sequenceNumbers == [1])
    #expect(decoding.events.first?.timestamp == begin + (1 << 27))
    #expect(try decode(builder.closed(), with: EventHeader.compact.decoder, unreadOffset: .max).events == [])
  }

  @Test func anUnknownEventEndsTheDecoding() throws {
    var builder = PacketBuilder()
    builder.event(0, time: 1_001)
    let offset = builder.bytes.count
    builder.event(1, time: 1_002, id: 6)
    let decoding = try decode(builder.closed(), with: EventHeader.compact.decoder)
    #expect(decoding.sequenceNumbers == [0])
    #expect(decoding.malformed == MalformedSubbuffer(offset: offset, reason: .unknownType(6)))
  }

  @Test(arguments: EventHeader.allCases)
  func oneByteShortIsToldAtTheEvent(_ header: EventHeader) throws {
    var builder = PacketBuilder(header)
    builder.event(0, time: 1_001)
    let offset = builder.bytes.count
    builder.event(1, time: 1_002, payload: 8)
    let whole = builder.bytes.count - offset
    for count in 1..<whole {
      var cut = builder
      cut.bytes.removeLast(whole - count)
      let decoding = try decode(cut.closed(packetSize: 4096), with: header.decoder)
      #expect(decoding.sequenceNumbers == [0])
      #expect(decoding.malformed?.offset == offset)
      guard case .eventBeyondData(let need) = decoding.malformed?.reason else {
        Issue.record("\(String(describing: decoding.malformed)) with \(count) bytes of the event")
        continue
      }
      #expect(need > count && need <= whole)
    }
  }

  @Test func whatLiesBehindTheContentSaysNothing() throws {
    var builder = PacketBuilder(.large)
    builder.event(0, time: 1_001)
    let offset = builder.bytes.count
    builder.bytes.append(0xFF)
    var packet = builder.closed(packetSize: 4096)
    // If this byte were read, the id would be that of the extended form.
    packet[offset + 1] = 0xFF
    let decoding = try decode(packet, with: EventHeader.large.decoder)
    #expect(decoding.malformed == MalformedSubbuffer(offset: offset, reason: .eventBeyondData(6)))
  }

  @Test func aHugeLengthDoesNotWrap() throws {
    var builder = PacketBuilder()
    builder.event(0, time: 1_001)
    var packet = builder.closed(packetSize: 4096)
    packet.put(little: UInt32.max, at: 84 + 4 + 8)
    let decoding = try decode(packet, with: EventHeader.compact.decoder)
    #expect(decoding.events == [])
    #expect(
      decoding.malformed == MalformedSubbuffer(offset: 84, reason: .eventBeyondData(4 + 12 + UInt64(UInt32.max))))
  }

  @Test func aBrokenHeaderIsTold() throws {
    #expect(try decode([], with: EventHeader.large.decoder).malformed?.reason == .headerTruncated)
  }

  @Test(.timeLimit(.minutes(5)), arguments: EventHeader.allCases)
  func survivesBrokenBytes(_ header: EventHeader) throws {
    try survive(PacketBuilder.good(header), header.decoder)
  }

  @Test(.timeLimit(.minutes(5)), arguments: EventHeader.allCases)
  func survivesBrokenTexts(_ header: EventHeader) throws {
    try survive(PacketBuilder.good(header, isText: true), header.textDecoder)
  }

  private func survive<Payload>(_ good: [[UInt8]], _ decoder: PacketDecoder<Payload>) throws {
    var numbers = Mutator(seed: 2)
    let run = try runMutations(
      100_000, seed: 0xC1FC_1FC1, of: good, with: decoder
    ) { (trial, bytes) throws(SourceError) in
      let place = EventHeaderPlace(
        offset: numbers.upTo(540) - 20, end: numbers.upTo(540) - 20, last: UInt64(numbers.upTo(.max - 1)))
      return try trial.firstBrokenPacketRule(bytes, place)
    }
    #expect(run.failure == nil)
    #expect(run.wellFormed > 0)
  }
}
