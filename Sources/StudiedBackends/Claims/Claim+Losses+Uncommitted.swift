import Study

/// What is lost beside an event that is reserved and not committed yet.
extension Claim {
  static let countNeverFalls = Claim(
    "discarded-count-never-falls", .losses, title: "The count of discarded events never falls",
    question: "Where a flush ends a sub-buffer whose last event is not committed yet: is events_discarded of that "
      + "packet still no less than that of the packet before?",
    source: "\(Cited.ctf): \"Snapshot of a per-stream free-running counter\"; lttng-ust, "
      + "ringbuffer-clients/template.h, events_discarded: \"Events lost in this subbuffer since the beginning of the "
      + "trace.\"; lttng-tools, consumer-stream.cpp, aggregate_discarded_events, of a count below the one before: "
      + "\"Unexpected counter overflow\"",
    procedure: "In discard mode write twice what fits and read everything. Write 4 events; have the writer stay "
      + "inside the write of one more, before its commit; flush_buffer(stream, 1); let it commit. Write 4 more, "
      + "flush, and read everything.",
    [
      .kernel: .noCounterpart(
        to: "a sub-buffer that is ended while an event is not committed",
        "the kernel writes the event, with preemption off, and a reader ends no sub-buffer"),
      .lttng: .stated("no packet's events_discarded is less than that of the packet before") { seen in
        try seen.require(seen.number("events_discarded of the packet before it") > 0, "no loss was told before it")
        try seen.require(
          seen.number("packets got while the event is not committed") == 0, "the flush did not come before the commit")
        return try seen.number("counts that fell") == 0
      },
    ])

  static let overwriteDiscardsNone = Claim(
    "overwrite-discards-none", .losses, title: "Overwrite mode beside an event that is not committed",
    question: "In overwrite mode, are all new events written when the writer laps a sub-buffer with an event that is "
      + "not committed yet?",
    source: "lttng-concepts(7), Overwrite mode: \"Clear the sub-buffer containing the oldest event records and start "
      + "writing the newest event records there.\"",
    procedure: "In overwrite mode write 4 events; have the writer stay inside the write of one more, before its "
      + "commit, and write, in a signal handler there, twice what fits; let it commit. Write 4 more, flush, and read "
      + "everything.",
    [
      .kernel: .noCounterpart(
        to: "a writer that laps the ring buffer while an event is not committed",
        "the kernel writes the event, with preemption off; only interrupts write meanwhile, and their losses have a "
          + "counter of their own, \"commit overrun\" of per_cpu/cpuN/stats"),
      .lttng: .stated("the newest are all there, up to the last without a gap") { seen in
        _ = try seen.requiredLoss()
        return try seen.number("last delivered") == seen.number("events produced") - 1
          && seen.number("gaps between the delivered") == 0
      },
    ])
}
