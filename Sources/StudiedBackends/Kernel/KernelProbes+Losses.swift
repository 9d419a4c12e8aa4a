import Study
import SubbufferSource

extension KernelStudy {
  /// Probes of losses and their reports to the reader.
  var lossesProbes: [Probe] {
    [
      probe(KernelAnswers.discardCounted, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let truth = try ring.write(3 * ring.eventsPerRing())
        let reads = try mapping.readAll()
        evidence.addDelivered(reads.flatMap(\.sequences), of: truth.produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
        evidence.add("meta.reader.lost_events, summed", reads.reduce(0) { $0 + $1.lostEvents })
        evidence.add("sub-buffers with the missed-events flag", reads.count { $0.hasMissedEvents })
        evidence.add("stats: dropped events", try ring.stats().droppedEvents)
        evidence.add("events refused to the writer", truth.refused)
      },
      probe(KernelAnswers.overwriteUncounted) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let truth = try ring.write(3 * ring.eventsPerRing())
        let reads = try mapping.readAll()
        evidence.addDelivered(reads.flatMap(\.sequences), of: truth.produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
        evidence.add("meta.reader.lost_events, summed", reads.reduce(0) { $0 + $1.lostEvents })
        evidence.add("sub-buffers with the missed-events flag", reads.count { $0.hasMissedEvents })
      },
      probe(KernelAnswers.receivedPlusDiscarded, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...3 {
          produced += try ring.write(2 * ring.eventsPerRing(), from: produced).produced
          delivered += try mapping.readAll().flatMap(\.sequences)
        }
        evidence.addDelivered(delivered, of: produced)
        evidence.add("stats: dropped events", try ring.stats().droppedEvents)
      },
      probe(KernelAnswers.lossBetweenAcquires) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let before = try ring.write(2 * ring.eventsPerRing())
        _ = try mapping.getReader()
        let first = try mapping.look()
        try ring.write(3 * ring.eventsPerRing(), from: before.produced)
        let meta = try mapping.getReader()
        let second = try mapping.look()
        evidence.add("events of the first", first.sequences.asRange)
        evidence.add("events of the second", second.sequences.asRange)
        evidence.add("events missing between the two", first.sequences.missing(before: second.sequences))
        evidence.add("meta.reader.lost_events of the second", meta.readerLostEvents)
        evidence.add("commit of the second", second.commitText)
        evidence.add("told by the header of the second", second.loss.text)
      },
      probe(KernelAnswers.discardDropsNewest, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let truth = try ring.write(3 * ring.eventsPerRing())
        evidence.addDelivered(try mapping.readAll().flatMap(\.sequences), of: truth.produced)
      },
      probe(KernelAnswers.overwriteDropsOldest) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let truth = try ring.write(3 * ring.eventsPerRing())
        evidence.addDelivered(try mapping.readAll().flatMap(\.sequences), of: truth.produced)
      },
      probe(KernelAnswers.discardCapacity, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let truth = try ring.write(3 * ring.eventsPerRing())
        let reads = try mapping.readAll().map(\.sequences)
        evidence.addDelivered(reads.flatMap { $0 }, of: truth.produced)
        evidence.addFilled(reads)
        evidence.add("nr_subbufs", mapping.metaPage.subbufferCount)
      },
      probe(KernelAnswers.roomAfterRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let ringful = 2 * ring.eventsPerRing()
        try ring.write(ringful)
        let full = try ring.write(ringful, from: ringful)
        _ = try mapping.getReader()
        evidence.add("events of a sub-buffer", try mapping.look().sequences.count)
        let first = try ring.write(ringful, from: 2 * ringful)
        _ = try mapping.getReader()
        let second = try ring.write(ringful, from: 3 * ringful)
        evidence.add("events accepted while it is full", full.accepted)
        evidence.add("events accepted after the first acquire", first.accepted)
        evidence.add("events accepted after the second acquire", second.accepted)
      },
    ]
  }
}
