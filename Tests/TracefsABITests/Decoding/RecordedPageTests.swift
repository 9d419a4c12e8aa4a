import BytesSource
import Foundation
import SubbufferSource
import Testing
import TracefsABI

/// Sub-buffers recorded from a kernel, so that the tests cover more than the builder's view of the format.
@Suite struct RecordedPageTests {
  /// Linux 6.18, x86-64, `trace_clock` mono: the first sub-buffer after `TRACE_MMAP_IOCTL_GET_READER` on a buffer of 16
  /// KiB in overwrite mode, after 2000 events with id 7, a sequence number from 0 and 9 bytes `x`.
  @Test func missedEventsWithTheirNumber() throws {
    let url = try #require(Bundle.module.url(forResource: "Pages/linux-6.18-missed-stored", withExtension: "bin"))
    let page = [UInt8](try Data(contentsOf: url))
    #expect(page.count == 4096)
    let format = try FormatTexts.page()
    let header = try PageHeader(in: page.span.bytes, format: format)
    #expect(header.commit == 0xC000_0FE4)
    #expect(header.dataLength == 4068)
    #expect(header.loss(in: page.span.bytes) == .events(1_469))

    let decoding = try decode(Array(page.prefix(header.endOfData)), with: try FormatTexts.decoder())
    #expect(decoding.malformed == nil)
    // The missed events precede the first event in the sub-buffer.
    #expect(decoding.sequenceNumbers == (1_469..<1_582).map { UInt64($0) })
    #expect(decoding.events.allSatisfy { $0.typeID == 19 && $0.payloadCount == 20 })
    let times = decoding.events.map(\.timestamp)
    #expect(times.first == header.timestamp)
    #expect(times == times.sorted())
  }
}
