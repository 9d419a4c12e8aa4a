import Results

extension Claim {
  /// New events when the writer meets an uncommitted one.
  public static let overwriteBesideUncommitted = Claim(
    "overwrite-beside-uncommitted", .losses, title: "New events when the writer meets an uncommitted one",
    question:
      "In overwrite mode, what happens to new events when the writer wraps around to a sub-buffer with an event "
      + "that is not committed yet?",
    source:
      "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_try_reserve_slow: \"Drop record in producer-consumer and "
      + "overwrite mode. Caused by either a writer OOPS or too many nested writes over a reserve/commit pair.\" (the same "
      + "words in lttng-modules); lib_ring_buffer_get_subbuf: \"discarding all further events until the situation is "
      + "resolved\"")

  /// Which events does discard mode lose?
  public static let discardDropsNewest = Claim(
    "discard-drops-newest", .losses, title: "Which events does discard mode lose?",
    question: "With the ring buffer full and not overwritten, are the newest events lost, and no others?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will stop writing to the buffer. This will lose "
      + "most recent events.\"; lttng-concepts(7), Discard mode: \"Drop the newest event records until a sub-buffer "
      + "becomes available.\"",
    reaching: [.eventsLost])

  /// Which events does overwrite mode lose?
  public static let overwriteDropsOldest = Claim(
    "overwrite-drops-oldest", .losses, title: "Which events does overwrite mode lose?",
    question: "In overwrite mode, are the oldest events lost, and no others?",
    source:
      "Documentation/trace/ring-buffer-design.rst: \"the producer will overwrite the older data. This will lose the "
      + "oldest events.\"; lttng-concepts(7), Overwrite mode: \"Clear the sub-buffer containing the oldest event "
      + "records\"",
    reaching: [.eventsLost])

  /// The judge of ``discardDropsNewest``. Reads what ``Evidence/addDelivered(_:of:)`` adds.
  public static func newestLost(_ seen: Evidence) throws -> Answer {
    let areOldestComplete = try seen.number("first delivered") == 0 && seen.number("gaps between the delivered") == 0
    return Answer(areOldestComplete ? "the newest" : "not only the newest", expected: "the newest")
  }

  /// The judge of ``overwriteDropsOldest``. Reads what ``Evidence/addDelivered(_:of:)`` adds.
  public static func oldestLost(_ seen: Evidence) throws -> Answer {
    let areNewestComplete =
      try seen.number("last delivered") == seen.number("events produced") - 1
      && seen.number("gaps between the delivered") == 0
    return Answer(areNewestComplete ? "the oldest" : "not only the oldest", expected: "the oldest")
  }

  /// Which sub-buffers fill up before the first drop?
  public static let discardCapacity = Claim(
    "discard-capacity", .losses, title: "Which sub-buffers fill up before the first drop?",
    question: "How many sub-buffers can a writer fill that may not overwrite and has no reader: is the reader's own "
      + "among them?",
    source:
      "include/uapi/linux/trace_mmap.h, @nr_subbufs: \"Number of subbfs in the ring-buffer, including the reader.\"; "
      + "lttng-ust and lttng-modules, ring_buffer_backend.c, @extra_reader_sb: \"need extra subbuffer for reader\"",
    reaching: [.eventsLost])

  /// Which call makes room in a full ring buffer?
  public static let roomAfterRelease = Claim(
    "room-after-release", .losses, title: "Which call makes room in a full ring buffer?",
    question:
      "The ring buffer is full and not overwritten: after which call of the reader can the writer continue, and how "
      + "much can it write?",
    source: "Documentation/trace/ring-buffer-design.rst: \"The old reader page will become part of the ring buffer\"; "
      + "lttng-concepts(7), Event record loss mode: \"An LTTng consumer daemon eventually consumes the marked sub-buffer, "
      + "which returns to the available state.\"",
    procedure: "Write twice what fits; write again; after each call of the reader write again.",
    reaching: .nothing)

  /// Does the writer learn of a dropped event?
  public static let writerTold = Claim(
    "writer-told-of-drop", .losses, title: "Does the writer learn of a dropped event?",
    question: "Does the write of an event that is dropped fail?",
    source: "kernel/trace/trace.c, writing of trace_marker_raw: -EBADF wherever no event could be reserved, with "
      + "the comment \"Ring buffer disabled, return as if not open for write\"",
    notModelled: "the answer is that of write(2) on trace_marker_raw, which a model does not have")

  /// The answer to ``writerTold`` of an ABI that does not report every drop, from the number of failed writes.
  public static func learned(_ failed: Int64) -> String {
    failed == 0 ? "no" : "not always"
  }

  /// Dropped events, as reported to the reader.
  public static let discardCounted = Claim(
    "discard-told-exactly", .losses, title: "Dropped events, as reported to the reader",
    question: "With the ring buffer full and not overwritten, does the reader learn how many events were dropped?",
    source: "lttng-concepts(7), Discard mode: \"increments a count of lost event records\"; "
      + "include/uapi/linux/trace_mmap.h, @overrun: \"Number of entries lost in the ring-buffer.\"",
    reaching: [.eventsLost])

  /// Overwritten events, as reported to the reader.
  public static let overwriteUncounted = Claim(
    "overwrite-number-not-told", .losses, title: "Overwritten events, as reported to the reader",
    question: "In overwrite mode, does the reader learn the exact number of lost events?",
    source: "lttng-concepts(7), Overwrite mode: \"LTTng doesn't write to the trace the exact number of lost event "
      + "records in the lost sub-buffers\"",
    reaching: [.eventsLost])

  /// Do received and dropped events add up?
  public static let receivedPlusDiscarded = Claim(
    "received-plus-discarded", .losses, title: "Do received and dropped events add up?",
    question: "With nothing overwritten, is the number of received events plus the reported number of discarded events "
      + "the number of produced events, over several losses?",
    source:
      "lttng-tools 2.13, tests/regression/ust/high-throughput/test_high_throughput, which adds the traced events to "
      + "the dropped ones and compares the total with the wanted number",
    reaching: [.eventsLost])

  /// Loss between two acquires, as reported to the reader.
  public static let lossBetweenAcquires = Claim(
    "loss-between-acquires", .losses, title: "Loss between two acquires, as reported to the reader",
    question:
      "Does the next sub-buffer report how many events were overwritten while the reader held the previous one?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader page/sub-buffer when the "
      + "IOCTL is done and a new reader page is acquired.\"; of v11 \(Cited.v11), 2024-01-11: \"lost_events is the number "
      + "of lost events that happened before this sub-buffer was swapped out\"; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers "
      + "to report lost packets\"",
    procedure: "Write twice what fits, acquire; write three times what fits, release and acquire the next.",
    reaching: [.eventsLost("events missing between the two")])
}
