import Study

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

  static let countBesideGap = Claim.countBesideGap.answered([
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

  static let timesInOrder = Claim.timesInOrder.answered([
    .kernel: .assumed("no header is later than its first event, or earlier than the last event before it") { seen in
      try Answer(Claim.timesOfHeaders(seen), expected: "yes")
    }
  ])

  static let dataSizeWithLoss = Claim.dataSizeWithLoss.answered([
    .kernel: .assumed("the same number of events have the same number of bytes of data", Claim.sizeAfterLoss)
  ])
}
