import Study

extension Catalogue {
  /// Claims about flags and counts in the header of a sub-buffer.
  static let headers: [Claim] = [
    .lossToldTwice, .countWhereRoom, .flagMeansMissed, .countBesideGap, .countBesideGapOfFull, .countsSumUp,
    .commitHighBits, .flagStays, .countStays,
    .timesInOrder,
    .packetNumbers, .packetSize, .dataSizeWithLoss, .idsOfEmpty, .populatedIDs, .populatedNumber, .populatedCount,
  ]
}

extension Claim {
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
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page"),
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
      .lttng: .doesNotApply(
        to: "a count stored after the data", "the header of a packet always contains its counter"),
    ])

  /// The evidence of each size is "ROOM bytes free, bit 31: B, bit 30: B".
  private static func storedWhereRoom(_ seen: Evidence) throws -> Answer {
    for (room, text) in try seen.all("payload ").map(roomAndText) where text.contains("bit 30: 1") != (room >= 8) {
      return Answer(room >= 8 ? "no, missing despite room" : "no, also without room", expected: "yes")
    }
    return Answer("yes", expected: "yes")
  }

  private static func roomAndText(_ text: String) throws -> (room: Int, text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 7, let room = Int(words[0]) else { throw Undecided("“\(text)” cannot be read") }
    return (room, text)
  }

  static let flagMeansMissed = Claim(
    "flag-means-missed", .headers, title: "Overwrite mode: is each gap marked, and only a gap?",
    question: "In overwrite mode, is every sub-buffer before which events are missing marked, and no other?",
    source: "kernel/trace/ring_buffer.c, RB_MISSED_EVENTS: \"Flag when events were overwritten\"; S. Rostedt, "
      + "\(Cited.missedEvents), 2024-01-09: \"the mapped page does not update the missed events\" (without that "
      + "patch, as in v11); lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to "
      + "report lost packets\"",
    procedure: "In overwrite mode, alternately write what overwrites the ring buffer and what does not, six times, and "
      + "read everything each time. Compare the marks with the sequence numbers of the events.",
    [
      .kernel: .documented(
        "bit 31 of commit is set if events are missing before, and only then", reaching: lossesAndOthers,
        markedWhereMissing),
      .kernelV11: .documented(
        "bit 31 of commit is never set", reaching: [.eventsLost("with events missing before")]
      ) { seen in
        try Answer(markedSubbuffers(seen), expected: "no, never")
      },
      .lttng: .documented(
        "packet_seq_num has a gap if events are missing before, and only then", reaching: lossesAndOthers,
        markedWhereMissing),
    ])

  private static let lossesAndOthers: [Mark] = [
    .losses("with events missing before", atLeast: 2),
    Mark("others-there", "there were sub-buffers before which nothing was lost") { seen in
      try seen.number("sub-buffers handed out") > seen.number("with events missing before")
    },
  ]

  private static func markedWhereMissing(_ seen: Evidence) throws -> Answer {
    try Answer(markedSubbuffers(seen), expected: "yes")
  }

  private static func markedSubbuffers(_ seen: Evidence) throws -> String {
    let (marked, others) = try (seen.number("marked, of those"), seen.number("marked, of the others"))
    if marked == 0 && others == 0 { return "no, never" }
    if try marked != seen.number("with events missing before") { return "no, not every loss" }
    return others == 0 ? "yes" : "no, others as well"
  }

  static let countBesideGap = Claim(
    "count-beside-the-gap", .headers, title: "Is the loss count before or after the gap?",
    question: "Is the count of a loss in the sub-buffer after the gap, or in the one before it?",
    source: "libtraceevent, kbuffer-parse.c, @lost_events: \"# of lost events between this subbuffer and previous\"; "
      + "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream after "
      + "the last event in the event packet\"",
    procedure: "Three times lose events and read everything, on the kernel in overwrite mode, on LTTng in discard "
      + "mode. Record the size of each gap and the counts of the sub-buffers on both sides of it: on LTTng the "
      + "increase of events_discarded. The events leave room at the end of a sub-buffer.",
    reaching: [.losses("gaps", atLeast: 2)],
    [
      .kernel: .documented("the header of the sub-buffer after each gap contains its size") { seen in
        try sideOfCount(seen, .after)
      },
      .kernelV11: .doesNotApply(
        to: "a count in the sub-buffer's header", "as posted in v11 the ioctl does not change the header"),
      .lttng: .documented(
        "events_discarded grows by the size of each gap at the packet before it", reaching: [.packetsFull(false)]
      ) { seen in
        try sideOfCount(seen, .before)
      },
    ])

  static let countBesideGapOfFull = Claim(
    "count-beside-the-gap-of-full", .headers, title: "Side of the loss count if a packet is filled exactly",
    question: "If the last event of a packet ends with the sub-buffer, is the count of the events that were "
      + "discarded after it in that packet?",
    source: "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream "
      + "after the last event in the event packet\"; its note on full buffers: \"all we know\" may be \"that it is somewhere "
      + "between the beginning and the end of the packet\"",
    procedure: "Three times write twice what fits in discard mode, with events that fill a sub-buffer to its last "
      + "byte, and read everything. Record the size of each gap and the increase of events_discarded at the packets "
      + "on both sides of it.",
    reaching: [.losses("gaps", atLeast: 2), .packetsFull(true)],
    [
      .kernel: .doesNotApply(
        to: "a count in the sub-buffer before the gap", "its count is after the gap, and only if there is room"),
      .lttng: .assumed("without the note: events_discarded grows by the size of each gap at the packet before it") {
        seen in
        try sideOfCount(seen, .before)
      },
    ])

  /// A side of a gap, named as in the evidence.
  private enum Side: String {
    case before
    case after = "behind"

    var other: Side { self == .before ? .after : .before }
  }

  private static func sideOfCount(_ seen: Evidence, _ expected: Side) throws -> Answer {
    let gaps = try seen.number("gaps")
    let isExpected = try (1...gaps).allSatisfy { gap in
      try seen.number("count \(expected.rawValue) gap \(gap)") == seen.number("size of gap \(gap)")
    }
    // Not a number before the first gap if no sub-buffer precedes it.
    let isOnOtherSide = try (1...gaps).allSatisfy { gap in
      try seen["count \(expected.other.rawValue) gap \(gap)"] == seen["size of gap \(gap)"]
    }
    let answer =
      switch (isExpected, isOnOtherSide) {
      case (true, true): "on both sides"
      case (true, false): "\(expected) the gap"
      case (false, true): "\(expected.other) the gap"
      case (false, false): "on neither side"
      }
    return Answer(answer, isExpected: isExpected)
  }

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
      .lttng: .doesNotApply(
        to: "a count since the previous sub-buffer", "events_discarded counts from the beginning of the stream"),
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
      .lttng: .doesNotApply(to: "flags in a length", "content_size and events_discarded are separate fields"),
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
      .lttng: .doesNotApply(
        to: "a header that is written at the exchange", "the writer writes it at the end of a packet"),
    ])

  static let countStays = Claim(
    "count-of-a-complete-packet", .headers, title: "Do later losses change a complete packet's count?",
    question:
      "Does events_discarded of a packet that is complete change while more events are discarded: of one that is held, "
      + "and of those that are not yet read?",
    source:
      "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream after the "
      + "last event in the event packet\"; lttng-ust f17f3fdf and lttng-modules 4ad4ea4c, \"Fix: Sample discarded packet "
      + "counters per sub-buffer\", 2025-06: \"The `events_discarded` value of a sub-buffer should be the number of packets "
      + "discarded in between the start timestamp and end timestamp of the packet.\"",
    procedure:
      "In discard mode write twice what fits; get the first packet and keep it; write twice what fits; read its header "
      + "again, put it, and read the others: all but the last were complete before the first loss.",
    reaching: [
      .subbufferHeld { seen in try seen.number("events of the held packet") > 0 },
      .eventsDropped("events_discarded of the last packet"),
    ],
    [
      .kernel: .doesNotApply(
        to: "events_discarded", "the acquire writes the count; flag-stays-while-held asks about a held sub-buffer"),
      .lttng: .documented("no: the held one and all others that were complete have 0") { seen in
        let isHeldChanged = try seen["events_discarded of the held packet"] != seen["the same after more losses"]
        let isUnreadChanged = try seen.number("complete, unread packets with another count than 0") != 0
        let answer =
          switch (isHeldChanged, isUnreadChanged) {
          case (false, false): "no"
          case (true, false): "yes, if held"
          case (false, true): "yes, if unread"
          case (true, true): "yes"
          }
        return Answer(answer, expected: "no")
      },
    ])

  static let timesInOrder = Claim(
    "header-times-enclose-events", .headers, title: "Do the times of the headers enclose the events?",
    question: "Is a header's time stamp between the last event before the sub-buffer and its first event, and the end "
      + "time after its last event?",
    source: "events/header_page: \"u64 timestamp\"; \(Cited.ctf): timestamp_begin, \"Time-stamp at the beginning of "
      + "the event packet\", and timestamp_end, \"Time-stamp at the end of the event packet\"; lttng-modules, "
      + "lttng-ring-buffer-client.h: \"all the events in a packet are included (inclusive) within the begin/end "
      + "timestamps of the packet.\"",
    procedure: "Write five and a half sub-buffers, flush if there is a flush, and compare the times of all "
      + "headers and events.",
    reaching: [.subbuffers("sub-buffers handed out", atLeast: 4)],
    [
      .kernel: .assumed("no header is later than its first event, or earlier than the last event before it") { seen in
        try Answer(timesOfHeaders(seen), expected: "yes")
      },
      .lttng: .documented("the same, and no packet ends before its last event") { seen in
        let begins = try timesOfHeaders(seen)
        let isEndEarly = try seen.number("ended before their last event") != 0
        return Answer(begins == "yes" && isEndEarly ? "no, the end is early" : begins, expected: "yes")
      },
    ])

  private static func timesOfHeaders(_ seen: Evidence) throws -> String {
    if try seen.number("later than their first event") != 0 { return "no, the beginning is late" }
    return try seen.number("earlier than the last event before") == 0 ? "yes" : "no, the beginning is early"
  }

  static let packetNumbers = Claim(
    "packet-numbers-contiguous", .headers, title: "Are packet numbers contiguous without losses?",
    question:
      "If nothing is lost, is each packet's number one more than that of the previous packet, over several laps "
      + "and with flushed packets in between?",
    source: "lttng-concepts(7), Overwrite mode: \"Since LTTng 2.8, with this mode, LTTng writes to a given "
      + "sub-buffer its sequence number within its data stream.\"",
    procedure: "In both modes, over three laps: write one and a half sub-buffers, flush, and read everything.",
    reaching: [
      .writerWrapped { seen in try ["overwrite", "discard"].allSatisfy { try seen.number("\($0): packets") > 16 } }
    ],
    [
      .kernel: .doesNotApply(to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
      .lttng: .assumed("in both modes, from 0 on, without a gap") { seen in
        for mode in ["overwrite", "discard"] {
          let packets = try seen.number("\(mode): packets")
          if try seen.number("\(mode): first packet_seq_num") != 0
            || seen.number("\(mode): last packet_seq_num") != packets - 1
            || seen.number("\(mode): gaps of packet_seq_num") != 0
          {
            return Answer("no, not in \(mode) mode", expected: "yes")
          }
        }
        return Answer("yes", expected: "yes")
      },
    ])

  static let packetSize = Claim(
    "packet-size-is-padded", .headers, title: "Is packet_size the content padded to whole pages?",
    question: "In a packet that was flushed before it was full: does content_size end at the last event, and is "
      + "packet_size whole pages?",
    source: "lttng-ust, ringbuffer-clients/template.h, client_buffer_end: content_size is data_size, packet_size "
      + "LTTNG_UST_PAGE_ALIGN(data_size), both in bits; lttng-modules, lttng-ring-buffer-client.h, client_buffer_end: the "
      + "same with PAGE_ALIGN(data_size)",
    procedure: "Write 16 events into sub-buffers of 16384 bytes, flush and get.",
    reaching: [.acquired("get_next_subbuf")],
    [
      .kernel: .doesNotApply(to: "a size with padding", "a sub-buffer's header contains only the size of its data"),
      .lttng: .assumed(
        "from the code: the 16 events end at content_size, and packet_size is content_size rounded up to 4096 bytes"
      ) { seen in
        // The decoder refuses a content that does not end with an event.
        if try seen.number("events in front of content_size") != 16 {
          return Answer("no, content_size is wrong", expected: "yes")
        }
        let padded = try (seen.number("content_size in bytes") + 4095) / 4096 * 4096
        return try .yes(seen.number("packet_size in bytes") == padded)
      },
    ])

  static let dataSizeWithLoss = Claim(
    "data-size-with-and-without-loss", .headers, title: "Does a full sub-buffer's size depend on losses?",
    question:
      "Do two full sub-buffers with the same events differ in the size of the data if events are missing before "
      + "one of them?",
    source: "undocumented; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, if events were "
      + "missed: \"Use the real_end for the data size, This gives us a chance to store the lost events on the "
      + "page.\"",
    procedure: "Acquire two full sub-buffers with nothing missing before them, the first of which may begin with a "
      + "larger event for the time; overwrite the ring buffer; acquire one with events missing before it. The events "
      + "leave room at the end.",
    reaching: [
      .eventsLost("after a loss: events missing before"),
      Mark("equal-events", "both sub-buffers have the same number of events") { seen in
        try seen.number("nothing lost: events") == seen.number("after a loss: events")
      },
    ],
    [
      .kernel: .assumed("the same number of events have the same number of bytes of data", sizeAfterLoss),
      .lttng: .assumed("the same number of events have the same content_size", sizeAfterLoss),
    ])

  private static func sizeAfterLoss(_ seen: Evidence) throws -> Answer {
    let (without, after) = try (seen.number("nothing lost: bytes of data"), seen.number("after a loss: bytes of data"))
    let answer = after == without ? "no" : after < without ? "yes, smaller after a loss" : "yes, larger after a loss"
    return Answer(answer, expected: "no")
  }
}
