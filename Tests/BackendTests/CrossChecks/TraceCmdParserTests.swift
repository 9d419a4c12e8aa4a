@testable import Study
import SubbufferSource
import Testing
@testable import TracefsBackend

/// Output captured from trace-cmd 3.1.6.
@Suite struct TraceCmdParserTests {
  private static let event =
    "           <...>-24272 [001] 10702.714239966: raw_data:             # 5eb a0 08 00 00 00 00 00 00 10 00 00 00 5a 5a"
  private static let later =
    "abi-compare-mark-7 [001] 10702.714240000: raw_data:             # 5eb ff ff 00 00 00 00 00 80 00 00 00 00"

  @Test func readsEventsAndWhatWasDropped() throws {
    let report = try TraceCmdReport(["cpus=2", "CPU:1 [2208 EVENTS DROPPED]", Self.event, Self.later])
    #expect(
      report.events == [
        TimedEvent(sequence: 0x8A0, time: 10_702_714_239_966),
        TimedEvent(sequence: 0x8000_0000_0000_FFFF, time: 10_702_714_240_000),
      ])
    #expect(report.missed == KernelReading.Missed(counted: 2208))
    #expect(report.lossLines == ["CPU:1 [2208 EVENTS DROPPED]"])
  }

  @Test func withoutANumberItCountsWhatIsMissing() throws {
    let dropped = "CPU:1 [EVENTS DROPPED]"
    let report = try TraceCmdReport(["cpus=2", dropped, Self.event, "cpus=2", dropped, Self.later])
    #expect(
      report.missed
        == KernelReading.Missed(
          counted: 0, withoutNumber: 2, missingWithoutNumber: 0x8A0 + 0x8000_0000_0000_FFFF - 0x8A1))
  }

  @Test(
    arguments: [
      "", "version = 7", "CPU:1 [SUBBUFFER START]", "a-1 [001] 1.5: raw_data: # 5eb 00 00 00 00 00 00 00 00",
      "a-1 [001] 10702.714239966: raw_data: # 5eb 00 00 00", "a-1 [001] 10702.714239966: print: text",
      "a-1 [001] 10702.714239966: raw_data: # 5eb xx 00 00 00 00 00 00 00",
    ]
  )
  func aLineOfAnotherFormIsAnError(_ line: String) {
    let error = #expect(throws: SourceError.self) { try TraceCmdReport([line]) }
    #expect(error?.kind == .unknownFormat)
  }

  @Test func readsWhatExtractSaysIsLost() {
    #expect(TraceCmd.lost(in: "CPU 1: 2208 events lost") == 2208)
    #expect(TraceCmd.lost(in: "CPU 1: 2208 events lost due to commit overrun") == nil)
    #expect(TraceCmd.lost(in: "CPU1 data recorded at offset=0x71a000") == nil)
  }

  @Test func readsTheVersion() {
    let lines = ["", "trace-cmd version 3.1.6 (not-a-git-repo)", "", "usage:"]
    #expect(TraceCmd.title(lines) == "trace-cmd 3.1.6")
    #expect(TraceCmd.title(["trace-cmd version 3.2"]) == "trace-cmd 3.2")
    #expect(TraceCmd.title([]) == "trace-cmd")
  }
}
