import BytesSource
import SubbufferSource
import Testing
import TracefsABI

@Suite struct MalformedPageTests {
  /// Decodes one good event and the bytes that `add` appends; an error must be at the appended bytes.
  private func reason(_ add: (inout PageBuilder) -> Void) throws -> MalformedSubbuffer.Reason? {
    var page = PageBuilder(try FormatTexts.page())
    page.raw(0)
    let offset = page.bytes.count
    add(&page)
    let decoding = try decode(page.committed(), with: try FormatTexts.decoder())
    #expect(decoding.sequenceNumbers == [0])
    #expect(decoding.malformed.map { $0.offset == offset } ?? true)
    return decoding.malformed?.reason
  }

  @Test(arguments: [0, 8, 15]) func noRoomForTheHeader(count: Int) throws {
    let bytes = [UInt8](repeating: 0, count: count)
    let decoding = try decode(bytes, with: try FormatTexts.decoder())
    #expect(decoding.malformed == MalformedSubbuffer(offset: 0, reason: .headerTruncated))
  }

  @Test(arguments: 1...3) func lessThanAWordIsLeft(count: Int) throws {
    #expect(try reason { $0.bytes += [UInt8](repeating: 1, count: count) } == .eventBeyondData(4))
  }

  @Test func dataBeyondTheEnd() throws {
    for missing in 1...20 {
      let reason = try reason {
        $0.raw(1)
        $0.bytes.removeLast(missing)
      }
      #expect(reason == .eventBeyondData(24))
    }
  }

  @Test(arguments: [EventType.padding, EventType.timeExtend, EventType.timeStamp, EventType.dataWithLength])
  func secondWordBeyondTheEnd(typeLen: UInt32) throws {
    #expect(try reason { $0.header(typeLen, delta: 1) } == .eventBeyondData(8))
  }

  @Test(arguments: [EventType.padding, EventType.dataWithLength])
  func lengthWords(typeLen: UInt32) throws {
    let cases: [(UInt32, MalformedSubbuffer.Reason)] = [
      (0, .eventTooShort(0)), (3, .eventTooShort(3)), (5, .wrongField("length", 5)),
      (9, .eventBeyondData(13)), (.max, .eventBeyondData(UInt64(UInt32.max) + 4)),
      (0x7FFF_FFFC, .eventBeyondData(0x8000_0000)),
    ]
    for (length, expected) in cases {
      let reason = try reason {
        $0.header(typeLen, delta: 1)
        $0.bytes.append(little: length)
        $0.bytes += [0, 0, 0, 0]
      }
      #expect(reason == expected)
    }
  }

  @Test func noRoomForTheType() throws {
    let reason = try reason {
      $0.header(EventType.dataWithLength, delta: 1)
      $0.bytes.append(little: UInt32(4))
    }
    #expect(reason == .eventTooShort(0))
  }

  @Test func rawDataNeedsItsID() throws {
    let data = PageBuilder.rawData(1)
    #expect(try reason { $0.event(Array(data.prefix(8)), delta: 1) } == .eventTooShort(8))
    // An event that ends after the id has an empty payload.
    var page = PageBuilder(try FormatTexts.page())
    page.event(Array(data.prefix(12)), delta: 1)
    let decoding = try decode(page.committed(), with: try FormatTexts.decoder())
    #expect(decoding.events.map(\.payloadCount) == [0])
    #expect(decoding.sequenceNumbers == [nil])
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      FormatTexts.headerPage, FormatTexts.headerPage32(dataOffset: 12), FormatTexts.headerPage32(dataOffset: 16),
    ])
  func survivesBrokenBytes(headerPage: String) throws {
    let format = try PageFormat(headerPage: headerPage, headerEvent: FormatTexts.headerEvent)
    let run = try runMutations(
      100_000, seed: 0x5241_4345, of: PageBuilder.good(format), with: try FormatTexts.decoder(format)
    ) { (trial, bytes) throws(SourceError) in try trial.firstBrokenPageRule(bytes) }
    #expect(run.failure == nil)
    #expect(run.wellFormed > 0)
  }
}
