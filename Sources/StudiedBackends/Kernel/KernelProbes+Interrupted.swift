import Study
import SubbufferSource

extension KernelStudy {
  /// A writer that is interrupted between reserve and commit by others that fill the ring buffer.
  var interruptedProbes: [Probe] {
    [
      probe(KernelAnswers.overwriteBesideUncommitted, boot: bootOfInterruptedWrites) {
        (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        evidence.add("events written inside", try ring.writeInterrupted(seenBy: mapping) {})
        // Before more is written, which would overwrite the first sub-buffer.
        var reader = KernelReader(mapping)
        let looks = try reader.rest().map(\.look)
        // The interrupted event is no marker either.
        evidence.add("of them delivered", max(0, looks.reduce(0) { $0 + $1.otherCount } - 1))
        evidence.add("markers delivered, of 4", looks.reduce(0) { $0 + $1.sequences.count })
        try ring.write(4, from: 4)
        let later = try reader.rest().map(\.look)
        evidence.add("later markers delivered, of 4", later.reduce(0) { $0 + $1.sequences.count })
        evidence.add("sub-buffers with bit 31 of commit", (looks + later).count { $0.hasMissedEvents })
        evidence.add("meta.overrun", mapping.metaPage.overrun)
        evidence.add("stats: commit overrun", try ring.stats().commitOverrun)
      },
      inTimeProbe(KernelAnswers.lossBeforeUncommitted, observeLossBeforeUncommitted),
      inTimeProbe(KernelAnswers.caughtUpWithUncommitted, observeCaughtUp),
    ]
  }

  /// On a live ring buffer the reader may come too late, when the event is committed: on a new ring buffer again then.
  /// - Parameter observe: returns whether the event was uncommitted when the reader acquired.
  private func inTimeProbe(
    _ claim: Claim,
    _ observe: @escaping @Sendable (Ring, inout Evidence) throws(SourceError) -> Bool
  ) -> Probe {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return Probe(claim, boot: bootOfInterruptedWrites) { (evidence) throws(SourceError) in
      var attempts = 0
      var isInTime = false
      while !isInTime, attempts < 8 {
        attempts += 1
        try withProbeRing(configuration) { (ring) throws(SourceError) in isInTime = try observe(ring, &evidence) }
      }
      evidence.add("ring buffers until the reader was in time", attempts)
    }
  }

  /// - Returns: whether the event was uncommitted when the reader acquired.
  private func observeLossBeforeUncommitted(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) -> Bool {
    let mapping = try ring.map()
    var reader = KernelReader(mapping)
    // Everything is unread, and the writer is in the middle of a sub-buffer.
    try ring.write(2 * ring.eventsPerRing() + ring.eventsPerSubbuffer() / 2)
    var first: KernelReader<Ring.Mapping>.Handover?
    _ = try ring.writeInterrupted(seenBy: mapping) { () throws(SourceError) in first = try reader.next() }
    let rest = try reader.rest()
    guard let first else { return false }
    let later = rest.first.map { $0.meta.readerID == first.meta.readerID && !$0.isNew ? $0.look.otherCount : 0 } ?? 0
    let isInTime = first.look.otherCount == 0 && later > 0
    guard isInTime else { return false }
    evidence.add("events missing before", first.missing)
    evidence.add("commit", first.look.commitText)
    evidence.add("told by the header", first.look.hasMissedEvents ? first.look.loss.text : "none")
    evidence.add("reader.lost_events", first.meta.readerLostEvents)
    evidence.add("meta.overrun", first.meta.overrun)
    evidence.add("other events in it after the commit", later)
    evidence.add("told by later headers", rest.count { $0.isNew && $0.look.hasMissedEvents })
    return true
  }
  /// - Returns: whether the event was uncommitted when the reader acquired.
  private func observeCaughtUp(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) -> Bool {
    let mapping = try ring.map()
    var reader = KernelReader(mapping)
    try ring.write(4)
    // The reader sub-buffer is the writer's then, and read as far as it is committed.
    _ = try reader.rest()
    let isOnIt = mapping.metaPage.readerID
    var before: String?
    var after: String?
    var handover: KernelReader<Ring.Mapping>.Handover?
    _ = try ring.writeInterrupted(seenBy: mapping) { () throws(SourceError) in
      before = ring.kernelTaint
      handover = try reader.next()
      after = ring.kernelTaint
    }
    let meta = mapping.metaPage
    let rest = try reader.rest()
    let later = rest.first.map { $0.meta.readerID == isOnIt && !$0.isNew ? $0.look.otherCount : 0 } ?? 0
    guard handover == nil, later > 0 else { return false }
    evidence.add("entries - overrun - read", Int64(meta.entries) - Int64(meta.overrun) - Int64(meta.read))
    evidence.add("other events in it after the commit", later)
    if let before, let after {
      evidence.add("kernel's taint before", before)
      evidence.add("kernel's taint after", after)
    }
    return true
  }
}
