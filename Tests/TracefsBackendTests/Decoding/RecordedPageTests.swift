import BytesSource
import Foundation
import SubbufferSource
import Testing
import TracefsBackend

/// Sub-buffers as a kernel left them, so that not only the builder's idea of the format is tested.
@Suite struct RecordedPageTests {
  /// Linux 6.18, x86-64, `trace_clock` mono: the first sub-buffer after `TRACE_MMAP_IOCTL_GET_READER` of a buffer of 16
  /// KiB in overwrite mode, to which 2000 events of a sequence number from 0 and 9 bytes `x` were written with id 7.
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
    // What was missed is what came before the first event that is there.
    #expect(decoding.sequenceNumbers == (1_469..<1_582).map { UInt64($0) })
    #expect(decoding.events.allSatisfy { $0.typeID == 19 && $0.payloadCount == 20 })
    let times = decoding.events.map(\.timestamp)
    #expect(times.first == header.timestamp)
    #expect(times == times.sorted())
  }
}
