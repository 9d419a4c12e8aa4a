import Study

extension Catalogue {
  /// What is lost, and what the reader is told of it.
  static let losses: [Claim] = [
    .discardCounted, .receivedPlusDiscarded, .overwriteUncounted, .gapTimesEvents, .lossBetweenAcquires,
    .discardDropsNewest, .overwriteDropsOldest, .discardCapacity, .roomAfterRelease, .writerTold,
    .countNeverFalls, .overwriteBesideUncommitted,
  ]
}

extension Claim {
  static let discardCounted = Claim(
    "discard-told-exactly", .losses, title: "The number of dropped events",
    question: "With the ring buffer full and not overwritten, does the reader learn how many events were dropped?",
    source: "lttng-concepts(7), Discard mode: \"increments a count of lost event records\"; "
      + "include/uapi/linux/trace_mmap.h, @overrun: \"Number of entries lost in the ring-buffer.\"",
    procedure: "Write three times what fits, with nobody reading; read everything. Of LTTng the stream is then flushed "
      + "and read on: only an event that is written afterwards, or the end of the stream, closes a packet with the last "
      + "count.",
    [
      .kernel: .taken(
        "trace_mmap.h taken at its word: overrun is the number of entries lost, so it is the number dropped"
      ) { seen in
        try seen.number("meta.overrun") == seen.requiredLoss()
      },
      .lttng: .stated("the count of lost event records, events_discarded of the last packet, is the number dropped") {
        seen in
        try seen.number("events_discarded of the last packet") == seen.requiredLoss()
      },
    ])

  static let overwriteUncounted = Claim(
    "overwrite-number-not-told", .losses, title: "The number of overwritten events",
    question: "In overwrite mode, does the reader learn the exact number of lost events?",
    source: "lttng-concepts(7), Overwrite mode: \"LTTng doesn't write to the trace the exact number of lost event "
      + "records in the lost sub-buffers\"",
    procedure: "Write three times what fits, with nobody reading; read everything, of LTTng after a flush.",
    [
      .kernel: .counterpart("the same as LTTng's: no counter of the reader ABI is the number of lost events") { seen in
        try seen.number("meta.overrun") != seen.requiredLoss()
      },
      .lttng: .stated("events_discarded is not the number lost; gaps of packet_seq_num are all") { seen in
        try seen.number("events_discarded of the last packet") != seen.requiredLoss()
          && seen.number("packets missing before the first") > 0
      },
    ])

  static let receivedPlusDiscarded = Claim(
    "received-plus-discarded", .losses, title: "Received and discarded add up",
    question: "With nothing overwritten, do the events that were received and those that are told as discarded add up "
      + "to those that were produced, over several losses?",
    source:
      "lttng-tools 2.13, tests/regression/ust/high-throughput/test_high_throughput, which adds what was traced to what "
      + "was dropped and compares the total with what was wanted",
    procedure:
      "Three times: write twice what fits, then read everything. Of LTTng the stream is flushed at the end and "
      + "read on.",
    [
      .kernel: .counterpart("received, and \"dropped events\" of per_cpu/cpuN/stats beside the reader ABI, are the sum")
      {
        seen in
        try seen.number("stats: dropped events") == seen.requiredLoss()
      },
      .lttngModules: .counterpart("received, and events_discarded of the last packet, are the sum") { seen in
        try seen.number("events_discarded of the last packet") == seen.requiredLoss()
      },
      .lttngUST: .stated("received, and events_discarded of the last packet, are the sum") { seen in
        try seen.number("events_discarded of the last packet") == seen.requiredLoss()
      },
    ])

  static let gapTimesEvents = Claim(
    "packet-gap-times-events", .losses, title: "Lost packets times their events",
    question: "In overwrite mode, is the number of missing packets times the events of a full one the number of lost "
      + "events, where all events have one size?",
    source:
      "a question; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to report lost "
      + "packets\"",
    procedure: "Write three times what fits and a few more, flush, read everything.",
    [
      .kernel: .doesNotApply(to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
      .lttng: .taken("exactly the number") { seen in
        try seen.number("packets missing before the first") * seen.number("events of a full packet")
          == seen.requiredLoss()
      },
    ])

  static let lossBetweenAcquires = Claim(
    "loss-between-acquires", .losses, title: "A loss between two acquires",
    question: "Of events that are overwritten while the reader holds a sub-buffer: does the next one tell how much is "
      + "missing between the two?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader page/sub-buffer when the "
      + "IOCTL is done and a new reader page is acquired.\"; of v11 \(Cited.v11), 2024-01-11: \"lost_events is the number "
      + "of lost events that happened before this sub-buffer was swapped out\"; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers "
      + "to report lost packets\"",
    procedure: "Write twice what fits, acquire; write three times what fits, release and acquire the next.",
    [
      .kernel: .stated("the header of the second has the number of events missing between them") { seen in
        let missing = try seen.number("events missing between the two")
        try seen.require(missing > 0, "nothing was lost")
        return try seen["told by the header of the second"] == "\(missing) events"
      },
      .kernelV11: .stated("reader.lost_events is the number of events missing between them") { seen in
        let missing = try seen.number("events missing between the two")
        try seen.require(missing > 0, "nothing was lost")
        return try seen.number("meta.reader.lost_events of the second") == missing
      },
      .lttng: .stated("the gap of packet_seq_num is the number of packets whose events are missing") { seen in
        let missing = try seen.number("events missing between the two")
        try seen.require(missing > 0, "nothing was lost")
        return try seen.number("gap of packet_seq_num") * seen.number("events of the first") == missing
      },
    ])
}
