import Study
import SubbufferSource
import TracefsBackend

extension KernelStudy {
  /// Probes of stale data.
  var stalenessProbes: [Probe] {
    [
      probe(KernelAnswers.metaPageStays) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let written = try ring.write(4).produced
        let meta = try mapping.getReader()
        evidence.add("before the events", meta.allCounters)
        try ring.write(3 * ring.eventsPerRing(), from: written)
        evidence.add("after the events", mapping.metaPage.allCounters)
        evidence.add("entries", meta.entries)
        evidence.add("entries after the next call", try mapping.getReader().entries)
      },
      probe(KernelAnswers.lostEventsSinceSwap) { (ring, evidence) throws(SourceError) in
        try observeLossThenNone(ring, &evidence)
      },
      probe(KernelAnswers.lostEventsCleared) { (ring, evidence) throws(SourceError) in
        try observeLossThenNone(ring, &evidence)
      },
      probe(KernelAnswers.releasedIsEmpty) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let perSubbuffer = ring.eventsPerSubbuffer()
        try ring.write(3 * perSubbuffer + perSubbuffer / 2)
        var held: KernelReader<Ring.Mapping>.Handover?
        var released: [KernelLook] = []
        while let handover = try reader.next() {
          if handover.isNew, let held { released.append(try mapping.look(at: held.meta.readerID, from: 0, end: nil)) }
          held = handover
        }
        evidence.add("sub-buffers released with events", released.count)
        evidence.add("their commit words", released.map(\.commitText).joined(separator: ", "))
        evidence.add("of them with a commit word that is not 0", released.count { $0.commit != 0 })
        evidence.add("events in them that were handed out before", released.map(\.sequences.count).reduce(0, +))
      },
      probe(KernelAnswers.flagOfLastLap) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        var written = try ring.write(2 * ring.eventsPerRing()).produced
        guard let flagged = try reader.next() else { return }
        evidence.add("id", flagged.meta.readerID)
        evidence.add("bit 31 at first", flagged.look.hasMissedEvents ? 1 : 0)
        for _ in 0..<3 * ring.configuration.subbufferCount {
          let again = try reader.rest().first { $0.isNew && $0.meta.readerID == flagged.meta.readerID }
          if let again {
            evidence.add("came again", 1)
            evidence.add("events missing before it then", again.missing)
            evidence.add("bit 31 when it came again", again.look.hasMissedEvents ? 1 : 0)
            return
          }
          written += try ring.write(ring.eventsPerSubbuffer(), from: written).produced
        }
        evidence.add("came again", 0)
      },
      probe(KernelAnswers.bytesBehindData) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let small = try ring.write(ring.eventsPerRing()).produced
        let large = 2 * ring.eventsPerRing(payload: largePayload)
        try ring.write(large, from: small, payload: largePayload)
        try ring.write(ring.eventsPerSubbuffer() / 2, from: small + large)
        for kind in ["full", "partial"] {
          guard let handover = kind == "full" ? try reader.next() : try reader.rest().last else { return }
          evidence.add("\(kind): events", handover.look.sequences.asRange)
          evidence.add("\(kind): events missing before", handover.missing)
          evidence.add("\(kind): commit", handover.look.commitText)
          try addBytesBehindData(handover, in: mapping, "\(kind): ", &evidence)
        }
      },
      probe(KernelAnswers.freshBytes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        try ring.write(16)
        guard let handover = try reader.next() else { return }
        try addBytesBehindData(handover, in: mapping, "", &evidence)
      },
    ]
  }

  /// A sub-buffer before which events are missing, and the next, before which none are.
  private func observeLossThenNone(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    var reader = KernelReader(try ring.map())
    try ring.write(2 * ring.eventsPerRing())
    for kind in ["after a loss", "after none"] {
      guard let handover = try reader.next() else { return }
      evidence.add("\(kind): events missing before", handover.missing)
      evidence.add("\(kind): reader.lost_events", handover.meta.readerLostEvents)
      evidence.add("\(kind): told by the header", handover.look.loss.text)
    }
  }

  /// Counts the bytes after the data, and after the count of lost events where it is stored there.
  private func addBytesBehindData(
    _ handover: KernelReader<Ring.Mapping>.Handover, in mapping: Ring.Mapping, _ prefix: String,
    _ evidence: inout Evidence
  ) throws(SourceError) {
    let count = handover.look.hasMissedStored ? 8 : 0
    let behind = try mapping.bytes(of: handover.meta.readerID).suffix(max(0, handover.look.room - count))
    evidence.add("\(prefix)bytes behind the data", behind.count)
    evidence.add("\(prefix)of them not 0", behind.count { $0 != 0 })
  }
}
