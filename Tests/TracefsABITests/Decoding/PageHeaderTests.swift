import BytesSource
import SubbufferSource
import Testing
import TracefsABI

@Suite struct PageHeaderTests {
  private static let flagged: UInt32 = PageHeader.missedEvents
  private static let stored: UInt32 = PageHeader.missedEvents | PageHeader.missedStored

  private func page(
    _ format: PageFormat, flags: UInt32, count: UInt64? = nil, room: Int = 8
  ) -> (bytes: [UInt8], length: Int) {
    var builder = PageBuilder(format, timestamp: 0x0102_0304_0506_0708)
    builder.raw(1)
    var bytes = builder.committed(flags: flags)
    let end = bytes.count
    bytes += [UInt8](repeating: 0, count: room)
    if let count { bytes.put(little: count, at: end) }
    return (bytes, builder.dataLength)
  }

  @Test func readsTimeAndLength() throws {
    let format = try FormatTexts.page()
    let (bytes, length) = page(format, flags: 0)
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect(header.timestamp == 0x0102_0304_0506_0708)
    #expect(header.dataLength == length)
    #expect(header.endOfData == 16 + length)
    #expect(!header.hasMissedEvents)
    #expect(header.loss(in: bytes.span.bytes) == .none)
  }

  @Test func flagsAreNoPartOfTheLength() throws {
    let format = try FormatTexts.page()
    let (bytes, length) = page(format, flags: Self.stored, count: 1_469)
    #expect(bytes[12...15] == [0xFF, 0xFF, 0xFF, 0xFF])
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect(header.dataLength == length)
    #expect(header.hasMissedEvents)
    #expect(header.missedCount(in: bytes.span.bytes) == 1_469)
    #expect(header.loss(in: bytes.span.bytes) == .events(1_469))
  }

  @Test func aCountThatIsNotStoredIsUnknown() throws {
    let format = try FormatTexts.page()
    let (bytes, _) = page(format, flags: Self.flagged, count: 9)
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect(header.missedCount(in: bytes.span.bytes) == nil)
    #expect(header.loss(in: bytes.span.bytes) == .some)
  }

  @Test func theSecondFlagAloneSaysNothing() throws {
    let format = try FormatTexts.page()
    let (bytes, _) = page(format, flags: PageHeader.missedStored, count: 9)
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect(header.loss(in: bytes.span.bytes) == .none)
  }

  @Test(arguments: [(8, true), (7, false), (0, false)])
  func theCountMustLieInThePage(room: Int, isThere: Bool) throws {
    let format = try FormatTexts.page()
    let (bytes, _) = page(format, flags: Self.stored, count: 9, room: room)
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect((header.missedCount(in: bytes.span.bytes) == 9) == isThere)
    #expect(header.loss(in: bytes.span.bytes) == (isThere ? .events(9) : .some))
  }

  @Test func a32BitKernelStoresFourBytes() throws {
    let format = try FormatTexts.page32()
    let (bytes, length) = page(format, flags: Self.stored, count: 5, room: 4)
    let header = try PageHeader(in: bytes.span.bytes, format: format)
    #expect(header.endOfData == 12 + length)
    #expect(header.missedCount(in: bytes.span.bytes) == 5)
  }

  @Test func aLengthBeyondThePageIsHarmless() throws {
    let format = try FormatTexts.page()
    let (bytes, _) = page(format, flags: 0)
    let header = PageHeader(timestamp: 0, commit: .max, format: format)
    #expect(header.dataLength == 0x3FFF_FFFF)
    #expect(header.loss(in: bytes.span.bytes) == .some)
  }

  @Test func needsItsBytes() throws {
    let format = try FormatTexts.page()
    let bytes = [UInt8](repeating: 0, count: 16)
    #expect(throws: Never.self) { try PageHeader(in: bytes.span.bytes, format: format) }
    for count in [0, 8, 15] {
      #expect(throws: MalformedSubbuffer(offset: 0, reason: .headerTruncated)) {
        try PageHeader(in: bytes.span.bytes.extracting(first: count), format: format)
      }
    }
  }
}
