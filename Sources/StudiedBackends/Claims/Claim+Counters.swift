import Study

extension Catalogue {
  /// Counters against other counters and against the truth.
  static let counters: [Claim] = [
    .counters, .lostEvents, .entriesInBuffer, .entriesBalance, .overrunIsLost, .readIsDelivered, .subbufsNotNeeded,
    .freeRunning,
  ]
}

extension Claim {
  static let counters = Claim(
    "meta-page-equals-stats", .counters, title: "The meta page has the counters of stats",
    question: "Are entries, overrun and read of the meta page those of per_cpu/cpuN/stats?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"You'll see similar to the above.\", \"entries = entries\", "
      + "\"overrun = overrun\", \"read = read\"",
    procedure: "Write 2000 events, acquire once, and read both.",
    [
      .kernelV11: .stated("after the same load and one acquire the three pairs are equal", arePairsEqual),
      .kernel: .taken(
        "of v11, taken of what was merged: after the same load and one acquire the three pairs are equal",
        arePairsEqual),
      .lttng: .doesNotApply(
        to: "per_cpu/cpuN/stats", "there is no file of counters beside the ring buffer"),
    ])

  private static let arePairsEqual: Expectation.BooleanJudge = { seen in
    try seen.require(seen.number("overrun: stats") > 0, "nothing was overwritten")
    return try seen.number("entries: meta page") == seen.number("entries: stats")
      && seen.number("overrun: meta page") == seen.number("overrun: stats")
      && seen.number("read: meta page") == seen.number("read events: stats")
  }

  static let lostEvents = Claim(
    "lost-events-in-meta-page", .counters, title: "reader.lost_events is the number lost before",
    question: "Is reader.lost_events the number of events lost before this sub-buffer was swapped out?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"lost_events is the number of lost events that happened before "
      + "this sub-buffer was swapped out\"; include/uapi/linux/trace_mmap.h, @reader.lost_events: \"Number of events "
      + "lost at the time of the reader swap.\"",
    procedure: "Write 3000 events, which overwrite the ring buffer, and acquire once.",
    [
      .kernel: .stated("reader.lost_events is the number of sequence numbers missing before the first event") { seen in
        let missing = try seen.number("missing before it")
        try seen.require(missing > 0, "nothing was lost")
        return try seen.number("meta.reader.lost_events") == missing
      },
      .lttng: .doesNotApply(
        to: "reader.lost_events",
        "a packet tells losses in its header; there is no field of the reader's beside it"),
    ])

  static let entriesInBuffer = Claim(
    "entries-in-the-ring-buffer", .counters, title: "entries is the number of events in the ring buffer",
    question: "Is meta.entries the number of events that are in the ring buffer for the reader?",
    source:
      "include/uapi/linux/trace_mmap.h, @entries: \"Number of entries in the ring-buffer.\" (but see first-acquire-counts: the kernel's own test has 16 when all "
      + "16 were read)",
    procedure: "Overwrite the ring buffer, acquire once and write entries down; read everything else and count it.",
    [
      .kernel: .stated("it is the number of events that the acquires after it still deliver") { seen in
        try seen.require(seen.number("events still delivered") > 0, "nothing was left")
        return try seen.number("meta.entries") == seen.number("events still delivered")
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page, and events are not counted"),
    ])

  static let entriesBalance = Claim(
    "entries-that-can-be-read", .counters, title: "entries less overrun less read is what can be read",
    question: "Can a reader compute from the meta page how many events it can still read?",
    source: "V. Donnefort, Introducing trace buffer mapping by user-space, changes from v3 to v4: \"read (allow to "
      + "compute how many entries can be read)\"",
    procedure: "Overwrite the ring buffer, acquire once and write the counters down; read everything else and count "
      + "it.",
    [
      .kernel: .taken("of v4: entries less overrun less read is the number of events still delivered") { seen in
        try seen.require(seen.number("meta.overrun") > 0, "nothing was overwritten")
        return try seen.number("meta.entries") - seen.number("meta.overrun") - seen.number("meta.read")
          == seen.number("events still delivered")
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page, and events are not counted"),
    ])

  static let overrunIsLost = Claim(
    "overrun-against-truth", .counters, title: "overrun is the number of lost events",
    question: "In overwrite mode, over several losses, is meta.overrun the number of events that were not delivered?",
    source: "include/uapi/linux/trace_mmap.h, @overrun: \"Number of entries lost in the ring-buffer.\"",
    procedure: "Three times: write twice what fits and read everything. Compare the counter with the sequence numbers.",
    [
      .kernel: .stated("it is their number") { seen in
        try seen.number("meta.overrun") == seen.requiredLoss()
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page"),
    ])

  static let readIsDelivered = Claim(
    "read-against-truth", .counters, title: "read is the number of delivered events",
    question: "Over several losses, is meta.read the number of events that were delivered?",
    source: "include/uapi/linux/trace_mmap.h, @read: \"Number of entries that have been read.\"",
    procedure: "Three times: write twice what fits and read everything. Compare the counter with what was delivered.",
    [
      .kernel: .stated("it is their number") { seen in
        try seen.require(seen.number("events delivered") > 0, "nothing was delivered")
        return try seen.number("meta.read") == seen.number("events delivered")
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page"),
    ])

  static let subbufsNotNeeded = Claim(
    "subbufs-not-needed", .counters, title: "A reader does without subbufs_*",
    question: "Does a reader that uses only reader.id, reader.read and overrun account for every event, and can it "
      + "count the sub-buffers that it read (subbufs_read) itself?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"we only export what we really need, and I don't think we need "
      + "the above\" (subbufs_touched, subbufs_lost, subbufs_read); V. Donnefort, 2024-01-12: \"in that case I can "
      + "track that in the reader\"",
    procedure: "Three times: write twice what fits and read everything, with those three fields alone. Count the "
      + "exchanges by reader.id.",
    [
      .kernel: .taken("delivered and overrun add up to what was produced, and each sub-buffer was counted") { seen in
        try seen.require(seen.number("meta.overrun") > 0, "nothing was overwritten")
        return try seen.number("events delivered") + seen.number("meta.overrun") == seen.number("events produced")
          && seen.number("sub-buffers counted by reader.id") == seen.number("sub-buffers with a header of their own")
      },
      .lttng: .doesNotApply(to: "the meta page", "there is no meta page"),
    ])

  static let freeRunning = Claim(
    "count-is-free-running", .counters, title: "The count of lost events is free-running",
    question: "Does the count of lost events in the sub-buffers' headers go on counting from one to the next?",
    source: "\(Cited.ctf): events_discarded, \"Snapshot of a per-stream free-running counter\"",
    procedure: "Three times: write more than fits and read everything; of the kernel in overwrite mode, of LTTng in "
      + "discard mode and with flush_buffer(stream, 0) at the end. Write down every count in a header that is not 0.",
    [
      .kernel: .counterpart("the last count is the number lost since the beginning") { seen in
        try seen.number("last count") == seen.requiredLoss()
      },
      .lttng: .stated("the counts never fall, and the last is the number lost since the beginning") { seen in
        try seen.number("counts that fell") == 0 && seen.number("last count") == seen.requiredLoss()
      },
    ])
}
