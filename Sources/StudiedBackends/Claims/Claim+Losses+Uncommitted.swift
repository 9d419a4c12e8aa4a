import Study

/// Claims about losses next to an event that is reserved and not committed yet.
extension Claim {
  static let countNeverFalls = Claim(
    "discarded-count-never-falls", .losses, title: "Does events_discarded ever fall?",
    question: "If a flush ends a sub-buffer whose last event is not committed yet: is events_discarded of that "
      + "packet less than that of the previous packet?",
    source: "\(Cited.ctf): \"Snapshot of a per-stream free-running counter\"; lttng-ust, "
      + "ringbuffer-clients/template.h, and lttng-modules, lttng-ring-buffer-client.h, events_discarded: \"Events lost in "
      + "this subbuffer since the beginning of the trace. (may overflow)\"; lttng-ust, \"Fix: Sample discarded packet "
      + "counters per sub-buffer\", 2025-06-05, in 2.14.0: \"Trace readers expect that the value of `events_discarded` "
      + "increases from sub-buffer to sub-buffer.\"",
    procedure: "In discard mode write twice what fits and read everything. Write 4 events; make the writer stay "
      + "inside the write of one more, before its commit; flush_buffer(stream, 1); let it commit. Write 4 more, "
      + "flush, and read everything.",
    [
      .kernel: .doesNotApply(
        to: "a sub-buffer that is ended while an event is not committed",
        "the kernel writes the event with preemption off, and a reader ends no sub-buffer"),
      .lttng: .documented("no packet's events_discarded is less than that of the previous packet") { seen in
        try seen.require(
          seen.number("events_discarded of the packet before it") > 0, "no loss was reported before it")
        try seen.require(
          seen.number("packets got while the event is not committed") == 0, "the flush did not precede the commit")
        return try .yes(seen.number("counts that fell") != 0, expected: false)
      },
    ])

  static let overwriteBesideUncommitted = Claim(
    "overwrite-beside-uncommitted", .losses, title: "New events when the writer meets an uncommitted one",
    question:
      "In overwrite mode, what happens to new events when the writer wraps around to a sub-buffer with an event "
      + "that is not committed yet?",
    source:
      "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_try_reserve_slow: \"Drop record in producer-consumer and "
      + "overwrite mode. Caused by either a writer OOPS or too many nested writes over a reserve/commit pair.\" (the same "
      + "words in lttng-modules); lib_ring_buffer_get_subbuf: \"discarding all further events until the situation is "
      + "resolved\"",
    procedure: "In overwrite mode write 4 events; make the writer stay inside the write of one more, before its "
      + "commit, and write, in a signal handler there, twice what fits; let it commit. Write 4 more, flush, and read "
      + "everything.",
    [
      .kernel: .doesNotApply(
        to: "an event that a process of user space leaves uncommitted",
        "the kernel reserves and commits the event in one system call, with preemption off; only interrupts write "
          + "meanwhile, and \"commit overrun\" of per_cpu/cpuN/stats counts what they lose"),
      .lttngModules: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        droppedBesideUncommitted),
      .lttngUST: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        droppedBesideUncommitted),
    ])

  private static func droppedBesideUncommitted(_ seen: Evidence) throws -> Answer {
    let lost = try seen.requiredLoss()
    let discarded = try seen.number("events_discarded of the last packet")
    let gaps = try seen.number("gaps between the delivered")
    let isCounted = try seen.number("first delivered") + discarded == lost
    let answer =
      if gaps != 1 {
        gaps == 0 ? "not dropped" : "dropped in several gaps"
      } else if discarded <= 0 {
        "dropped, not counted"
      } else {
        isCounted ? "dropped, counted exactly" : "dropped, counted wrongly"
      }
    return Answer(answer, expected: "dropped, counted exactly")
  }
}
