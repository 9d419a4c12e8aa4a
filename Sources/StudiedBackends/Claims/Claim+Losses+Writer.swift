import Study

/// Claims about the writer's events when the ring buffer is full.
extension Claim {
  static let discardDropsNewest = Claim(
    "discard-drops-newest", .losses, title: "Which events does discard mode lose?",
    question: "With the ring buffer full and not overwritten, are the newest events lost, and no others?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will stop writing to the buffer. This will lose "
      + "most recent events.\"; lttng-concepts(7), Discard mode: \"Drop the newest event records until a sub-buffer "
      + "becomes available.\"",
    procedure: "Write three times what fits without a reader; read everything, on LTTng after a flush.",
    reaching: [.eventsLost],
    [
      .kernel: .documented("the oldest are complete, from the first on without a gap", newestLost),
      .lttng: .documented("the oldest are complete, from the first on without a gap", newestLost),
    ])

  static let overwriteDropsOldest = Claim(
    "overwrite-drops-oldest", .losses, title: "Which events does overwrite mode lose?",
    question: "In overwrite mode, are the oldest events lost, and no others?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will overwrite the older data. This will lose the "
      + "oldest events.\"; lttng-concepts(7), Overwrite mode: \"Clear the sub-buffer containing the oldest event "
      + "records\"",
    procedure: "Write three times what fits without a reader; read everything, on LTTng after a flush.",
    reaching: [.eventsLost],
    [
      .kernel: .documented("the newest are complete, up to the last without a gap", oldestLost),
      .lttng: .documented("the newest are complete, up to the last without a gap", oldestLost),
    ])

  private static func newestLost(_ seen: Evidence) throws -> Answer {
    let areOldestComplete = try seen.number("first delivered") == 0 && seen.number("gaps between the delivered") == 0
    return Answer(areOldestComplete ? "the newest" : "not only the newest", expected: "the newest")
  }

  private static func oldestLost(_ seen: Evidence) throws -> Answer {
    let areNewestComplete =
      try seen.number("last delivered") == seen.number("events produced") - 1
      && seen.number("gaps between the delivered") == 0
    return Answer(areNewestComplete ? "the oldest" : "not only the oldest", expected: "the oldest")
  }

  static let discardCapacity = Claim(
    "discard-capacity", .losses, title: "Which sub-buffers fill up before the first drop?",
    question: "How many sub-buffers can a writer fill that may not overwrite and has no reader: is the reader's own "
      + "among them?",
    source:
      "include/uapi/linux/trace_mmap.h, @nr_subbufs: \"Number of subbfs in the ring-buffer, including the reader.\"; "
      + "lttng-ust and lttng-modules, ring_buffer_backend.c, @extra_reader_sb: \"need extra subbuffer for reader\"",
    procedure:
      "Write three times what fits; read everything, on LTTng after a flush. The number of filled sub-buffers is the "
      + "number of delivered events divided by those of the fullest, rounded up.",
    reaching: [.eventsLost],
    [
      .kernel: .assumed("all but the reader's: nr_subbufs - 1") { seen in
        let (filled, all) = try (seen.number("sub-buffers that were filled"), seen.number("nr_subbufs"))
        let answer = filled == all ? "all" : filled == all - 1 ? "all but the reader's" : "fewer"
        return Answer(answer, expected: "all but the reader's")
      },
      .lttng: .assumed("all sub-buffers of the channel: in discard mode the reader has none of its own") { seen in
        let (filled, all) = try (
          seen.number("sub-buffers that were filled"), seen.number("sub-buffers of the channel")
        )
        return Answer(filled == all ? "all" : filled < all ? "fewer" : "more", expected: "all")
      },
    ])

  static let roomAfterRelease = Claim(
    "room-after-release", .losses, title: "Which call makes room in a full ring buffer?",
    question:
      "The ring buffer is full and not overwritten: after which call of the reader can the writer continue, and how "
      + "much can it write?",
    source: "Documentation/trace/ring-buffer-design.rst: \"The old reader page will become part of the ring buffer\"; "
      + "lttng-concepts(7), Event record loss mode: \"An LTTng consumer daemon eventually consumes the marked sub-buffer, "
      + "which returns to the available state.\"",
    procedure: "Write twice what fits; write again; after each call of the reader write again.",
    reaching: .nothing,
    [
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
      },
      .lttng: .documented("nothing after the get, a sub-buffer's worth after the put") { seen in
        let written = try seen.number("bytes produced after put_next_subbuf")
        let isOne =
          try abs(written - seen.number("size of a sub-buffer")) < seen.number("size of an event")
        let answer =
          switch try (
            seen.number("bytes produced while it is full"), seen.number("bytes produced after get_next_subbuf")
          ) {
          case (0, 0): isOne ? "the release" : "another amount of room"
          case (0, _): "the acquire"
          default: "none, it is not full"
          }
        return Answer(answer, expected: "the release")
      },
    ])

  static let writerTold = Claim(
    "writer-told-of-drop", .losses, title: "Does the writer learn of a dropped event?",
    question: "Does the write of an event that is dropped fail?",
    source: "kernel/trace/trace.c, writing of trace_marker_raw: -EBADF wherever no event could be reserved, with "
      + "the comment \"Ring buffer disabled, return as if not open for write\"",
    procedure: "Write twice what fits without a reader; count the writes that failed, and compare with \"dropped "
      + "events\" of per_cpu/cpuN/stats, on lttng-modules with events_discarded.",
    notModelled: "the answer is that of write(2) on trace_marker_raw, which a model does not have",
    [
      .kernel: .assumed(
        "from the code: as many writes fail as events are dropped, the first with EBADF",
        reaching: [.eventsDropped("stats: dropped events")]
      ) { seen in
        let dropped = try seen.number("stats: dropped events")
        let failed = try seen.number("writes that failed")
        let answer = failed == dropped ? try "yes: \(seen.code("errno of the first"))" : learned(failed)
        return Answer(answer, expected: "yes: EBADF")
      },
      .lttngModules: .assumed(
        "as many writes fail as events are dropped", from: "kernel",
        reaching: [.eventsDropped("events_discarded of the last packet")]
      ) { seen in
        let dropped = try seen.number("events_discarded of the last packet")
        let failed = try seen.number("writes that failed")
        return Answer(failed == dropped ? "yes" : learned(failed), expected: "yes")
      },
      .lttngUST: .doesNotApply(
        to: "the result of a write", "a tracepoint is a function without a result: the traced program learns nothing"),
    ])

  private static func learned(_ failed: Int64) -> String {
    failed == 0 ? "no" : "not always"
  }
}
