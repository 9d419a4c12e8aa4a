import Study

/// What becomes of the writer's events when the ring buffer is full.
extension Claim {
  static let discardDropsNewest = Claim(
    "discard-drops-newest", .losses, title: "Which events are dropped",
    question: "With the ring buffer full and not overwritten, is it the newest events that are lost, and no other?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will stop writing to the buffer. This will lose "
      + "most recent events.\"; lttng-concepts(7), Discard mode: \"Drop the newest event records until a sub-buffer "
      + "becomes available.\"",
    procedure: "Write three times what fits, with nobody reading; read everything, of LTTng after a flush.",
    [
      .kernel: .stated("the oldest are all there, from the first on without a gap", oldestAreThere),
      .lttng: .stated("the oldest are all there, from the first on without a gap", oldestAreThere),
    ])

  static let overwriteDropsOldest = Claim(
    "overwrite-drops-oldest", .losses, title: "Which events are overwritten",
    question: "In overwrite mode, is it the oldest events that are lost, and no other?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will overwrite the older data. This will lose the "
      + "oldest events.\"; lttng-concepts(7), Overwrite mode: \"Clear the sub-buffer containing the oldest event "
      + "records\"",
    procedure: "Write three times what fits, with nobody reading; read everything, of LTTng after a flush.",
    [
      .kernel: .stated("the newest are all there, up to the last without a gap", newestAreThere),
      .lttng: .stated("the newest are all there, up to the last without a gap", newestAreThere),
    ])

  static let discardCapacity = Claim(
    "discard-capacity", .losses, title: "What fits before the first is dropped",
    question: "How many sub-buffers can a writer that may not overwrite fill with nobody reading: is the reader's own "
      + "among them?",
    source:
      "include/uapi/linux/trace_mmap.h, @nr_subbufs: \"Number of subbfs in the ring-buffer, including the reader.\"; "
      + "lttng-ust, ring_buffer_backend.c, @extra_reader_sb: \"need extra subbuffer for reader\"",
    procedure:
      "Write three times what fits; read everything, of LTTng after a flush. The sub-buffers that were filled are "
      + "the delivered events by those of the fullest, rounded up.",
    [
      .kernel: .taken("all but the reader's: nr_subbufs - 1") { seen in
        _ = try seen.requiredLoss()
        return try seen.number("sub-buffers that were filled") == seen.number("nr_subbufs") - 1
      },
      .lttng: .taken("all that the channel was made with: in discard mode there is none for the reader") { seen in
        _ = try seen.requiredLoss()
        return try seen.number("sub-buffers that were filled") == seen.number("sub-buffers of the channel")
      },
    ])

  static let roomAfterRelease = Claim(
    "room-after-release", .losses, title: "When a full ring buffer has room again",
    question:
      "The ring buffer is full and not overwritten: after which call of the reader does the writer write again, "
      + "and how much?",
    source: "Documentation/trace/ring-buffer-design.rst: \"The old reader page will become part of the ring buffer\"; "
      + "lttng-concepts(7), Event record loss mode: \"An LTTng consumer daemon eventually consumes the marked sub-buffer, "
      + "which returns to the available state.\"",
    procedure: "Write twice what fits; write again; after each call of the reader write again.",
    [
      .kernel: .taken(
        "from the exchange: a sub-buffer's worth after each acquire: the reader's, not used yet or done with, goes to the writer"
      ) { seen in
        let one = try seen.number("events of a sub-buffer")
        return try seen.number("events accepted while it is full") == 0
          && seen.number("events accepted after the first acquire") == one
          && seen.number("events accepted after the second acquire") == one
      },
      .lttng: .stated("nothing after the get, a sub-buffer's worth after the put") { seen in
        let written = try seen.number("bytes produced after put_next_subbuf")
        return try seen.number("bytes produced while it is full") == 0
          && seen.number("bytes produced after get_next_subbuf") == 0
          && abs(written - seen.number("size of a sub-buffer")) < seen.number("size of an event")
      },
    ])

  static let writerTold = Claim(
    "writer-told-of-drop", .losses, title: "What the writer is told of a dropped event",
    question: "Does the writer learn that its event was dropped?",
    source: "kernel/trace/trace.c, writing of trace_marker_raw: -EBADF wherever no event could be reserved, with "
      + "the comment \"Ring buffer disabled, return as if not open for write\"",
    procedure: "Write twice what fits with nobody reading; count the writes that failed, and compare with \"dropped "
      + "events\" of per_cpu/cpuN/stats, of lttng-modules with events_discarded.",
    notModelled: "the answer is that of write(2) on trace_marker_raw, which a model does not have",
    [
      .kernel: .taken("from the code: as many writes fail as events are dropped, the first with EBADF") { seen in
        let dropped = try seen.number("stats: dropped events")
        try seen.require(dropped > 0, "nothing was dropped")
        return try seen.number("writes that failed") == dropped && seen["errno of the first"].hasPrefix("EBADF")
      },
      .lttngModules: .taken("as of trace_marker_raw: as many writes fail as events are dropped") { seen in
        let dropped = try seen.number("events_discarded of the last packet")
        try seen.require(dropped > 0, "nothing was dropped")
        return try seen.number("writes that failed") == dropped
      },
      .lttngUST: .doesNotApply(
        to: "the result of a write", "a tracepoint is a function without a result: the traced program is told nothing"),
    ])

  private static let oldestAreThere: Expectation.BooleanJudge = { seen in
    _ = try seen.requiredLoss()
    return try seen.number("first delivered") == 0 && seen.number("gaps between the delivered") == 0
  }

  private static let newestAreThere: Expectation.BooleanJudge = { seen in
    _ = try seen.requiredLoss()
    return try seen.number("last delivered") == seen.number("events produced") - 1
      && seen.number("gaps between the delivered") == 0
  }
}
