import Study
import SubbufferSource
import TracefsBackend
import Workload

extension TracefsStudy {
  /// What the reader learns of lost events.
  var lossProbes: [Probe] {
    [
      probe(
        .counters, "as stated: after the same load and one acquire the three pairs are equal"
      ) { (ring, _) throws(SourceError) in
        let mapped = try ring.map()
        try ring.write(2_000)
        let meta = try mapped.getReader()
        let stats = try ring.instance.stats(cpu: ring.cpu)
        return .decided(
          meta.entries == stats.entries && meta.overrun == stats.overrun && meta.read == stats.readEvents,
          [
            Observation("written", 2_000),
            Observation("entries: meta page, stats", "\(meta.entries), \(stats.entries)"),
            Observation("overrun: meta page, stats", "\(meta.overrun), \(stats.overrun)"),
            Observation("read: meta page, stats", "\(meta.read), \(stats.readEvents)"),
          ])
      },
      probe(
        .lostEvents, "as stated: reader.lost_events is the number of sequence numbers missing before the first event"
      ) { (ring, decoder) throws(SourceError) in
        let loss = try FirstLoss(ring, decoder)
        guard loss.missing > 0 else { return .nothingLost(loss.evidence) }
        return .decided(loss.meta.readerLostEvents == loss.missing, loss.evidence)
      },
      probe(
        .lossToldTwice, "as stated: the missed-events flag is in commit, and reader.lost_events is not 0"
      ) { (ring, decoder) throws(SourceError) in
        let loss = try FirstLoss(ring, decoder)
        guard loss.missing > 0 else { return .nothingLost(loss.evidence) }
        return .decided(loss.look.header.hasMissedEvents && loss.meta.readerLostEvents > 0, loss.evidence)
      },
      probe(
        .countWhereRoom, "as stated: bit 30 of commit is set where at least 8 bytes are free behind the data, else not"
      ) { (_, decoder) throws(SourceError) in
        try countWhereRoom(decoder)
      },
      probe(
        .discardCounted,
        "trace_mmap.h taken at its word: overrun is the number of entries lost, so it is the number dropped",
        mode: .discard
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        let truth = try ring.write(3_000)
        let reader = try AllEvents(mapped, decoder)
        let stats = try ring.instance.stats(cpu: ring.cpu)
        let lost = truth.produced.lost(delivered: reader.sequences.count)
        let meta = mapped.metaPage
        let evidence = [
          Observation("produced, delivered, lost", "\(truth.produced), \(reader.sequences.count), \(lost.orMore)"),
          Observation("meta.overrun", meta.overrun),
          Observation("meta.reader.lost_events, summed", reader.lostEvents),
          Observation("sub-buffers with the missed-events flag", reader.flagged),
          Observation("stats: dropped events", stats.droppedEvents),
          Observation("writer refused", "\(truth.refused) times, first errno \(ErrnoName.text(truth.firstErrno))"),
        ]
        guard let lost, lost > 0 else { return .nothingLost(evidence) }
        return .decided(meta.overrun == lost, evidence)
      },
      probe(
        .overwriteUncounted,
        "the same as LTTng's: no counter of the reader ABI is the number of lost events",
        basis: .counterpart
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        let truth = try ring.write(3_000)
        let reader = try AllEvents(mapped, decoder)
        let lost = truth.produced.lost(delivered: reader.sequences.count)
        let meta = mapped.metaPage
        let evidence = [
          Observation("produced, delivered, lost", "\(truth.produced), \(reader.sequences.count), \(lost.orMore)"),
          Observation("meta.overrun", meta.overrun),
          Observation("sub-buffers with the missed-events flag", reader.flagged),
        ]
        guard let lost, lost > 0 else { return .nothingLost(evidence) }
        return .decided(meta.overrun != lost, evidence)
      },
    ]
  }

  /// Overwrites with events of several sizes, so that the room left behind the data differs.
  private func countWhereRoom(_ decoder: FtracePageDecoder) throws(SourceError) -> Finding {
    var evidence: [Observation] = []
    var agreed = true
    var withRoom = 0
    var withoutRoom = 0
    for payload in [UInt32(0), 8, 12, 16, 2004, 4040, 4044] {
      let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
      let (room, look) = try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        let mapped = try ring.map()
        try ring.write(3_000, payload: payload)
        let meta = try mapped.getReader()
        let look = try TracefsLook(mapped, decoder)
        return (Int(meta.subbufferSize) - look.header.endOfData, look)
      }
      if look.header.hasMissedEvents {
        if room >= 8 { withRoom += 1 } else { withoutRoom += 1 }
        agreed = agreed && (look.header.commit & PageHeader.missedStored != 0) == (room >= 8)
      }
      evidence.append(
        Observation(
          "payload \(payload)",
          "\(room) bytes free, commit 0x\(String(look.header.commit, radix: 16)), told: \(look.loss.text)"))
    }
    guard withRoom > 0, withoutRoom > 0 else {
      return Finding(
        .inconclusive, reason: "\(withRoom) losses with room and \(withoutRoom) without: both are needed",
        evidence: evidence)
    }
    return .decided(agreed, evidence)
  }
}

/// The first sub-buffer after the ring buffer was overwritten.
private struct FirstLoss {
  let meta: MetaPage
  let look: TracefsLook
  let missing: UInt64
  let evidence: [Observation]

  init(_ ring: TracefsRing, _ decoder: FtracePageDecoder) throws(SourceError) {
    let mapped = try ring.map()
    try ring.write(3_000)
    meta = try mapped.getReader()
    look = try TracefsLook(mapped, decoder)
    missing = look.sequences.first ?? 0
    evidence = [
      Observation("written", "0 … 2999"),
      Observation("first sub-buffer", look.sequences.asRange),
      Observation("missing before it", missing),
      Observation("meta.reader.lost_events", meta.readerLostEvents),
      Observation("commit", "0x\(String(look.header.commit, radix: 16))"),
      Observation("told by the header", look.loss.text),
      Observation("stats: overrun", try ring.instance.stats(cpu: ring.cpu).overrun),
    ]
  }
}

/// All that can be read at the one-to-one layer, acquire by acquire.
private struct AllEvents {
  var sequences: [UInt64] = []
  var lostEvents: UInt64 = 0
  var flagged = 0

  init(_ mapped: borrowing MappedRingBuffer, _ decoder: FtracePageDecoder) throws(SourceError) {
    var last: (id: UInt32, read: UInt32) = (mapped.readerID, mapped.readerRead)
    while true {
      let meta = try mapped.getReader()
      if meta.readerID == last.id, meta.readerRead == last.read { return }
      let from = meta.readerID == last.id ? last.read : 0
      let look = try TracefsLook(mapped, decoder, from: from)
      sequences += look.sequences
      if from == 0 {
        lostEvents += meta.readerLostEvents
        if look.header.hasMissedEvents { flagged += 1 }
      }
      last = (meta.readerID, meta.readerRead)
    }
  }
}
