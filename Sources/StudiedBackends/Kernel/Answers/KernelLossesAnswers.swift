import Study

extension KernelAnswers {
  static let overwriteBesideUncommitted = Claim.overwriteBesideUncommitted.answered([
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
    }
  ])

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
    ])

  static func lossBeforeUncommitted(_ seen: Evidence, expected: String) throws -> Answer {
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

  static let discardDropsNewest = Claim.discardDropsNewest.answered([
    .kernel: .documented("the oldest are complete, from the first on without a gap", Claim.newestLost)
  ])

  static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered([
    .kernel: .documented("the newest are complete, up to the last without a gap", Claim.oldestLost)
  ])

  static let discardCapacity = Claim.discardCapacity.answered([
    .kernel: .assumed("all but the reader's: nr_subbufs - 1") { seen in
      let (filled, all) = try (seen.number("sub-buffers that were filled"), seen.number("nr_subbufs"))
      let answer = filled == all ? "all" : filled == all - 1 ? "all but the reader's" : "fewer"
      return Answer(answer, expected: "all but the reader's")
    }
  ])

  static let roomAfterRelease = Claim.roomAfterRelease.answered([
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
    }
  ])

  static let writerTold = Claim.writerTold.answered([
    .kernel: .assumed(
      "from the code: as many writes fail as events are dropped, the first with EBADF",
      reaching: [.eventsDropped("stats: dropped events")]
    ) { seen in
      let dropped = try seen.number("stats: dropped events")
      let failed = try seen.number("writes that failed")
      let answer = failed == dropped ? try "yes: \(seen.code("errno of the first"))" : Claim.learned(failed)
      return Answer(answer, expected: "yes: EBADF")
    }
  ])

  static let discardCounted = Claim.discardCounted.answered([
    .kernel: .assumed(
      "by the words of trace_mmap.h: overrun is the number of entries lost, so it is the number of dropped events"
    ) { seen in
      let isSilent =
        try seen.number("meta.overrun") == 0 && seen["meta.reader.lost_events, summed"] == "0"
        && seen["sub-buffers with the missed-events flag"] == "0"
      let report = try seen.report("meta.overrun", of: seen.lost)
      return Answer(isSilent ? "no indication" : report, expected: "exact")
    }
  ])

  static let overwriteUncounted = Claim.overwriteUncounted.answered([
    .kernel: .assumed("no counter of the reader ABI is the number of lost events", from: "LTTng") { seen in
      let report = try seen.report("meta.overrun", of: seen.lost)
      return Answer(report, isExpected: report != "exact")
    }
  ])

  static let receivedPlusDiscarded = Claim.receivedPlusDiscarded.answered([
    .kernel: .assumed(
      "received plus \"dropped events\" of per_cpu/cpuN/stats, outside the reader ABI, is the sum", from: "lttng-ust"
    ) { seen in
      let isSum = try seen.number("stats: dropped events") == seen.lost
      return Answer(isSum ? "yes, with the stats file" : "no", expected: "yes, with the stats file")
    }
  ])

  static let lossBetweenAcquires = Claim.lossBetweenAcquires.answered([
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
  ])
}
