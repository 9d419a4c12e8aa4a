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
    reaching: [
      .eventsDropped("events_discarded of the packet before it"),
      .writerInsideWrite { seen in try seen.number("packets got while the event is not committed") == 0 },
    ],
    [
      .kernel: .doesNotApply(
        to: "a sub-buffer that is ended while an event is not committed",
        "the kernel writes the event with preemption off, and a reader ends no sub-buffer"),
      .lttng: .documented("no packet's events_discarded is less than that of the previous packet") { seen in
        try .yes(seen.number("counts that fell") != 0, expected: false)
      },
    ])

  static let countOfLate = Claim(
    "count-of-a-late-packet", .losses, title: "events_discarded of a packet that is completed late",
    question:
      "If the last event of a packet is committed after later packets were filled and events were discarded: is "
      + "events_discarded of that packet the count at its end, and not that at its completion?",
    source:
      "lttng-ust f17f3fdf (1f8630c4 in 2.14.0), \"Fix: Sample discarded packet counters per sub-buffer\", 2025-06-05: \"If, "
      + "in the above example, events started to only be discarded after packet 4 is closed due to wrap-around, sub-buffer 1 "
      + "would close with a higher events discarded value than in sub-buffers 2, 3, and 4.\"; \(Cited.ctf): \"counting the number "
      + "of events discarded that were supposed to be written in the stream after the last event in the event packet\"",
    procedure:
      "In discard mode write 4 events; make the writer stay inside the write of one more, before its commit, and write, "
      + "in a signal handler there, twice what fits; let it commit; flush, and read everything.",
    reaching: [
      .writerInsideWrite { seen in
        try seen.number("events written while one is not committed") > 0
          && seen["get_next_subbuf then"].hasPrefix("-EAGAIN")
      },
      .eventsDropped("events_discarded of the last packet"),
    ],
    [
      .kernel: .doesNotApply(
        to: "a sub-buffer that is ended while an event is not committed",
        "the kernel writes the event with preemption off, and a reader ends no sub-buffer"),
      .lttng: .documented("0: nothing was discarded before its end") { seen in
        let (late, last) = try (
          seen.number("events_discarded of the late packet"), seen.number("events_discarded of the last packet")
        )
        let answer = late == 0 ? "that of its end" : late == last ? "that of its completion" : "another count"
        return Answer(answer, expected: "that of its end")
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
      + "everything. Kernel: the writer is interrupted by kprobe events on a function that the assignment of its event "
      + "calls, of which each needs a sub-buffer.",
    [
      .kernel: .assumed(
        "from kernel/trace/ring_buffer.c, rb_move_tail (\"bail, and warn about it\"): they are dropped, and \"commit "
          + "overrun\" of per_cpu/cpuN/stats alone has their number",
        reaching: [
          .writerInsideWrite { seen in try seen.number("events written inside") > 0 },
          .eventsLost { seen in try seen.number("events written inside") - seen.number("of them delivered") },
        ]
      ) { seen in
        let lost = try seen.number("events written inside") - seen.number("of them delivered")
        let answer =
          if try seen.number("meta.overrun") == lost {
            "dropped, counted exactly"
          } else if try seen.number("sub-buffers with bit 31 of commit") > 0 {
            "dropped, marked by a flag"
          } else if try seen.number("stats: commit overrun") == lost {
            "dropped, counted by stats alone"
          } else {
            "dropped, not counted"
          }
        return Answer(answer, expected: "dropped, counted by stats alone")
      },
      .lttngModules: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        reaching: lossInsideWrite, droppedBesideUncommitted),
      .lttngUST: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        reaching: lossInsideWrite, droppedBesideUncommitted),
    ])

  private static let lossInsideWrite: [Mark] = [
    .writerInsideWrite { seen in try seen.number("events written while one is not committed") > 0 }, .eventsLost,
  ]

  private static func droppedBesideUncommitted(_ seen: Evidence) throws -> Answer {
    let lost = try seen.lost
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

  static let lossBeforeUncommitted = Claim(
    "loss-before-an-uncommitted-event", .losses, title: "A loss before a sub-buffer that is still written",
    question: "If others interrupted a write and overwrote everything before its sub-buffer, and the reader takes that "
      + "sub-buffer before the write is committed: where is the loss reported?",
    source: "S. Rostedt, commit 4fc78a7c9ca9 (\"ring-buffer: Do not trigger WARN_ON() due to a commit_overrun\"), "
      + "2025-05-28, in Linux 6.16, ring_buffer_map_get_reader: \"In this case it's not an error, but it should still be "
      + "reported.\", \"TODO: Add missed events to the page for user space to know.\"",
    procedure: "In overwrite mode fill the ring buffer twice and half a sub-buffer, without reading. Have the writer "
      + "interrupted, between reserve and commit, by others that need more than the ring buffer; acquire on another CPU "
      + "meanwhile; let it commit, and read everything: its sub-buffer then has more events. Again on a new ring buffer, "
      + "up to eight times, if the acquire came after the commit.",
    reaching: [
      // Recorded only if the acquire came before the commit.
      .writerInsideWrite { seen in seen.observations.contains { $0.name == "events missing before" } },
      .eventsLost("events missing before"),
    ],
    [
      .kernel: .documented("as any loss: in the header of the sub-buffer") { seen in
        try lossBeforeUncommitted(seen, expected: "in the header")
      },
      .kernelV11: .assumed("as any loss: in reader.lost_events") { seen in
        try lossBeforeUncommitted(seen, expected: "in reader.lost_events")
      },
      .lttng: .doesNotApply(
        to: "a sub-buffer with an uncommitted event",
        "get_next_subbuf returns -EAGAIN until every event in it is committed"),
    ])

  private static func lossBeforeUncommitted(_ seen: Evidence, expected: String) throws -> Answer {
    let missing = try seen.number("events missing before")
    let answer =
      if try seen["told by the header"] != "none" {
        "in the header"
      } else if try seen.number("reader.lost_events") == missing {
        "in reader.lost_events"
      } else if try seen.number("told by later headers") > 0 {
        "in a later header"
      } else if try seen.number("meta.overrun") == missing {
        "in meta.overrun alone"
      } else {
        "nowhere"
      }
    return Answer(answer, expected: expected)
  }
}
