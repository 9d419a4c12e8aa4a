import Results
import Study
import SubbufferSource
import Testing
@testable import TracefsBackend

extension LiveTests {
  /// Cross-check of this program's reader of the kernel's ring buffer with other ways of reading and counting.
  @Suite struct KernelCrossCheckTests {
    @Test func othersCountTheSameOrTheDifferenceIsExplained() throws {
      let backend = try LiveBackends.available("tracefs")
      try LiveTools.available(TraceCmd.missing) { try TraceCmd() }
      let results = try backend.everyCrossCheck(seed: 1)
      // Only trace-cmd extract is skipped, where it would have to read one sub-buffer.
      let skipped = results.filter { $0.skipped != nil }
      let isMeant = { (result: CrossCheckResult) in
        result.tool.hasSuffix("extract") && result.load.name.hasPrefix("falls behind")
      }
      #expect(skipped.allSatisfy(isMeant), "\(skipped)")
      #expect(results.unexplained == [])

      // Every decoder finds the same events in the same bytes.
      let same = results.rows("events with the same number and time")
      #expect(!same.isEmpty && same.allSatisfy { !$0.differs && ($0.ours ?? 0) > 0 }, "\(same)")
      let delivered = results.rows("events delivered", load: "nothing lost")
      #expect(!delivered.isEmpty && delivered.allSatisfy { $0.theirs == $0.truth }, "\(delivered)")
      // stats counts lost events in both modes, the meta page only in overwrite mode.
      for mode in RingMode.allCases {
        for load in ["stalled", "falls behind", "in turns"] {
          let rows = results.rows("lost events", mode: mode, load: load, tool: "stats")
          #expect(!rows.isEmpty && rows.allSatisfy { $0.theirs == $0.truth && ($0.truth ?? 0) > 0 }, "\(rows)")
          #expect(rows.allSatisfy { $0.ours == (mode == .overwrite ? $0.truth : 0) }, "\(rows)")
        }
      }
      // Each tool reports either all overwritten events of its run or 0.
      for load in ["stalled", "falls behind", "in turns"] {
        for row in results.rows("missed events", mode: .overwrite, load: load) where row.truth != 0 {
          #expect(row.theirs == row.truth || row.theirs == 0, "\(load): \(row)")
        }
      }
    }
  }
}
