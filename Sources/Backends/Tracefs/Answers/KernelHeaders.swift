import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let noEmptyPacket = "an acquire does not hand out a sub-buffer without events, and a header has no id"

  static let lossToldTwice = Claim(
    "loss-told-twice", .headers, title: "Is a loss reported in both header and meta page?",
    question: "Is a loss reported in the sub-buffer's header and in the meta page?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I'm thinking both may be good\", \"If anything, it should be in both locations. In the sub-buffer "
      + "header, to be consistent with the read/splice version, and in the meta page\"",
    procedure: "Write 3000 events, which overwrite the ring buffer, and acquire once.",
    reaching: [.eventsLost("missing before it")],
    [
      .kernel: .assumed(
        "as proposed for v11: the missed-events flag is set in commit, and reader.lost_events is not 0"
      ) { seen in
        let answer =
          switch try (seen["bit 31 of commit"] == "1", seen.number("meta.reader.lost_events") > 0) {
          case (true, true): "yes"
          case (true, false): "only in the header"
          case (false, true): "only in the meta page"
          case (false, false): "in neither"
          }
        return Answer(answer, expected: "yes")
      }
    ])

  static let countWhereRoom = Claim(
    "count-stored-where-room", .headers, title: "Is the loss count stored exactly where 8 bytes are free?",
    question: "Is the number of lost events stored in the sub-buffer exactly if there is room for it after the data?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-12: \"When there's no room, it just sets a flag that there was missed "
      + "events but doesn't give how many events were missed.\"; kernel/trace/ring_buffer.c, "
      + "ring_buffer_map_get_reader: \"If there is room at the end of the page to save the missed events, then record "
      + "it there.\"",
    procedure: "Overwrite ring buffers with events of several sizes, some of which leave less than 8 bytes after the "
      + "data of a sub-buffer; acquire once each.",
    reaching: [
      Mark("losses-flagged", "every loss is flagged") { seen in
        try seen.all("payload ").allSatisfy { $0.contains("bit 31: 1") }
      },
      Mark("with-and-without-room", "there were losses with room for the count, and without") { seen in
        let rooms = try seen.all("payload ").map(roomAndText).map(\.room)
        return rooms.contains { $0 >= 8 } && rooms.contains { $0 < 8 }
      },
    ],
    [
      .kernel: .documented(
        "bit 30 of commit is set if at least 8 bytes are free after the data, and only then", storedWhereRoom),
      .kernelV11: .doesNotApply(
        to: "a count stored after the data", "as posted in v11 the ioctl does not change the sub-buffer's header"),
    ])

  /// The evidence of each size is "ROOM bytes free, bit 31: B, bit 30: B".
  static func storedWhereRoom(_ seen: Evidence) throws -> Answer {
    for (room, text) in try seen.all("payload ").map(roomAndText) where text.contains("bit 30: 1") != (room >= 8) {
      return Answer(room >= 8 ? "no, missing despite room" : "no, also without room", expected: "yes")
    }
    return Answer("yes", expected: "yes")
  }

  static func roomAndText(_ text: String) throws -> (room: Int, text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 7, let room = Int(words[0]) else { throw Undecided("“\(text)” cannot be read") }
    return (room, text)
  }

  static let flagMeansMissed = Claim.flagMeansMissed.answered([
    .kernel: .documented(
      "bit 31 of commit is set if events are missing before, and only then", reaching: Claim.lossesAndOthers,
      Claim.markedWhereMissing),
    .kernelV11: .documented(
      "bit 31 of commit is never set", reaching: [.eventsLost("with events missing before")]
    ) { seen in
      try Answer(Claim.markedSubbuffers(seen), expected: "no, never")
    },
  ])

  static let countBesideGap = Claim.countBesideGap.answered(
    procedure:
      "Three times lose events, in overwrite mode, and read everything. Record the size of each gap and the counts of "
      + "the sub-buffers on both sides of it. The events leave room at the end of a sub-buffer.",
    [
      .kernel: .documented("the header of the sub-buffer after each gap contains its size") { seen in
        try Claim.sideOfCount(seen, .after)
      },
      .kernelV11: .doesNotApply(
        to: "a count in the sub-buffer's header", "as posted in v11 the ioctl does not change the header"),
    ])

  static let countsSumUp = Claim(
    "stored-counts-sum-up", .headers, title: "Do the stored loss counts add up to the true loss?",
    question: "Over several losses, is the sum of the counts in the headers the number of lost events, and overrun?",
    source: "S. Rostedt, ring-buffer: Add place holder recording of dropped events (66a8cb95ed04), 2010-03-31: "
      + "\"When a reader swaps out a page from the ring buffer, it can record this number, perfom the swap, and then "
      + "check to see if the number changed, and take the diff if it has, which would be the number of events "
      + "dropped.\"",
    procedure: "Three times: overwrite the ring buffer and read everything. The events leave room for the count.",
    reaching: [.eventsLost],
    [
      .kernel: .documented("the sum is the number of lost events, and meta.overrun") { seen in
        let lost = try seen.lost
        if try seen.number("sum of the stored counts") != lost { return Answer("no", expected: "yes") }
        return try Answer(seen.number("meta.overrun") == lost ? "yes" : "yes, overrun differs", expected: "yes")
      },
      .kernelV11: .doesNotApply(
        to: "a count in the sub-buffer's header", "as posted in v11 the ioctl does not change the header"),
    ])

  static let commitHighBits = Claim(
    "commit-bits-32-to-63", .headers, title: "Bits 32 to 63 of the commit word after a loss",
    question: "Are bits 32 to 63 of the commit word 0 if events were missed?",
    source: "undocumented; libtraceevent, kbuffer-parse.c: MISSING_EVENTS is 1UL << 31, MISSING_STORED is "
      + "1UL << 30; events/header_page: \"local_t commit; offset:8; size:8; signed:1\"",
    procedure: "Read the whole word of a full sub-buffer before which nothing is missing, and of one before which "
      + "events are missing.",
    reaching: [.flagClear("nothing missing: bit 31"), .flagSet("events missing: bit 31")],
    [
      .kernel: .assumed("the flags are only bits 30 and 31: bits 32 to 63 are 0 in both") { seen in
        if try seen["nothing missing: bits 32 to 63"] != "0x0" {
          return Answer("not 0, even without a loss", expected: "0")
        }
        let bits = try seen["events missing: bits 32 to 63"]
        return Answer(bits == "0x0" ? "0" : bits == "0xffffffff" ? "all ones" : "not 0", expected: "0")
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
    ])

  static let flagStays = Claim(
    "flag-stays-while-held", .headers, title: "Does the loss flag stay while the sub-buffer is held?",
    question: "Does the header of the reader's sub-buffer report the same loss at every look while it is held?",
    source: "undocumented; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, writes it once, at the "
      + "exchange",
    procedure: "Overwrite the ring buffer and acquire; read the header again after more events, and in a second "
      + "mapping.",
    reaching: [.flagSet("bit 31 of commit")],
    [
      .kernel: .assumed("the commit word is the same each time, with bit 31 set") { seen in
        let commit = try seen["commit"]
        return try .yes(
          seen["commit after more events"] == commit && seen["commit in a second mapping"] == commit)
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
    ])

  static let timesInOrder = Claim.timesInOrder.answered(
    procedure: "Write five and a half sub-buffers, and compare the times of all headers and events.",
    [
      .kernel: .assumed("no header is later than its first event, or earlier than the last event before it") { seen in
        try Answer(Claim.timesOfHeaders(seen), expected: "yes")
      }
    ])

  static let dataSizeWithLoss = Claim.dataSizeWithLoss.answered([
    .kernel: .assumed("the same number of events have the same number of bytes of data", Claim.sizeAfterLoss)
  ])
}

extension KernelStudy {
  /// Flags and counts in the header of a sub-buffer.
  var headersProbes: [Probe] {
    [
      probe(KernelAnswers.lossToldTwice) { (ring, evidence) throws(SourceError) in
        try observeFirstLoss(ring, &evidence)
      },
      countWhereRoomProbe,
      probe(KernelAnswers.flagMeansMissed) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        var produced: UInt64 = 0
        var new: [KernelReader<Ring.Mapping>.Handover] = []
        for count in loadsWithAndWithoutLoss(ring.eventsPerRing(), ring.eventsPerSubbuffer()) {
          produced += try ring.write(count, from: produced).produced
          new += try reader.rest().filter(\.isNew)
        }
        let missing = new.filter { $0.missing > 0 }
        evidence.add("sub-buffers handed out", new.count)
        evidence.add("with events missing before", missing.count)
        evidence.add("marked, of those", missing.count { $0.look.hasMissedEvents })
        evidence.add("marked, of the others", new.count { $0.missing == 0 && $0.look.hasMissedEvents })
      },
      probe(KernelAnswers.countBesideGap) { (ring, evidence) throws(SourceError) in
        let (_, handovers) = try loseThreeTimes(ring, KernelReader(try ring.map()))
        let new = handovers.filter(\.isNew)
        var gaps = 0
        for (index, handover) in new.enumerated() where handover.missing > 0 {
          gaps += 1
          evidence.add("size of gap \(gaps)", handover.missing)
          evidence.add("count before gap \(gaps)", index == 0 ? "none before" : new[index - 1].look.loss.count)
          evidence.add("count behind gap \(gaps)", handover.look.loss.count)
        }
        evidence.add("gaps", gaps)
      },
      probe(KernelAnswers.countsSumUp) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        let counts = handovers.filter(\.isNew).compactMap { UInt64($0.look.loss.count) }
        evidence.add("sum of the stored counts", counts.reduce(0, +))
        evidence.add("meta.overrun", mapping.metaPage.overrun)
      },
      probe(KernelAnswers.commitHighBits) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let written = try ring.write(2 * ring.eventsPerSubbuffer()).produced
        guard let full = try reader.next() else { return }
        addCommitWord(try mapping.bytes(of: full.meta.readerID), "nothing missing", &evidence)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        guard let flagged = try reader.untilMissing() else { return }
        addCommitWord(try mapping.bytes(of: flagged.meta.readerID), "events missing", &evidence)
      },
      probe(KernelAnswers.flagStays) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let written = try ring.write(2 * ring.eventsPerRing()).produced
        let id = try mapping.getReader().readerID
        let look = try mapping.look()
        evidence.add("bit 31 of commit", look.hasMissedEvents ? 1 : 0)
        evidence.add("commit", look.commitText)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        evidence.add("commit after more events", try mapping.look(at: id, from: 0, end: nil).commitText)
        evidence.add("commit in a second mapping", try ring.map().look(at: id, from: 0, end: nil).commitText)
      },
      probe(KernelAnswers.timesInOrder) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let perSubbuffer = ring.eventsPerSubbuffer()
        try ring.write(5 * perSubbuffer + perSubbuffer / 2)
        let looks = try reader.rest().map(\.look)
        evidence.add("sub-buffers handed out", looks.count)
        evidence.add("later than their first event", looks.count { $0.timestamp > $0.times.first ?? .max })
        evidence.add(
          "earlier than the last event before",
          zip(looks, looks.dropFirst()).count { before, next in next.timestamp < before.times.last ?? 0 })
        evidence.add(
          "first of them: header, first event",
          "\(looks.first?.timestamp ?? 0), \(looks.first?.times.first ?? 0)")
      },
      probe(KernelAnswers.dataSizeWithLoss) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let written = try ring.write(3 * ring.eventsPerSubbuffer()).produced
        _ = try reader.next()
        guard let full = try reader.next() else { return }
        evidence.add("nothing lost: events", full.look.sequences.count)
        evidence.add("nothing lost: bytes of data", full.look.dataCount)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        guard let flagged = try reader.untilMissing() else { return }
        evidence.add("after a loss: events missing before", flagged.missing)
        evidence.add("after a loss: events", flagged.look.sequences.count)
        evidence.add("after a loss: bytes of data", flagged.look.dataCount)
      },
    ]
  }

  /// On a ring buffer for each size of event, so that the room left behind the data differs.
  private var countWhereRoomProbe: Probe {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    let space = configuration.subbufferSize - headerSize
    let sizes = stride(from: UInt32(0), to: UInt32(space), by: 4).lazy.filter { eventSize(payload: $0) <= space }
    let byRoom = Dictionary(sizes.map { (space % eventSize(payload: $0), $0) }, uniquingKeysWith: min)
    // On both sides of the boundary of 8 bytes, as near as the sizes of the events allow.
    let payloads = [0, 4, 8, 12, 16, 24].compactMap { byRoom[$0] }
    return Probe(KernelAnswers.countWhereRoom) { (evidence) throws(SourceError) in
      for payload in payloads {
        let look = try withProbeRing(configuration) { (ring) throws(SourceError) in
          let mapping = try ring.map()
          try ring.write(3 * ring.eventsPerRing(payload: payload), payload: payload)
          _ = try mapping.getReader()
          return try mapping.look()
        }
        evidence.add(
          "payload \(payload)",
          "\(look.room) bytes free, bit 31: \(look.hasMissedEvents ? 1 : 0), bit 30: \(look.hasMissedStored ? 1 : 0), "
            + "told: \(look.loss.text)")
      }
    }
  }

  /// Writes down the whole commit word of a sub-buffer.
  private func addCommitWord(_ bytes: [UInt8], _ kind: String, _ evidence: inout Evidence) {
    // The header: u64 time stamp, u64 commit, little endian.
    let word = bytes.dropFirst(8).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    evidence.add("\(kind): commit word", "0x\(String(word, radix: 16))")
    evidence.add("\(kind): bit 31", word >> 31 & 1)
    evidence.add("\(kind): bits 32 to 63", "0x\(String(word >> 32, radix: 16))")
  }
}
