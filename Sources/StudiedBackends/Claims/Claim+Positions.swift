import Study

extension Catalogue {
  /// Reading by position, and snapshots.
  static let positions: [Claim] = [
    .positions, .snapshotRepeatable, .snapshotNeedsFull, .samplesAnywhere, .lookAhead, .outOfBounds,
    .positionOverwritten, .positionHeld, .consumedOnlyForward,
  ]
}

extension Claim {
  /// Why the kernel has nothing to hold against a claim about positions.
  static let noPositions = "no call of the kernel's takes or gives a position"

  static let positions = Claim(
    "non-destructive-reading", .positions, title: "Reading twice without consuming",
    question: "Can a sub-buffer be read by position more than once, without being consumed?",
    source: "lttng-ust, ustctl.c: lttng_ust_ctl_put_subbuf \"Release exclusive sub-buffer access\", without "
      + "put_next's \"move consumer forward\"",
    procedure: "Write 500 events; take a snapshot; get_subbuf at its consumed position, put_subbuf, twice; then "
      + "get_next_subbuf.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .stated("get_subbuf at the consumed position works twice, and get_next_subbuf gives the same") { seen in
        let next = try seen["get_next_subbuf then"]
        return try next != "none" && seen["get_subbuf at consumed, time 1"] == next
          && seen["get_subbuf at consumed, time 2"] == next
      },
    ])

  static let snapshotRepeatable = Claim(
    "snapshot-repeatable", .positions, title: "Two snapshots of the same events",
    question: "Does a snapshot leave everything in place, so that a second one finds the same events?",
    source:
      "lttng-snapshot(1): \"When LTTng takes a snapshot, it does NOT clear the sub-buffers of the selected recording "
      + "session. In other words, different snapshots of the selected recording session can contain the same event "
      + "records.\"",
    procedure: "Fill half the ring buffer and flush. Twice: take a snapshot, then get_subbuf and put_subbuf at each "
      + "position from the consumed one to the produced one. At last get_next_subbuf and put_next_subbuf until refused.",
    [
      .kernel: .doesNotApply(to: "snapshot", noPositions),
      .lttng: .stated("both snapshots, and the reading after them, give all events that were written") { seen in
        let all = try seen["events written"]
        return try seen["first snapshot"] == all && seen["second snapshot"] == all
          && seen["get_next_subbuf then"] == all
      },
    ])

  static let snapshotNeedsFull = Claim(
    "snapshot-needs-full", .positions, title: "A snapshot without a full sub-buffer",
    question: "Is a snapshot refused with -EAGAIN as long as no sub-buffer has been ended?",
    source:
      "lttng-ust, lib_ring_buffer_snapshot: \"-EAGAIN if there is currently no data to read at consumed position\", "
      + "\"Check that we are not about to read the same subbuffer in which the writer head is.\"",
    procedure: "Take a snapshot of the empty ring buffer, one after 3 events, and one after a flush.",
    [
      .kernel: .doesNotApply(to: "snapshot", noPositions),
      .lttng: .stated("-EAGAIN when empty, -EAGAIN with a partial sub-buffer, and 0 after the flush") { seen in
        try seen["snapshot when empty"].hasPrefix("-EAGAIN") && seen["snapshot after 3 events"].hasPrefix("-EAGAIN")
          && seen["snapshot after the flush"] == "0"
      },
    ])

  static let samplesAnywhere = Claim(
    "sampled-positions", .positions, title: "Positions without a full sub-buffer",
    question: "Can the positions be sampled wherever they are, to the byte?",
    source: "lttng-ust, lib_ring_buffer_snapshot_sample_positions: \"the positions are saved regardless of whether the "
      + "consumed and produced positions are in the same subbuffer\", \"This function is meant to provide information on "
      + "the exact producer and consumer positions\"",
    procedure: "Sample the positions after the first event and after the second.",
    [
      .kernel: .doesNotApply(to: "snapshot_sample_positions", noPositions),
      .lttng: .stated(
        "both samples work, and the produced position moves by an event, whose header may be an extended one"
      ) { seen in
        let size = try seen.number("size of an event")
        return try seen["first sample"] == "0" && seen["second sample"] == "0"
          && (size..<2 * size).contains(seen.number("produced of the second") - seen.number("produced of the first"))
      },
    ])

  static let lookAhead = Claim(
    "look-ahead", .positions, title: "Looking ahead",
    question: "Can the reader look at sub-buffers that come later, without consuming anything?",
    source:
      "a question; S. Rostedt, [RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: \"This "
      + "maps all the ring buffer sub-buffers as well as the reader page.\"; lttng-ust, ust-ctl.h: lttng_ust_ctl_get_subbuf "
      + "takes a position",
    procedure:
      "Fill half the ring buffer; look at all sub-buffers, of the kernel's mapping by id without any ioctl, of "
      + "LTTng by get_subbuf at each position, the last first; see what was consumed; then read in order.",
    [
      .kernel: .taken("all events that were written lie in the mapping; none counts as read, and all come afterwards") {
        seen in
        try seen["events seen ahead"] == seen["events written"] && seen.number("stats: read events") == 0
          && seen["events read afterwards"] == seen["events written"]
      },
      .lttng: .taken("each position can be got; the consumed position does not move, and all events come afterwards") {
        seen in
        try seen["events seen ahead"] == seen["events written"]
          && seen["consumed position before"] == seen["consumed position after"]
          && seen["events read afterwards"] == seen["events written"]
      },
    ])

  static let outOfBounds = Claim(
    "position-out-of-bounds", .positions, title: "Positions outside of consumed and produced",
    question: "Is get_subbuf refused at positions before the consumed one, and from the produced one on?",
    source: "lttng-ust, lib_ring_buffer_get_subbuf: \"Check that the buffer we are getting is after or at consumed_cur "
      + "position.\"; \"-EAGAIN if there is currently no data to read\"",
    procedure: "Fill three sub-buffers and a half; get_next_subbuf and put_next_subbuf once; get_subbuf one sub-buffer "
      + "before the consumed position, at the produced one, one sub-buffer behind it, and a whole ring buffer behind it.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .stated("-EAGAIN each time; as a control, the position in between works") { seen in
        try [
          "get_subbuf one before consumed", "get_subbuf at produced", "get_subbuf one behind produced",
          "get_subbuf a ring buffer behind produced",
        ].allSatisfy { try seen[$0].hasPrefix("-EAGAIN") } && seen["get_subbuf one behind consumed"] != "none"
          && !seen["get_subbuf one behind consumed"].hasPrefix("-")
      },
    ])

  static let positionOverwritten = Claim(
    "position-overwritten", .positions, title: "A position that was overwritten",
    question: "Is get_subbuf refused at a position whose sub-buffer the writer has overwritten since?",
    source: "lttng-ust, lib_ring_buffer_get_subbuf: \"Check that the buffer we are getting is after or at consumed_cur "
      + "position.\"; lib_ring_buffer_reserve_push_reader has moved that on",
    procedure: "Fill three sub-buffers; take a snapshot; write three times what fits; get_subbuf at the snapshot's "
      + "consumed position.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .stated("it is refused") { seen in
        let (before, after) = try (seen.number("consumed position then"), seen.number("consumed position now"))
        try seen.require(after > before, "the writer did not overwrite the position")
        return try seen["get_subbuf at the snapshot's position"].hasPrefix("-")
      },
    ])

  static let positionHeld = Claim(
    "position-held-while-overwritten", .positions, title: "A position that is held while it is overwritten",
    question: "In overwrite mode, does a sub-buffer that was got by its position stay as it is while the writer comes "
      + "round to that position, and is the position refused once it was put?",
    source: "lttng-ust, ustctl.c, lttng_ust_ctl_get_subbuf: \"Get exclusive read access to the specified sub-buffer "
      + "position\"; lib_ring_buffer_get_subbuf: \"Check that the buffer we are getting is after or at consumed_cur "
      + "position.\"",
    procedure:
      "Fill three sub-buffers and a bit; get_subbuf at the second one's position; write three times what fits; "
      + "compare the bytes; put_subbuf; get_subbuf at the same position; get_next_subbuf.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .stated("no byte of it changes, and the position is refused after the put") { seen in
        let (held, consumed) = try (seen.number("position of get_subbuf"), seen.number("consumed position then"))
        try seen.require(consumed > held, "the writer did not come round to the position")
        return try seen.number("bytes of the held sub-buffer that changed") == 0
          && seen.refuses("get_subbuf at the position after the put")
      },
    ])

  static let consumedOnlyForward = Claim(
    "consumed-only-forward", .positions, title: "The consumed position moves forward only",
    question: "In overwrite mode, does the writer push the consumed position, and does a put that comes late leave it "
      + "there?",
    source:
      "lttng-ust, lib_ring_buffer_reserve_push_reader: \"If buffer is in overwrite mode, push the reader consumed "
      + "count if the write position has reached it\"; lib_ring_buffer_move_consumer: \"Only push the consumed value "
      + "forward.\"",
    procedure: "Fill three sub-buffers; get_next_subbuf; write three times what fits; put_next_subbuf; sample the "
      + "positions. Not before: a sample changes what put_next_subbuf counts from.",
    [
      .kernel: .doesNotApply(to: "the consumed position", noPositions),
      .lttng: .stated(
        "the put leaves it farther on than behind the sub-buffer that was got: where the writer pushed it"
      ) { seen in
        try seen.number("consumed position after the writing and the put")
          > seen.number("consumed position at the get") + seen.number("size of a sub-buffer")
      },
    ])
}
