import SubbufferSource
import Testing
import TracefsABI

@Suite struct CPUStatsTests {
  private let text = """
    entries: 460
    overrun: 7
    commit overrun: 1
    bytes: 20400
    oldest event ts:  1143.826412
    now ts:  1143.828833
    dropped events: 564
    read events: 92

    """

  @Test func readsTheCounters() throws {
    let stats = try CPUStats(parsing: text)
    #expect(stats.entries == 460)
    #expect(stats.overrun == 7)
    #expect(stats.commitOverrun == 1)
    #expect(stats.droppedEvents == 564)
    #expect(stats.readEvents == 92)
  }

  @Test(arguments: ["entries", "overrun", "commit overrun", "dropped events", "read events"])
  func aMissingCounterIsRefusedByName(_ name: String) {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("\(name):") }
    let error = #expect(throws: SourceError.self) { try CPUStats(parsing: lines.joined(separator: "\n")) }
    #expect(error?.kind == .unknownFormat)
    #expect(error?.detail.contains("'\(name)'") == true)
  }

  @Test func aCounterThatIsNoNumberIsRefused() {
    #expect(throws: SourceError.self) { try CPUStats(parsing: text.replacing("564", with: "many")) }
  }
}
