import Results

extension Claim {
  /// Overwrite mode: is each gap marked, and only a gap?
  public static let flagMeansMissed = Claim(
    "flag-means-missed", .headers, title: "Overwrite mode: is each gap marked, and only a gap?",
    question: "In overwrite mode, is every sub-buffer before which events are missing marked, and no other?",
    source: "kernel/trace/ring_buffer.c, RB_MISSED_EVENTS: \"Flag when events were overwritten\"; S. Rostedt, "
      + "\(Cited.missedEvents), 2024-01-09: \"the mapped page does not update the missed events\" (without that "
      + "patch, as in v11); lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to "
      + "report lost packets\"",
    procedure: "In overwrite mode, alternately write what overwrites the ring buffer and what does not, six times, and "
      + "read everything each time. Compare the marks with the sequence numbers of the events.")

  package static let lossesAndOthers: [Mark] = [
    .losses("with events missing before", atLeast: 2),
    Mark("others-there", "there were sub-buffers before which nothing was lost") { seen in
      try seen.number("sub-buffers handed out") > seen.number("with events missing before")
    },
  ]

  package static func markedWhereMissing(_ seen: Evidence) throws -> Answer {
    try Answer(markedSubbuffers(seen), expected: "yes")
  }

  package static func markedSubbuffers(_ seen: Evidence) throws -> String {
    let (marked, others) = try (seen.number("marked, of those"), seen.number("marked, of the others"))
    if marked == 0 && others == 0 { return "no, never" }
    if try marked != seen.number("with events missing before") { return "no, not every loss" }
    return others == 0 ? "yes" : "no, others as well"
  }

  /// Is the loss count before or after the gap?
  public static let countBesideGap = Claim(
    "count-beside-the-gap", .headers, title: "Is the loss count before or after the gap?",
    question: "Is the count of a loss in the sub-buffer after the gap, or in the one before it?",
    source: "libtraceevent, kbuffer-parse.c, @lost_events: \"# of lost events between this subbuffer and previous\"; "
      + "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream after "
      + "the last event in the event packet\"",
    reaching: [.losses("gaps", atLeast: 2)])

  /// A side of a gap, named as in the evidence.
  package enum Side: String {
    case before
    case after = "behind"

    var other: Side { self == .before ? .after : .before }
  }

  package static func sideOfCount(_ seen: Evidence, _ expected: Side) throws -> Answer {
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

  /// Do the times of the headers enclose the events?
  public static let timesInOrder = Claim(
    "header-times-enclose-events", .headers, title: "Do the times of the headers enclose the events?",
    question: "Is a header's time stamp between the last event before the sub-buffer and its first event, and the end "
      + "time after its last event?",
    source: "events/header_page: \"u64 timestamp\"; \(Cited.ctf): timestamp_begin, \"Time-stamp at the beginning of "
      + "the event packet\", and timestamp_end, \"Time-stamp at the end of the event packet\"; lttng-modules, "
      + "lttng-ring-buffer-client.h: \"all the events in a packet are included (inclusive) within the begin/end "
      + "timestamps of the packet.\"",
    reaching: [.subbuffers("sub-buffers handed out", atLeast: 4)])

  package static func timesOfHeaders(_ seen: Evidence) throws -> String {
    if try seen.number("later than their first event") != 0 { return "no, the beginning is late" }
    return try seen.number("earlier than the last event before") == 0 ? "yes" : "no, the beginning is early"
  }

  /// Does a full sub-buffer's size depend on losses?
  public static let dataSizeWithLoss = Claim(
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
    ])

  package static func sizeAfterLoss(_ seen: Evidence) throws -> Answer {
    let (without, after) = try (seen.number("nothing lost: bytes of data"), seen.number("after a loss: bytes of data"))
    let answer = after == without ? "no" : after < without ? "yes, smaller after a loss" : "yes, larger after a loss"
    return Answer(answer, expected: "no")
  }
}
