import Study
import Testing

@testable import StudiedBackends

extension LiveTests {
  /// What this program's reader of the kernel's ring buffer delivers and counts, beside other ways of reading and counting.
  @Suite struct KernelCrossCheckTests {
    @Test func othersCountTheSameOrTheDifferenceIsExplained() throws {
      let backend = try LiveBackends.available("tracefs")
      try LiveTools.available(TraceCmd.missing) { try TraceCmd() }
      let results = try backend.everyCrossCheck(seed: 1)
      // trace-cmd extract alone, where one sub-buffer would have to be taken.
      let skipped = results.filter { $0.skipped != nil }
      let isMeant = { (result: CrossCheckResult) in
        result.tool.hasSuffix("extract") && result.load.name.hasPrefix("falls behind")
      }
      #expect(skipped.allSatisfy(isMeant), "\(skipped)")
      #expect(results.unexplained == [])

      // The same bytes have the same events, whoever decodes them.
      let same = results.rows("events with the same number and time")
      #expect(!same.isEmpty && same.allSatisfy { !$0.differs && ($0.ours ?? 0) > 0 }, "\(same)")
      let delivered = results.rows("events delivered", load: "nothing lost")
      #expect(!delivered.isEmpty && delivered.allSatisfy { $0.theirs == $0.truth }, "\(delivered)")
      // What is lost is counted by stats in both modes, by the meta page in overwrite mode only.
      for mode in ["overwrite", "discard"] {
        for load in ["stalled", "falls behind", "in turns"] {
          let rows = results.rows("lost events", mode: mode, load: load, tool: "stats")
          #expect(!rows.isEmpty && rows.allSatisfy { $0.theirs == $0.truth && ($0.truth ?? 0) > 0 }, "\(rows)")
          #expect(rows.allSatisfy { $0.ours == (mode == "overwrite" ? $0.truth : 0) }, "\(rows)")
        }
      }
      // Where there is room for numbers, each tool tells of all that was overwritten in its run.
      for load in ["stalled", "falls behind", "in turns"] {
        for row in results.rows("missed events", mode: "overwrite", load: load) where row.truth != 0 {
          #expect(row.theirs == row.truth || row.theirs == 0, "\(load): \(row)")
        }
      }
    }
  }
}
