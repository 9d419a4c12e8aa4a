import Study

extension Catalogue {
  /// Flags and counts in the header of a sub-buffer.
  static let headers: [Claim] = [
    .lossToldTwice, .countWhereRoom, .flagMeansMissed, .countBesideGap, .countBesideGapOfFull, .countsSumUp,
    .commitHighBits, .flagStays,
    .timesInOrder,
    .packetNumbers, .packetSize, .dataSizeWithLoss,
  ]
}

extension Claim {
  static let lossToldTwice = Claim(
    "loss-told-twice", .headers, title: "A loss is told twice",
    question: "Is a loss told in the sub-buffer's header and in the meta page?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I'm thinking both may be good\", \"If anything, it should be in both locations. In the sub-buffer "
      + "header, to be consistent with the read/splice version, and in the meta page\"",
    procedure: "Write 3000 events, which overwrite the ring buffer, and acquire once.",
    [
      .kernel: .taken(
        "a wish about v11, taken of what was merged: the missed-events flag is in commit, and "
          + "reader.lost_events is not 0"
      ) { seen in
        try seen.require(seen.number("missing before it") > 0, "nothing was lost")
        return try seen["bit 31 of commit"] == "1" && seen.number("meta.reader.lost_events") > 0
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page"),
    ])

  static let countWhereRoom = Claim(
    "count-stored-where-room", .headers, title: "The count is stored where there is room",
    question: "Is the number of lost events stored in the sub-buffer exactly where there is room for it behind the "
      + "data?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-12: \"When there's no room, it just sets a flag that there was missed "
      + "events but doesn't give how many events were missed.\"; kernel/trace/ring_buffer.c, "
      + "ring_buffer_map_get_reader: \"If there is room at the end of the page to save the missed events, then record "
      + "it there.\"",
    procedure: "Overwrite ring buffers with events of several sizes, some of which leave less than 8 bytes behind the "
      + "data of a sub-buffer; acquire once each.",
    [
      .kernel: .stated("bit 30 of commit is set where at least 8 bytes are free behind the data, else not") { seen in
        try countStoredWhereRoom(seen)
      },
      .kernelV11: .doesNotApply(
        to: "a count stored behind the data", "as posted in v11 the ioctl leaves the sub-buffer's header alone"),
      .lttng: .doesNotApply(
        to: "a count stored behind the data", "the header of a packet always has its counter"),
    ])

  /// `ROOM bytes free, bit 31: B, bit 30: B` of each size.
  private static func countStoredWhereRoom(_ seen: Evidence) throws -> Bool {
    var withRoom = 0
    var withoutRoom = 0
    for text in try seen.all("payload ") {
      let words = text.split(separator: " ")
      guard words.count >= 7, let room = Int(words[0]) else { throw Undecided("“\(text)” cannot be read") }
      try seen.require(text.contains("bit 31: 1"), "nothing was told as lost: \(text)")
      if room >= 8 { withRoom += 1 } else { withoutRoom += 1 }
      if text.contains("bit 30: 1") != (room >= 8) { return false }
    }
    try seen.require(
      withRoom > 0 && withoutRoom > 0, "\(withRoom) losses with room and \(withoutRoom) without: both are needed")
    return true
  }

  static let flagMeansMissed = Claim(
    "flag-means-missed", .headers, title: "A loss is marked exactly where events are missing",
    question: "Is every sub-buffer before which events are missing marked, and no other?",
    source: "kernel/trace/ring_buffer.c, RB_MISSED_EVENTS: \"Flag when events were overwritten\"; S. Rostedt, "
      + "\(Cited.missedEvents), 2024-01-09: \"the mapped page does not update the missed events\" (without that "
      + "patch, as in v11); lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to "
      + "report lost packets\"",
    procedure: "In overwrite mode, alternately write what overwrites the ring buffer and what does not, six times, and "
      + "read everything each time. Compare the marks with the sequence numbers of the events.",
    [
      .kernel: .stated("bit 31 of commit is set on those before which events are missing, and on no other") { seen in
        try areMarkedWhereMissing(seen)
      },
      .kernelV11: .stated("bit 31 of commit is never set") { seen in
        try seen.require(seen.number("with events missing before") > 0, "nothing was lost")
        return try seen.number("marked, of those") == 0 && seen.number("marked, of the others") == 0
      },
      .lttng: .stated("packet_seq_num has a gap before those before which events are missing, and no other") {
        seen in
        try areMarkedWhereMissing(seen)
      },
    ])

  private static func areMarkedWhereMissing(_ seen: Evidence) throws -> Bool {
    let missing = try seen.number("with events missing before")
    try seen.require(missing > 1, "events were lost fewer than two times")
    try seen.require(seen.number("sub-buffers handed out") > missing, "there are no others")
    return try seen.number("marked, of those") == missing && seen.number("marked, of the others") == 0
  }

  static let countBesideGap = Claim(
    "count-beside-the-gap", .headers, title: "On which side of the gap the count stands",
    question: "Does the count of a loss stand in the sub-buffer behind the gap, or in the one before it?",
    source: "libtraceevent, kbuffer-parse.c, @lost_events: \"# of lost events between this subbuffer and previous\"; "
      + "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream after "
      + "the last event in the event packet\"",
    procedure: "Three times lose events and read everything, of the kernel in overwrite mode, of LTTng in discard "
      + "mode. For each gap write down its size, and the counts of the sub-buffers at its two sides: of LTTng what "
      + "events_discarded grew by. The events leave room at the end of a sub-buffer.",
    [
      .kernel: .stated("the header of the one behind each gap has its size") { seen in
        try isCountBesideGap(seen, "count behind gap ")
      },
      .kernelV11: .doesNotApply(
        to: "a count in the sub-buffer's header", "as posted in v11 the ioctl leaves the header alone"),
      .lttng: .stated("events_discarded grows by the size of each gap at the packet before it") { seen in
        for free in try seen.all("bytes free before gap ") {
          try seen.require(free != "0", "a packet was filled to its last byte")
        }
        return try isCountBesideGap(seen, "count before gap ")
      },
    ])

  static let countBesideGapOfFull = Claim(
    "count-beside-the-gap-of-full", .headers, title: "The count stands there too where events fill a packet exactly",
    question: "Where the last event of a packet ends with the sub-buffer, does the count of the events that were "
      + "discarded behind it stand in that packet?",
    source: "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream "
      + "after the last event in the event packet\"; its note on full buffers: \"all we know\" may be \"that it is somewhere "
      + "between the beginning and the end of the packet\"",
    procedure: "Three times write twice what fits in discard mode, of events that fill a sub-buffer to its last "
      + "byte, and read everything. For each gap write down its size, and what events_discarded grew by at the "
      + "packets at its two sides.",
    [
      .kernel: .doesNotApply(
        to: "a count in the sub-buffer before the gap",
        "its count stands behind the gap, and only where there is "
          + "room"),
      .lttng: .taken("without the note: events_discarded grows by the size of each gap at the packet before it") {
        seen in
        for free in try seen.all("bytes free before gap ") {
          try seen.require(free == "0", "a packet was not filled to its last byte")
        }
        return try isCountBesideGap(seen, "count before gap ")
      },
    ])

  private static func isCountBesideGap(_ seen: Evidence, _ count: String) throws -> Bool {
    let gaps = try seen.number("gaps")
    try seen.require(gaps >= 2, "there were fewer than two gaps")
    for gap in 1...gaps where try seen.number("\(count)\(gap)") != seen.number("size of gap \(gap)") { return false }
    return true
  }

  static let countsSumUp = Claim(
    "stored-counts-sum-up", .headers, title: "The stored counts add up to all that was lost",
    question: "Over several losses, is the sum of the counts that are stored in the headers the number of lost "
      + "events, and overrun?",
    source: "S. Rostedt, ring-buffer: Add place holder recording of dropped events (66a8cb95ed04), 2010-03-31: "
      + "\"When a reader swaps out a page from the ring buffer, it can record this number, perfom the swap, and then "
      + "check to see if the number changed, and take the diff if it has, which would be the number of events "
      + "dropped.\"",
    procedure: "Three times: overwrite the ring buffer and read everything. The events leave room for the count.",
    [
      .kernel: .stated("the sum is their number, and meta.overrun") { seen in
        let lost = try seen.requiredLoss()
        return try seen.number("sum of the stored counts") == lost && seen.number("meta.overrun") == lost
      },
      .kernelV11: .doesNotApply(
        to: "a count in the sub-buffer's header", "as posted in v11 the ioctl leaves the header alone"),
      .lttng: .doesNotApply(
        to: "a count since the sub-buffer before", "events_discarded counts from the beginning of the stream"),
    ])

  static let commitHighBits = Claim(
    "commit-bits-32-to-63", .headers, title: "The upper half of the commit word is 0",
    question: "Where events were missed, are bits 32 to 63 of the commit word 0?",
    source: "stated nowhere in words; libtraceevent, kbuffer-parse.c: MISSING_EVENTS is 1UL << 31, MISSING_STORED is "
      + "1UL << 30; events/header_page: \"local_t commit; offset:8; size:8; signed:1\"",
    procedure: "Read the whole word of a full sub-buffer before which nothing is missing, and of one before which "
      + "events are.",
    [
      .kernel: .taken("the flags are bits 30 and 31 alone: bits 32 to 63 are 0 in both") { seen in
        try seen.require(seen["nothing missing: bit 31"] == "0", "the first is flagged")
        try seen.require(seen["events missing: bit 31"] == "1", "the second is not flagged")
        return try seen["nothing missing: bits 32 to 63"] == "0x0" && seen["events missing: bits 32 to 63"] == "0x0"
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
      .lttng: .doesNotApply(to: "flags in a length", "content_size and events_discarded are fields of their own"),
    ])

  static let flagStays = Claim(
    "flag-stays-while-held", .headers, title: "The flag stays while the sub-buffer is held",
    question: "Does a sub-buffer's header tell the same loss to whoever looks while it is the reader's?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, writes it once, at the "
      + "exchange",
    procedure: "Overwrite the ring buffer and acquire; look at the header again after more events, and in a second "
      + "mapping.",
    [
      .kernel: .taken("the commit word is the same each time, with bit 31 set") { seen in
        try seen.require(seen["bit 31 of commit"] == "1", "it is not flagged")
        return try seen["commit after more events"] == seen["commit"]
          && seen["commit in a second mapping"] == seen["commit"]
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
      .lttng: .doesNotApply(
        to: "a header that is written at the exchange",
        "the writer writes it when it ends a "
          + "packet"),
    ])

  static let timesInOrder = Claim(
    "header-times-enclose-events", .headers, title: "The times of the headers fit the events",
    question: "Does a header's time stamp lie between the last event before and the first event of its sub-buffer, "
      + "and the time of the end behind the last?",
    source: "events/header_page: \"u64 timestamp\"; \(Cited.ctf): timestamp_begin, \"Time-stamp at the beginning of "
      + "the event packet\", and timestamp_end, \"Time-stamp at the end of the event packet\"",
    procedure: "Write five and a half sub-buffers, flush where there is a flush, and compare the times of all "
      + "headers and events.",
    [
      .kernel: .taken("no header is later than its first event, or earlier than the last event before it") { seen in
        try areTimesInOrder(seen)
      },
      .lttng: .stated("the same, and no packet ends before its last event") { seen in
        try areTimesInOrder(seen) && seen.number("ended before their last event") == 0
      },
    ])

  private static func areTimesInOrder(_ seen: Evidence) throws -> Bool {
    try seen.require(seen.number("sub-buffers handed out") > 3, "there were fewer than four sub-buffers")
    return try seen.number("later than their first event") == 0
      && seen.number("earlier than the last event before") == 0
  }

  static let packetNumbers = Claim(
    "packet-numbers-contiguous", .headers, title: "Packets are numbered one by one",
    question: "Where nothing is lost, is each packet's number the one after the packet before it, over several laps "
      + "and with flushed packets between?",
    source: "lttng-concepts(7), Overwrite mode: \"Since LTTng 2.8, with this mode, LTTng writes to a given "
      + "sub-buffer its sequence number within its data stream.\"",
    procedure: "In both modes, over three laps: write one and a half sub-buffers, flush, and read everything.",
    [
      .kernel: .doesNotApply(to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
      .lttng: .taken("in both modes, from 0 on, without a gap") { seen in
        for mode in ["overwrite", "discard"] {
          let packets = try seen.number("\(mode): packets")
          try seen.require(packets > 16, "the writer did not wrap around twice")
          if try seen.number("\(mode): first packet_seq_num") != 0
            || seen.number("\(mode): last packet_seq_num") != packets - 1
            || seen.number("\(mode): gaps of packet_seq_num") != 0
          {
            return false
          }
        }
        return true
      },
    ])

  static let packetSize = Claim(
    "packet-size-is-padded", .headers, title: "content_size is the data, packet_size the padded packet",
    question: "Of a packet that was flushed before it was full: does content_size end at the last event, and is "
      + "packet_size whole pages?",
    source: "lttng-ust, ringbuffer-clients/template.h, client_buffer_end: content_size is data_size, packet_size "
      + "LTTNG_UST_PAGE_ALIGN(data_size), both in bits",
    procedure: "Write 16 events into sub-buffers of 16384 bytes, flush and get.",
    [
      .kernel: .doesNotApply(to: "a size with padding", "a sub-buffer's header has the size of its data alone"),
      .lttng: .taken("from the code: the 16 events end at content_size, and packet_size is it rounded up to 4096 bytes")
      { seen in
        // The decoder refuses a content that does not end with an event.
        try seen.number("events in front of content_size") == 16
          && seen.number("packet_size in bytes") == (seen.number("content_size in bytes") + 4095) / 4096 * 4096
      },
    ])

  static let dataSizeWithLoss = Claim(
    "data-size-with-and-without-loss", .headers, title: "A full sub-buffer's size does not depend on losses",
    question: "Of two full sub-buffers with the same events, is the size of the data the same whether or not events "
      + "are missing before?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, where events were "
      + "missed: \"Use the real_end for the data size, This gives us a chance to store the lost events on the "
      + "page.\"",
    procedure: "Acquire two full sub-buffers with nothing missing before them, the first of which may begin with a "
      + "larger event for the time; overwrite the ring buffer; acquire one with events missing before it. The events "
      + "leave room at the end.",
    [
      .kernel: .taken("the same number of events have the same number of bytes of data") { seen in
        try hasSameSize(seen)
      },
      .lttng: .taken("the same number of events have the same content_size") { seen in try hasSameSize(seen) },
    ])

  private static func hasSameSize(_ seen: Evidence) throws -> Bool {
    try seen.require(seen.number("after a loss: events missing before") > 0, "nothing was lost")
    try seen.require(
      seen.number("nothing lost: events") == seen.number("after a loss: events"), "the numbers of events differ")
    return try seen.number("nothing lost: bytes of data") == seen.number("after a loss: bytes of data")
  }
}
