import Platform
import Study
import SubbufferSource

extension KernelStudy {
  /// Probes of the data that an acquire hands over.
  var handOverProbes: [Probe] {
    [
      probe(KernelAnswers.firstAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("before the events", try mapping.getReader().counts)
        try ring.write(16)
        evidence.add("first ioctl after them", try mapping.getReader().counts)
        evidence.add("second ioctl", try mapping.getReader().counts)
      },
      probe(KernelAnswers.held) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(1_000)
        let meta = try mapping.getReader()
        let before = try mapping.bytes(of: meta.readerID)
        let overrun = try ring.stats().overrun
        evidence.add("held", "id \(meta.readerID), events \(try mapping.look().sequences.asRange)")
        try ring.write(4_000, from: 1_000)
        evidence.add("events overwritten meanwhile", try ring.stats().overrun &- overrun)
        let after = try mapping.bytes(of: meta.readerID)
        evidence.add("bytes of the held sub-buffer that changed", zip(before, after).count { $0 != $1 })
      },
      probe(KernelAnswers.sameID) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let first = try mapping.getReader()
        evidence.add("first acquire: id", first.readerID)
        evidence.add("first acquire: events", try mapping.look().sequences.asRange)
        try ring.write(4, from: 4)
        let second = try mapping.getReader()
        evidence.add("the writer on it: id", second.readerID)
        evidence.add("the writer on it: new events", try mapping.look(from: first.readerRead).sequences.asRange)
        evidence.add("the writer on it: id, read", "\(second.readerID), \(second.readerRead)")
        let still = try mapping.getReader()
        evidence.add("nothing new: id, read", "\(still.readerID), \(still.readerRead)")
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 8)
        let gone = try mapping.getReader()
        let from = gone.readerID == second.readerID ? second.readerRead : 0
        evidence.add("the writer gone: first acquire: id", gone.readerID)
        evidence.add("the writer gone: first acquire: new events", try mapping.look(from: from).sequences.count)
        let last = gone.readerID == second.readerID ? try mapping.getReader() : gone
        evidence.add("id at last", last.readerID)
      },
      probe(KernelAnswers.partialInvisible) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        _ = try mapping.getReader()
        evidence.add("events written", try ring.write(3).produced)
        let meta = try mapping.getReader()
        evidence.add("ioctl", "id \(meta.readerID), read \(meta.readerRead)")
        evidence.add("events handed out", try mapping.look().sequences.count)
      },
      probe(KernelAnswers.commitAdvances) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let meta = try mapping.getReader()
        evidence.add("bytes of data after the acquire", try mapping.look().dataCount)
        try ring.write(4, from: 4)
        let later = try mapping.look(at: meta.readerID, from: meta.readerRead, end: nil)
        evidence.add("bytes of data later, without an acquire", later.dataCount)
        evidence.add("new events", later.sequences.count)
        evidence.add("reader.read then", mapping.metaPage.readerRead)
      },
      probe(KernelAnswers.followWithoutAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", try ring.write(3 * perSubbuffer + perSubbuffer / 2).produced)
        var found: [UInt64] = []
        for id in 0..<UInt32(mapping.geometry.subbufferCount) {
          found += try mapping.look(at: id, from: 0, end: nil).sequences
        }
        evidence.add("events found without an ioctl", found.count)
        evidence.add("gaps between the found, sorted", found.sorted().gapCount)
      },
      probe(KernelAnswers.readIsEndOfData) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(4)
        addReadAndData(try reader.next(), "partial", &evidence)
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 4)
        addReadAndData(try reader.next(), "full", &evidence)
        try ring.write(2 * ring.eventsPerRing(), from: 4 + 2 * ring.eventsPerSubbuffer())
        let flagged = try reader.untilMissing()
        evidence.add("after a loss: events missing before", flagged?.missing ?? 0)
        addReadAndData(flagged, "after a loss", &evidence)
      },
      probe(KernelAnswers.pastRead) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let first = try mapping.getReader()
        try ring.write(4, from: 4)
        let past = try mapping.look(at: first.readerID, from: first.readerRead, end: nil)
        evidence.add("read past reader.read", past.sequences.asRange)
        let second = try mapping.getReader()
        evidence.add("reader.read", "\(first.readerRead) → \(second.readerRead)")
        evidence.add("handed out by the next acquire", try mapping.look(from: first.readerRead).sequences.asRange)
      },
      probe(KernelAnswers.restBeforeNext) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(4)
        evidence.add("id at first", try reader.next()?.meta.readerID ?? .max)
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 4)
        for name in ["rest", "next"] {
          guard let handover = try reader.next() else { continue }
          evidence.add("id of the \(name)", handover.meta.readerID)
          evidence.add("first event of the \(name)", handover.look.sequences.first.map(String.init) ?? "none")
          evidence.add("last event of the \(name)", handover.look.sequences.last.map(String.init) ?? "none")
        }
      },
      probe(KernelAnswers.whereItIs) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4 * ring.eventsPerSubbuffer())
        var results: [String] = []
        var ids: [String] = []
        var events: [String] = []
        for _ in 1...3 {
          results.append(ErrnoName.result(mapping.unsafeGetReader()))
          ids.append(String(mapping.metaPage.readerID))
          events.append(try mapping.look().sequences.asRange)
        }
        evidence.add("ioctls returned", results.joined(separator: ", "))
        evidence.add("reader.id of the meta page", ids.joined(separator: ", "))
        evidence.add("events there", events.joined(separator: ", "))
      },
      probe(KernelAnswers.onceInOrder) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let perSubbuffer = ring.eventsPerSubbuffer()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, perSubbuffer / 2, perSubbuffer + 3, 2 * perSubbuffer] {
            produced += try ring.write(count, from: produced).produced
            delivered += try reader.rest().flatMap(\.look.sequences)
          }
        }
        evidence.add("events that fit", ring.eventsPerRing())
        evidence.addDelivered(delivered, of: produced)
      },
      probeInBothModes(KernelAnswers.extraSubbuffer) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let turns = 3 * (ring.configuration.subbufferCount + 1)
        var ids: Set<UInt32> = []
        var produced: UInt64 = 0
        for _ in 0..<turns {
          produced += try ring.write(ring.eventsPerSubbuffer(), from: produced).produced
          ids.formUnion(try reader.rest().map(\.meta.readerID))
        }
        evidence.add("the writer's sub-buffers", ring.configuration.subbufferCount)
        evidence.add("nr_subbufs", mapping.metaPage.subbufferCount)
        evidence.add("places, with nothing written while one is held", ids.count)
        ids = []
        for _ in 0..<turns {
          produced += try ring.write(ring.eventsPerRing() + ring.eventsPerSubbuffer(), from: produced).produced
          ids.insert(try mapping.getReader().readerID)
        }
        evidence.add("different places", ids.count)
      },
    ]
  }

  /// Writes down what the meta page and what the header say of the size of the data.
  private func addReadAndData(
    _ handover: KernelReader<Ring.Mapping>.Handover?, _ kind: String, _ evidence: inout Evidence
  ) {
    guard let handover else { return }
    evidence.add("\(kind): reader.read", handover.meta.readerRead)
    evidence.add("\(kind): bytes of data by commit", handover.look.dataCount)
  }
}
