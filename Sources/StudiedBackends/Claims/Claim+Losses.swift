import Study

extension Catalogue {
  /// Claims about what is lost and how the reader learns of it.
  static let losses: [Claim] = [
    .discardCounted, .receivedPlusDiscarded, .overwriteUncounted, .gapTimesEvents, .lossBetweenAcquires,
    .discardDropsNewest, .overwriteDropsOldest, .discardCapacity, .roomAfterRelease, .writerTold,
    .countNeverFalls, .countOfLate, .overwriteBesideUncommitted, .lossBeforeUncommitted,
    .stopsThatBlock, .killedAtEachStop, .othersAtEachStop, .dropsAtEachStop, .resumedAtEachStop,
    .readPastStop, .fixedUpAtEachStop,
  ]
}

extension Claim {
  static let discardCounted = Claim(
    "discard-told-exactly", .losses, title: "Dropped events, as reported to the reader",
    question: "With the ring buffer full and not overwritten, does the reader learn how many events were dropped?",
    source: "lttng-concepts(7), Discard mode: \"increments a count of lost event records\"; "
      + "include/uapi/linux/trace_mmap.h, @overrun: \"Number of entries lost in the ring-buffer.\"",
    procedure: "Write three times what fits without a reader; read everything. On LTTng the stream is then flushed "
      + "and read again: only a later event, or the end of the stream, closes a packet with the last count.",
    reaching: [.eventsLost],
    [
      .kernel: .assumed(
        "by the words of trace_mmap.h: overrun is the number of entries lost, so it is the number of dropped events"
      ) { seen in
        let isSilent =
          try seen.number("meta.overrun") == 0 && seen["meta.reader.lost_events, summed"] == "0"
          && seen["sub-buffers with the missed-events flag"] == "0"
        let report = try seen.report("meta.overrun", of: seen.lost)
        return Answer(isSilent ? "no indication" : report, expected: "exact")
      },
      .lttng: .documented(
        "the count of lost event records, events_discarded of the last packet, is the number of dropped events"
      ) { seen in
        try Answer(seen.report("events_discarded of the last packet", of: seen.lost), expected: "exact")
      },
    ])

  static let overwriteUncounted = Claim(
    "overwrite-number-not-told", .losses, title: "Overwritten events, as reported to the reader",
    question: "In overwrite mode, does the reader learn the exact number of lost events?",
    source: "lttng-concepts(7), Overwrite mode: \"LTTng doesn't write to the trace the exact number of lost event "
      + "records in the lost sub-buffers\"",
    procedure: "Write three times what fits without a reader; read everything, on LTTng after a flush.",
    reaching: [.eventsLost],
    [
      .kernel: .assumed("no counter of the reader ABI is the number of lost events", from: "LTTng") { seen in
        let report = try seen.report("meta.overrun", of: seen.lost)
        return Answer(report, isExpected: report != "exact")
      },
      .lttng: .documented("events_discarded is not the number of lost events; only packet_seq_num has a gap") { seen in
        let report = try seen.report("events_discarded of the last packet", of: seen.lost)
        if report == "exact" { return Answer(report, isExpected: false) }
        let hasGap = try seen.number("packets missing before the first") > 0
        return Answer(hasGap ? "packet count only" : "no indication", isExpected: hasGap)
      },
    ])

  static let receivedPlusDiscarded = Claim(
    "received-plus-discarded", .losses, title: "Do received and dropped events add up?",
    question: "With nothing overwritten, is the number of received events plus the reported number of discarded events "
      + "the number of produced events, over several losses?",
    source:
      "lttng-tools 2.13, tests/regression/ust/high-throughput/test_high_throughput, which adds the traced events to "
      + "the dropped ones and compares the total with the wanted number",
    procedure:
      "Three times: write twice what fits, then read everything. On LTTng the stream is flushed at the end and "
      + "read again.",
    reaching: [.eventsLost],
    [
      .kernel: .assumed(
        "received plus \"dropped events\" of per_cpu/cpuN/stats, outside the reader ABI, is the sum", from: "lttng-ust"
      ) { seen in
        let isSum = try seen.number("stats: dropped events") == seen.lost
        return Answer(isSum ? "yes, with the stats file" : "no", expected: "yes, with the stats file")
      },
      .lttngModules: .assumed(
        "received plus events_discarded of the last packet is the sum", from: "lttng-ust", receivedAndDiscarded),
      .lttngUST: .documented("received plus events_discarded of the last packet is the sum", receivedAndDiscarded),
    ])

  private static func receivedAndDiscarded(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("events_discarded of the last packet") == seen.lost)
  }

  static let gapTimesEvents = Claim(
    "packet-gap-times-events", .losses, title: "Loss computed from the number of missing packets",
    question: "In overwrite mode, is the number of missing packets times the events of a full one the number of lost "
      + "events, if all events have one size?",
    source:
      "a question; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to report lost "
      + "packets\"",
    procedure: "Write three times what fits and a few more, flush, read everything.",
    reaching: [.eventsLost],
    [
      .kernel: .doesNotApply(to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
      .lttng: .assumed("exactly the number") { seen in
        let (packets, events) = try (
          seen.number("packets missing before the first"), seen.number("events of a full packet")
        )
        return try Answer(computed(packets, events, seen.lost), expected: "exact")
      },
    ])

  /// Compares a number of packets times their events with the number of lost events. Packets of equal events differ by
  /// one event if the header of an event is an extended one.
  private static func computed(_ packets: Int64, _ events: Int64, _ lost: Int64) -> String {
    let difference = (packets &* events &- lost).magnitude
    return difference == 0 ? "exact" : difference <= packets ? "approximate" : "wrong"
  }

  static let lossBetweenAcquires = Claim(
    "loss-between-acquires", .losses, title: "Loss between two acquires, as reported to the reader",
    question:
      "Does the next sub-buffer report how many events were overwritten while the reader held the previous one?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader page/sub-buffer when the "
      + "IOCTL is done and a new reader page is acquired.\"; of v11 \(Cited.v11), 2024-01-11: \"lost_events is the number "
      + "of lost events that happened before this sub-buffer was swapped out\"; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers "
      + "to report lost packets\"",
    procedure: "Write twice what fits, acquire; write three times what fits, release and acquire the next.",
    reaching: [.eventsLost("events missing between the two")],
    [
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
      .lttng: .documented("the gap of packet_seq_num is the number of packets whose events are missing") { seen in
        let missing = try seen.number("events missing between the two")
        let gap = try seen.number("gap of packet_seq_num")
        let answer =
          switch try computed(gap, seen.number("events of the first"), missing) {
          case _ where gap == 0: "no indication"
          case "exact": "packet count only"
          default: "wrong packet count"
          }
        return Answer(answer, expected: "packet count only")
      },
    ])
}
