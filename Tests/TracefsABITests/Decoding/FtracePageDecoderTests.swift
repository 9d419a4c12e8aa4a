import BytesSource
import SubbufferSource
import Testing
import TracefsABI

@Suite struct FtracePageDecoderTests {
  private func builder(timestamp: UInt64 = 1_000) throws -> PageBuilder {
    PageBuilder(try FormatTexts.page(), timestamp: timestamp)
  }

  private func read(_ bytes: [UInt8], unreadOffset: Int = 0) throws -> Decoding {
    try decode(bytes, with: try FormatTexts.decoder(), unreadOffset: unreadOffset)
  }

  @Test func readsBothLengthForms() throws {
    var page = try builder()
    page.raw(10, delta: 5)
    page.raw(11, delta: 6, payload: 5)
    page.raw(12, delta: 7, lengthWord: true)
    page.raw(13, delta: 8, payload: 200)
    let decoding = try read(page.committed())
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [10, 11, 12, 13])
    #expect(decoding.events.map(\.timestamp) == [1_005, 1_011, 1_018, 1_026])
    // 13 bytes of payload are rounded up to 16.
    #expect(decoding.events.map(\.payloadCount) == [8, 16, 8, 208])
    #expect(decoding.events.map(\.typeID) == [19, 19, 19, 19])
    #expect(decoding.events.first?.payloadOffset == 16 + 4 + 12)
  }

  @Test func readsA32BitKernel() throws {
    let format = try FormatTexts.page32()
    var page = PageBuilder(format)
    page.raw(10)
    let decoding = try decode(page.committed(), with: try FormatTexts.decoder(format))
    #expect(decoding.sequenceNumbers == [10])
    #expect(decoding.events.first?.payloadOffset == 12 + 4 + 12)
  }

  @Test(arguments: [0, 1, 170]) func readsAFullPage(events: Int) throws {
    var page = try builder()
    for number in 0..<events { page.raw(UInt64(number)) }
    // 170 events of this size fill a page of 4 KiB.
    #expect(page.bytes.count <= 4096)
    #expect(events < 170 || page.bytes.count == 4096)
    let decoding = try read(page.committed())
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == (0..<events).map { UInt64($0) })
  }

  @Test func otherEventsArePassedWhole() throws {
    var page = try builder()
    page.event([5, 0, 1, 2, 3, 4, 5, 6], delta: 1)
    page.raw(1)
    let decoding = try read(page.committed())
    #expect(decoding.events.first == Event(timestamp: 1_001, typeID: 5, payloadOffset: 20, payloadCount: 8))
    #expect(decoding.events.count == 2)
  }

  @Test func timeExtendsAdd() throws {
    var page = try builder()
    page.raw(0, delta: (1 << 27) - 1)
    page.timeExtend((1 << 59) - 1)
    page.raw(1, delta: 2)
    let times = try read(page.committed()).events.map(\.timestamp)
    let first: UInt64 = 999 + (1 << 27)
    #expect(times == [first, first + (1 << 59) + 1])
  }

  @Test func timeStampsReplace() throws {
    var page = try builder()
    page.timeStamp(0x0123_4567_89AB_CDEF)
    page.raw(0, delta: 1)
    page.timeStamp(5)
    page.raw(1, delta: 1)
    // The kernel's own reader also accepts an earlier time.
    #expect(try read(page.committed()).events.map(\.timestamp) == [0x0123_4567_89AB_CDF0, 6])
  }

  @Test func timeStampsKeepTheHighBits() throws {
    let high: UInt64 = 0xF8 << 56
    let before: UInt64 = high - (1 << 59)
    var page = try builder(timestamp: before | 0x100)
    page.timeStamp(0x200)
    page.raw(0, delta: 0)
    page.timeStamp(0x10)  // earlier, so the high bits have advanced
    page.raw(1, delta: 0)
    #expect(try read(page.committed()).events.map(\.timestamp) == [before | 0x200, high | 0x10])
  }

  @Test func timeWrapsWithoutATrap() throws {
    var page = try builder(timestamp: .max)
    page.raw(0, delta: 1)
    page.timeExtend((1 << 59) - 1)
    page.timeStamp((1 << 59) - 1)
    page.raw(1)
    #expect(try read(page.committed()).events.map(\.timestamp).first == 0)
  }

  @Test func paddingIsSkippedAndItsTimeCounts() throws {
    var page = try builder()
    page.raw(0, delta: 10)
    page.padding(24, delta: 100)
    page.raw(1, delta: 10)
    page.padding(8, delta: 1)  // 1 means no time
    page.raw(2, delta: 10)
    page.padding(64)
    let decoding = try read(page.committed())
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [0, 1, 2])
    #expect(decoding.events.map(\.timestamp) == [1_010, 1_120, 1_130])
  }

  @Test func paddingWithoutTimeEndsTheData() throws {
    var page = try builder()
    page.raw(0)
    page.header(EventType.padding, delta: 0)
    #expect(try read(page.committed()).malformed == nil)
    page.bytes += [1, 2, 3]
    let decoding = try read(page.committed())
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [0])
  }

  @Test func skippedEventsCountForTheTime() throws {
    var page = try builder()
    page.raw(0, delta: 10)
    page.timeExtend(1 << 30)
    page.raw(1, delta: 10)
    page.padding(16, delta: 50)
    let unread = page.bytes.count
    page.raw(2, delta: 10)
    let decoding = try read(page.committed(), unreadOffset: unread)
    #expect(decoding.sequenceNumbers == [2])
    let time: UInt64 = 1_080 + (1 << 30)
    #expect(decoding.events.first?.timestamp == time)
    #expect(try read(page.committed(), unreadOffset: page.bytes.count).events == [])
    #expect(try read(page.committed(), unreadOffset: .max).events == [])
    #expect(try read(page.committed(), unreadOffset: .min).events.count == 3)
  }

  @Test func theCommitWordIsNotTheBound() throws {
    var page = try builder()
    page.raw(0)
    var bytes = page.committed()
    for commit in [0, 4_000, UInt64.max] {
      bytes.put(little: commit, at: 8)
      let decoding = try read(bytes)
      #expect(decoding.malformed == nil)
      #expect(decoding.sequenceNumbers == [0])
    }
  }
}
