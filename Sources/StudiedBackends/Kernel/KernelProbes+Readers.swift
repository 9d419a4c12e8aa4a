import Study
import SubbufferSource

extension KernelStudy {
  /// More than one reader.
  var readersProbes: [Probe] {
    [
      probe(KernelAnswers.severalReaders) { (ring, evidence) throws(SourceError) in
        try ring.write(500)
        let one = try ring.map()
        let other = try ring.map()
        evidence.add("A's acquire", one.unsafeGetReader())
        evidence.add("reader.id after A's acquire", one.metaPage.readerID)
        evidence.add("events that A finds", try one.look().sequences.asRange)
        evidence.add("B's acquire", other.unsafeGetReader())
        evidence.add("reader.id after B's acquire", other.metaPage.readerID)
        evidence.add("events that B finds", try other.look().sequences.asRange)
        evidence.add("reader.id that A sees then", one.metaPage.readerID)
        evidence.add("events that A finds at its reader.id then", try one.look().sequences.asRange)
      },
      probe(KernelAnswers.readersTakeTurns) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(ring.eventsPerRing() / 2)
        let mappings = [try ring.map(), try ring.map()]
        var seen: [[UInt64]] = [[], []]
        var last = KernelRead(id: mappings[0].metaPage.readerID, read: mappings[0].metaPage.readerRead)
        var turn = 0
        while let next = try mappings[turn].readNext(after: last) {
          seen[turn] += next.sequences
          last = next
          turn = 1 - turn
        }
        evidence.add("events written", truth.produced)
        evidence.add("events seen by A", seen[0].count)
        evidence.add("events seen by B", seen[1].count)
        evidence.add("events seen by both", Set(seen[0]).intersection(seen[1]).count)
      },
      probe(KernelAnswers.readersInterleave) { (ring, evidence) throws(SourceError) in
        try ring.write(4 * ring.eventsPerSubbuffer())
        let (a, b) = (try ring.map(), try ring.map())
        let before = try ring.stats().readEvents
        var (byA, byB): ([UInt64], [UInt64]) = ([], [])
        for turn in 1...2 {
          let results = (a.unsafeGetReader(), b.unsafeGetReader())
          evidence.add("turn \(turn): A's ioctl, B's ioctl", "\(results.0), \(results.1)")
          byA += try a.look().sequences
          byB += try b.look().sequences
        }
        let handedOut = try ring.stats().readEvents &- before
        evidence.add("events handed out, by stats", handedOut)
        evidence.add("events seen by A", byA.asRange)
        evidence.add("events seen by B", byB.asRange)
        evidence.add("events seen by both", Set(byA).intersection(byB).count)
        evidence.add(
          "events handed out and seen by neither", Int64(handedOut) - Int64(Set(byA).union(byB).count))
      },
    ]
  }
}
