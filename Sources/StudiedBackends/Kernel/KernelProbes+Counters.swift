import Study
import SubbufferSource

extension KernelStudy {
  /// Counters against other counters and against the truth.
  var countersProbes: [Probe] {
    [
      probe(KernelAnswers.counters) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("events written", try ring.write(2_000).produced)
        let meta = try mapping.getReader()
        let stats = try ring.stats()
        evidence.add("entries: meta page", meta.entries)
        evidence.add("entries: stats", stats.entries)
        evidence.add("overrun: meta page", meta.overrun)
        evidence.add("overrun: stats", stats.overrun)
        evidence.add("read: meta page", meta.read)
        evidence.add("read events: stats", stats.readEvents)
      },
      probe(KernelAnswers.lostEvents) { (ring, evidence) throws(SourceError) in
        try observeFirstLoss(ring, &evidence)
      },
      probe(KernelAnswers.entriesInBuffer) { (ring, evidence) throws(SourceError) in
        try observeWhatIsLeft(ring, &evidence)
      },
      probe(KernelAnswers.entriesBalance) { (ring, evidence) throws(SourceError) in
        try observeWhatIsLeft(ring, &evidence)
      },
      probe(KernelAnswers.overrunIsLost) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
      },
      probe(KernelAnswers.readIsDelivered) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.read", mapping.metaPage.read)
      },
      probe(KernelAnswers.subbufsNotNeeded) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
        evidence.add("sub-buffers counted by reader.id", handovers.count { $0.isNew })
        evidence.add("sub-buffers with a header of their own", Set(handovers.map(\.look.timestamp)).count)
      },
      probe(KernelAnswers.freeRunning) { (ring, evidence) throws(SourceError) in
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(try ring.map()))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        let told = handovers.filter { $0.isNew && $0.look.hasMissedEvents }.map(\.look.loss.count)
        evidence.add("counts in the headers", told.isEmpty ? "none" : told.joined(separator: ", "))
        evidence.add("last count", told.last ?? "0")
      },
    ]
  }

  /// Overwrites the ring buffer and acquires for the first time.
  func observeFirstLoss(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let mapping = try ring.map()
    evidence.add("events written", try ring.write(3_000).produced)
    let meta = try mapping.getReader()
    let look = try mapping.look()
    evidence.add("first sub-buffer", look.sequences.asRange)
    evidence.add("missing before it", look.sequences.first ?? 0)
    evidence.add("meta.reader.lost_events", meta.readerLostEvents)
    evidence.add("commit", look.commitText)
    evidence.add("bit 31 of commit", look.hasMissedEvents ? 1 : 0)
    evidence.add("told by the header", look.loss.text)
    evidence.add("stats: overrun", try ring.stats().overrun)
  }

  /// Three times overwrites the ring buffer and reads everything.
  /// - Returns: how many events were produced, and what was handed out.
  func loseThreeTimes(
    _ ring: Ring, _ reader: KernelReader<Ring.Mapping>
  ) throws(SourceError) -> (produced: UInt64, handovers: [KernelReader<Ring.Mapping>.Handover]) {
    var reader = reader
    var produced: UInt64 = 0
    var handovers: [KernelReader<Ring.Mapping>.Handover] = []
    for _ in 1...3 {
      produced += try ring.write(2 * ring.eventsPerRing(), from: produced).produced
      handovers += try reader.rest()
    }
    return (produced, handovers)
  }

  /// The counters after one acquire, and how many events come after it.
  private func observeWhatIsLeft(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    var reader = KernelReader(try ring.map())
    evidence.add("events written", try ring.write(2 * ring.eventsPerRing()).produced)
    guard let first = try reader.next() else { return }
    evidence.add("meta.entries", first.meta.entries)
    evidence.add("meta.overrun", first.meta.overrun)
    evidence.add("meta.read", first.meta.read)
    evidence.add("events still delivered", try reader.rest().reduce(0) { $0 + $1.look.sequences.count })
  }
}

extension Loss {
  /// The number of events that was told, for an observation.
  var count: String {
    switch self {
    case .none: "0"
    case .events(let count): String(count)
    case .notTold, .packets, .some, .atMost: "not told"
    }
  }
}
