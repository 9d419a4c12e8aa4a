@testable import LTTngUSTBackend
import Study
import SubbufferSource
import Testing

extension LiveTests {
  /// Cross-check of this program's reader of LTTng with babeltrace2 on a recording of the same packets.
  @Suite struct LTTngCrossCheckTests {
    @Test func babeltrace2CountsTheSameOrTheDifferenceIsExplained() throws {
      let backend = try LiveBackends.available("lttng-ust")
      try LiveTools.available(Babeltrace2.missing) { try Babeltrace2() }
      let results = try backend.everyCrossCheck(seed: 1)
      #expect(results.count == 2 * LTTngLoad.all.count)
      #expect(results.compactMap(\.skipped) == [])
      #expect(results.unexplained == [])

      // Packets and events agree, whatever was lost.
      for what in ["events", "packets"] {
        let rows = results.rows(what)
        #expect(rows.count >= results.count && rows.allSatisfy { !$0.differs && ($0.ours ?? 0) > 0 }, "\(rows)")
      }
      // Without losses both report 0.
      for mode in RingMode.allCases {
        for row in results.rows("discarded events", mode: mode, load: "nothing lost") {
          #expect((row.ours, row.theirs, row.truth) == (0, 0, 0))
        }
      }
      // Discard mode: both report the true number of discarded events if a packet contains it.
      for load in ["stalled", "falls behind", "packets filled to the last byte, with a last packet"] {
        let rows = results.rows("discarded events", mode: .discard, load: load)
        #expect(!rows.isEmpty && rows.allSatisfy { !$0.differs && ($0.truth ?? 0) > 0 }, "\(load): \(rows)")
      }
      // Overwrite mode: both count packets, but babeltrace2 counts none before the first packet.
      let behind = results.rows("lost packets", mode: .overwrite, load: "falls behind")
      #expect(!behind.isEmpty && behind.allSatisfy { !$0.differs && ($0.ours ?? 0) > 0 }, "\(behind)")
      for row in results.rows("lost packets", mode: .overwrite, load: "stalled") {
        #expect((row.ours ?? 0) > 0 && row.theirs == 0)
      }
      // If the count falls, which it does up to 2.13, babeltrace2 reports a number close to 2^64.
      let falls = try #require(backend.facts().version).hasPrefix("LTTng-UST 2.13.")
      for mode in RingMode.allCases {
        let rows = results.rows("discarded events, the largest number", mode: mode, load: "the count falls back")
        guard falls else {
          #expect(rows.isEmpty)
          continue
        }
        let theirs = try #require(rows.first?.theirs)
        let ours = try #require(rows.first?.ours)
        #expect(rows.count == 1 && ours > 0 && theirs == 0 &- ours, "\(rows)")
      }
    }
  }
}
