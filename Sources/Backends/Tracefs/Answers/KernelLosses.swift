import Platform
import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let overwriteBesideUncommitted = Claim.overwriteBesideUncommitted.answered(
    procedure:
      "In overwrite mode write 4 events; interrupt the writer of one more, before its commit, by kprobe events on a "
      + "function that the assignment of its event calls, of which each needs a sub-buffer; let it commit. Write 4 more "
      + "and read everything.",
    [
      .kernel: .assumed(
        "from kernel/trace/ring_buffer.c, rb_move_tail (\"bail, and warn about it\"): they are dropped, and \"commit "
          + "overrun\" of per_cpu/cpuN/stats alone has their number",
        reaching: [
          .writerInsideWrite { seen in try seen.number("events written inside") > 0 },
          .eventsLost { seen in try seen.number("events written inside") - seen.number("of them delivered") },
        ]
      ) { seen in
        let lost = try seen.number("events written inside") - seen.number("of them delivered")
        let answer =
          if try seen.number("meta.overrun") == lost {
            "dropped, counted exactly"
          } else if try seen.number("sub-buffers with bit 31 of commit") > 0 {
            "dropped, marked by a flag"
          } else if try seen.number("stats: commit overrun") == lost {
            "dropped, counted by stats alone"
          } else {
            "dropped, not counted"
          }
        return Answer(answer, expected: "dropped, counted by stats alone")
      }
    ])

  static let lossBeforeUncommitted = Claim(
    "loss-before-an-uncommitted-event", .losses, title: "A loss before a sub-buffer that is still written",
    question: "If others interrupted a write and overwrote everything before its sub-buffer, and the reader takes that "
      + "sub-buffer before the write is committed: where is the loss reported?",
    source: "S. Rostedt, commit 4fc78a7c9ca9 (\"ring-buffer: Do not trigger WARN_ON() due to a commit_overrun\"), "
      + "2025-05-28, in Linux 6.16, ring_buffer_map_get_reader: \"In this case it's not an error, but it should still be "
      + "reported.\", \"TODO: Add missed events to the page for user space to know.\"",
    procedure: "In overwrite mode fill the ring buffer twice and half a sub-buffer, without reading. Have the writer "
      + "interrupted, between reserve and commit, by others that need more than the ring buffer; acquire on another CPU "
      + "meanwhile; let it commit, and read everything: its sub-buffer then has more events. Again on a new ring buffer, "
      + "up to eight times, if the acquire came after the commit.",
    reaching: [
      // Recorded only if the acquire came before the commit.
      .writerInsideWrite { seen in seen.observations.contains { $0.name == "events missing before" } },
      .eventsLost("events missing before"),
    ],
    [
      .kernel: .documented("as any loss: in the header of the sub-buffer") { seen in
        try lossBeforeUncommitted(seen, expected: "in the header")
      },
      .kernelV11: .assumed("as any loss: in reader.lost_events") { seen in
        try lossBeforeUncommitted(seen, expected: "in reader.lost_events")
      },
    ])

  static func lossBeforeUncommitted(_ seen: Evidence, expected: String) throws -> Answer {
    let missing = try seen.number("events missing before")
    let answer =
      if try seen["told by the header"] != "none" {
        "in the header"
      } else if try seen.number("reader.lost_events") == missing {
        "in reader.lost_events"
      } else if try seen.number("told by later headers") > 0 {
        "in a later header"
      } else if try seen.number("meta.overrun") == missing {
        "in meta.overrun alone"
      } else {
        "nowhere"
      }
    return Answer(answer, expected: expected)
  }

  static let discardDropsNewest = Claim.discardDropsNewest.answered(
    procedure: "Write three times what fits without a reader; read everything.",
    [
      .kernel: .documented("the oldest are complete, from the first on without a gap", Claim.newestLost)
    ])

  static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered(
    procedure: "Write three times what fits without a reader; read everything.",
    [
      .kernel: .documented("the newest are complete, up to the last without a gap", Claim.oldestLost)
    ])

  static let discardCapacity = Claim.discardCapacity.answered(
    procedure:
      "Write three times what fits; read everything. The number of filled sub-buffers is the number of delivered events "
      + "divided by those of the fullest, rounded up.",
    [
      .kernel: .assumed("all but the reader's: nr_subbufs - 1") { seen in
        let (filled, all) = try (seen.number("sub-buffers that were filled"), seen.number("nr_subbufs"))
        let answer = filled == all ? "all" : filled == all - 1 ? "all but the reader's" : "fewer"
        return Answer(answer, expected: "all but the reader's")
      }
    ])

  static let roomAfterRelease = Claim.roomAfterRelease.answered([
    .kernel: .assumed(
      "from the exchange: a sub-buffer's worth after each acquire: the reader's old one, unused or read, goes to the writer"
    ) { seen in
      let one = try seen.number("events of a sub-buffer")
      let answer =
        switch try (
          seen.number("events accepted while it is full"), seen.number("events accepted after the first acquire"),
          seen.number("events accepted after the second acquire")
        ) {
        case (0, one, one): "each acquire"
        case (0, 0, one): "the second acquire"
        case (0, _, _): "another amount of room"
        default: "none, it is not full"
        }
      return Answer(answer, expected: "each acquire")
    }
  ])

  static let writerTold = Claim.writerTold.answered(
    procedure:
      "Write twice what fits without a reader; count the writes that failed, and compare with \"dropped events\" of "
      + "per_cpu/cpuN/stats.",
    [
      .kernel: .assumed(
        "from the code: as many writes fail as events are dropped, the first with EBADF",
        reaching: [.eventsDropped("stats: dropped events")]
      ) { seen in
        let dropped = try seen.number("stats: dropped events")
        let failed = try seen.number("writes that failed")
        let answer = failed == dropped ? try "yes: \(seen.code("errno of the first"))" : Claim.learned(failed)
        return Answer(answer, expected: "yes: EBADF")
      }
    ])

  static let discardCounted = Claim.discardCounted.answered(
    procedure: "Write three times what fits without a reader; read everything.",
    [
      .kernel: .assumed(
        "by the words of trace_mmap.h: overrun is the number of entries lost, so it is the number of dropped events"
      ) { seen in
        let isSilent =
          try seen.number("meta.overrun") == 0 && seen["meta.reader.lost_events, summed"] == "0"
          && seen["sub-buffers with the missed-events flag"] == "0"
        let report = try seen.report("meta.overrun", of: seen.lost)
        return Answer(isSilent ? "no indication" : report, expected: "exact")
      }
    ])

  static let overwriteUncounted = Claim.overwriteUncounted.answered(
    procedure: "Write three times what fits without a reader; read everything.",
    [
      .kernel: .assumed("no counter of the reader ABI is the number of lost events", from: "LTTng") { seen in
        let report = try seen.report("meta.overrun", of: seen.lost)
        return Answer(report, isExpected: report != "exact")
      }
    ])

  static let receivedPlusDiscarded = Claim.receivedPlusDiscarded.answered(
    procedure: "Three times: write twice what fits, then read everything.",
    [
      .kernel: .assumed(
        "received plus \"dropped events\" of per_cpu/cpuN/stats, outside the reader ABI, is the sum", from: "lttng-ust"
      ) { seen in
        let isSum = try seen.number("stats: dropped events") == seen.lost
        return Answer(isSum ? "yes, with the stats file" : "no", expected: "yes, with the stats file")
      }
    ])

  static let lossBetweenAcquires = Claim.lossBetweenAcquires.answered([
    .kernel: .documented("the header of the second contains the number of events missing between them") { seen in
      let missing = try seen.number("events missing between the two")
      let answer =
        switch try seen["told by the header of the second"] {
        case "\(missing) events": "exact"
        case "none": "no indication"
        case "some, number not told": "flag only"
        default: "wrong number"
        }
      return Answer(answer, expected: "exact")
    },
    .kernelV11: .documented("reader.lost_events is the number of events missing between them") { seen in
      let missing = try seen.number("events missing between the two")
      return try Answer(seen.report("meta.reader.lost_events of the second", of: missing), expected: "exact")
    },
  ])
}

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

extension TracefsStudy {
  /// Probes of the loss reports to the writer.
  var liveLossesProbes: [Probe] {
    [
      probe(KernelAnswers.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(2 * ring.eventsPerRing())
        evidence.add("events produced", truth.produced)
        evidence.add("writes that failed", truth.refused)
        evidence.add("errno of the first", ErrnoName.text(truth.firstErrno))
        evidence.add("stats: dropped events", try ring.stats().droppedEvents)
      }
    ]
  }
}
