import Results
import Study
import SubbufferSource
import TracefsABI

extension KernelAnswers {
  static let metaPageStays = Claim.metaPageStays.answered(
    procedure: "Acquire; write three times what fits; read the fields of the meta page; acquire again.",
    [
      .kernel: .assumed(
        "no field of the meta page changes before the next ioctl, which changes entries",
        reaching: [.callUpdated("entries", "entries after the next call")]
      ) { seen in
        try .yes(seen["after the events"] != seen["before the events"], expected: false)
      }
    ])

  static let lostEventsSinceSwap = Claim(
    "lost-events-since-the-swap", .staleness, title: "Is reader.lost_events above 0 exactly after a loss?",
    question: "After an acquire that exchanged the sub-buffer, is reader.lost_events above 0 if events were lost since "
      + "the previous exchange, and only then?",
    source: "V. Donnefort, \(Cited.v11), 2024-01-12: \"My idea was to check this value after the ioctl(). If > 0 then "
      + "events were lost between the that ioctl() and the previous swap.\", and then: \"But now if … we put this information in the "
      + "page itself, we can get rid of this field.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are missing.",
    reaching: lossThenNone,
    [
      .kernelV11: .documented("above 0 after the first, 0 after the second", lostEventsAfterSwaps),
      .kernel: .assumed("as in v11: above 0 after the first, 0 after the second", lostEventsAfterSwaps),
    ])

  static let lossThenNone: [Mark] = [
    .eventsLost("after a loss: events missing before"), .nothingLost("after none: events missing before"),
  ]

  static func lostEventsAfterSwaps(_ seen: Evidence) throws -> Answer {
    let isSetByLoss = try seen.number("after a loss: reader.lost_events") > 0
    let isCleared = try seen.number("after none: reader.lost_events") == 0
    let answer =
      switch (isSetByLoss, isCleared) {
      case (true, true): "yes"
      case (false, true): "no, always 0"
      case (true, false): "no, stale afterwards"
      case (false, false): "no, only without a loss"
      }
    return Answer(answer, expected: "yes")
  }

  static let lostEventsCleared = Claim(
    "lost-events-stale", .staleness, title: "reader.lost_events after a swap without a loss",
    question: "Is reader.lost_events 0 after an exchange before which nothing was lost?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The lost_events may need to be handled differently, as it doesn't "
      + "always get cleared. So it may be stale data.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are missing.",
    reaching: lossThenNone,
    [
      .kernel: .assumed("handled in the merged version: 0") { seen in
        try Answer(lostEventsAfterNone(seen), expected: "0")
      },
      .kernelV11: .documented("stale: the number of the previous loss") { seen in
        try Answer(lostEventsAfterNone(seen), expected: "the previous loss (stale)")
      },
    ])

  static func lostEventsAfterNone(_ seen: Evidence) throws -> String {
    let value = try seen.number("after none: reader.lost_events")
    if value == 0 { return "0" }
    return try value == seen.number("after a loss: events missing before")
      ? "the previous loss (stale)" : "another number"
  }

  static let releasedIsEmpty = Claim(
    "released-subbuffer-is-empty", .staleness, title: "Commit word of a released sub-buffer",
    question: "Is the commit word of a sub-buffer 0 after the next one was acquired?",
    source: "kernel/trace/ring_buffer.c, rb_get_reader_page, Linux 6.10: \"Reset the reader page to size zero.\", and "
      + "page->commit is among what is set to 0; this ends with \"tracing: ring_buffer: Rewind persistent ring buffer on reboot\" "
      + "(ca296d32ece3, Linux 6.17), which keeps it",
    procedure: "Write three and a half sub-buffers; acquire them one by one. After each acquire that exchanged the "
      + "reader sub-buffer, decode the previous one, by its id, up to its commit word.",
    reaching: [.subbuffers("sub-buffers released with events", atLeast: 2)],
    [
      .kernel: .assumed("as in Linux 6.10: it is 0, and no event that was handed out is readable there") { seen in
        let released = try seen.number("sub-buffers released with events")
        let nonzero = try seen.number("of them with a commit word that is not 0")
        if nonzero != 0 { return Answer(nonzero == released ? "not 0" : "not always 0", expected: "0") }
        let hasEvents = try seen.number("events in them that were handed out before") != 0
        return Answer(hasEvents ? "0, events still readable" : "0", expected: "0")
      }
    ])

  static let flagOfLastLap = Claim(
    "flag-of-the-last-lap", .staleness, title: "Is the missed-events flag cleared on reuse?",
    question: "Is the flag of a sub-buffer cleared when it is handed out again with nothing missing before?",
    source: "undocumented; kernel/trace/ring_buffer.c, rb_tail_page_update, when the writer moves to the "
      + "sub-buffer: \"No need to worry about races with clearing out the commit.\"",
    procedure: "Overwrite the ring buffer and acquire a flagged sub-buffer; then write sub-buffer by sub-buffer and "
      + "read everything, until it is the reader's again.",
    reaching: [
      .flagSet("bit 31 at first"),
      Mark("subbuffer-reused", "the sub-buffer was the reader's again") { seen in try seen["came again"] == "1" },
      .nothingLost("events missing before it then"),
    ],
    [
      .kernel: .assumed("bit 31 of commit is not set") { seen in
        try .yes(seen["bit 31 when it came again"] == "0")
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
    ])

  static let bytesBehindData = Claim.bytesBehindData.answered(
    procedure:
      "Write what fits of small events, and then twice what fits of large ones, which leave more room; acquire a full "
      + "sub-buffer before which events are missing, and continue to the partial one. Count the bytes that are not 0 "
      + "after the data and after the count of lost events, if there is one.",
    [
      .kernel: .assumed(
        "allowed by v4: nothing clears them, and they are old tracing data",
        reaching: [.eventsLost("full: events missing before"), Claim.bytesAfterFull], Claim.oldDataAfterFull),
      .kernelV11: .assumed(
        "in the partial one: in v11 the data of a full one extends to its end",
        reaching: [.bytesAfterData("partial: bytes behind the data")]
      ) { seen in
        try .yes(seen.number("partial: of them not 0") > 0)
      },
    ])

  static let freshBytes = Claim.freshBytes.answered(
    procedure: "Write 16 events into a new ring buffer, acquire; count the bytes after the data that are not 0.",
    [
      .kernel: .documented("all of them are 0", Claim.zeroAfterData)
    ])
}

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
