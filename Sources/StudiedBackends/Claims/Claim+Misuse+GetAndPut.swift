import Study

/// LTTng's get and put in the wrong order.
extension Claim {
  private static let noPut = "the kernel has one call, the acquire, which is the release too"

  static let putTwice = Claim(
    "put-twice", .misuse, title: "Two releases of one acquire",
    question: "What does a second put_next_subbuf after one get_next_subbuf do?",
    source:
      "stated nowhere in words; lttng-ust, lib_ring_buffer_put_subbuf: \"Reader puts a subbuffer it did not get.\", "
      + "then a warning",
    procedure: "Fill three sub-buffers and a half; get_next_subbuf, put_next_subbuf twice; sample the positions; "
      + "get_next_subbuf.",
    [
      .kernel: .doesNotApply(to: "put_next_subbuf", noPut),
      .lttng: .taken("from the warning: the second put changes nothing, and the next get gives the second sub-buffer") {
        seen in
        if seen.isSwitchedOff { return false }
        return try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen.number("\(mode)consumed position") == seen.number("\(mode)size of a sub-buffer")
            && seen.number("\(mode)first event then") == seen.number("\(mode)events of the first")
        }
      },
    ])

  static let putNextAfterGetAt = Claim(
    "put-next-after-get-at", .misuse, title: "get_subbuf ahead, then put_next_subbuf",
    question: "After get_subbuf at a later position: which sub-buffer does put_next_subbuf consume?",
    source:
      "stated nowhere in words; lttng-ust, ustctl.c: lttng_ust_ctl_put_next_subbuf \"Release exclusive sub-buffer "
      + "access, move consumer forward.\"",
    procedure: "Fill three sub-buffers and a half; take a snapshot; get_subbuf one sub-buffer behind the consumed "
      + "position; put_next_subbuf; sample the positions.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .taken("up to the one that was got: the consumed position moves behind it") { seen in
        let got = try seen.number("position of get_subbuf")
        return try seen.number("consumed position after put_next_subbuf")
          == got + seen.number("size of a sub-buffer")
      },
    ])

  static let getAtWhileHeld = Claim(
    "get-at-while-held", .misuse, title: "get_subbuf while another is held",
    question: "What does get_subbuf do while another sub-buffer is held?",
    source: "stated nowhere in words; lttng-ust, ustctl.c: lttng_ust_ctl_get_subbuf \"Get exclusive read access to the "
      + "specified sub-buffer position\"; backend_internal.h, update_read_sb_index: a warning",
    procedure:
      "Fill three sub-buffers and a half; get_next_subbuf; get_subbuf one sub-buffer behind it; put_next_subbuf; "
      + "flush; read everything.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .taken("it is refused, and all events but those of the first sub-buffer come afterwards") { seen in
        if seen.isSwitchedOff { return false }
        return try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen.number("\(mode)get_subbuf") < 0
            && seen.number("\(mode)events read afterwards")
              == seen.number("\(mode)events written") - seen.number("\(mode)events of the first")
        }
      },
    ])

  static let sampleWhileHeld = Claim(
    "sample-while-held", .misuse, title: "Sampling positions between get and put",
    question:
      "In overwrite mode: does sampling the positions while a sub-buffer is held leave alone what put_next_subbuf "
      + "consumes?",
    source: "a question; lttng-ust, ustctl.c, lttng_ust_ctl_snapshot_sample_positions and frontend.h, "
      + "lib_ring_buffer_put_next_subbuf, both use buf->cons_snapshot; lib_ring_buffer_snapshot_sample_positions: \"This "
      + "function is meant to provide information on the exact producer and consumer positions\"",
    procedure:
      "Fill three sub-buffers and a half; get_next_subbuf; write three times what fits, which pushes the consumed position; "
      + "sample the positions; put_next_subbuf; sample again.",
    [
      .kernel: .doesNotApply(to: "snapshot_sample_positions", noPositions),
      .lttng: .taken("yes: the put consumes nothing beyond where the writer had pushed the consumed position") { seen in
        let pushed = try seen.number("consumed position after the writing")
        try seen.require(pushed > 0, "the writer did not push the consumed position")
        return try seen.number("consumed position after the put") == pushed
      },
    ])

  static let clearWhileHeld = Claim(
    "clear-while-held", .misuse, title: "Clearing while a sub-buffer is held",
    question: "What does clear_buffer do while a sub-buffer is held?",
    source: "stated nowhere in words; lttng-ust, frontend_internal.h, lib_ring_buffer_clear_reader: \"Move consumed "
      + "position to the beginning of subbuffer in which the write offset is. Should only be used on ring buffers that are "
      + "not actively being written into\"",
    procedure: "Fill three sub-buffers and a half; get_next_subbuf; clear_buffer; look at the held sub-buffer again; "
      + "put_next_subbuf; get_next_subbuf; write 8 events, flush, read.",
    [
      .kernel: .doesNotApply(to: "clear_buffer", "no call of the reader ABI clears; that is a file's, trace"),
      .lttng: .taken("what is held stays as it is, all else is gone, and what is written afterwards can be read") {
        seen in
        try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen["\(mode)clear_buffer"] == "0" && seen.number("\(mode)bytes of the held sub-buffer that changed") == 0
            && seen["\(mode)get_next_subbuf after the put"].hasPrefix("-EAGAIN")
            && seen.number("\(mode)events read of 8 that were written afterwards") == 8
        }
      },
    ])

  static let unalignedPosition = Claim(
    "unaligned-position", .misuse, title: "A position that is no sub-buffer's beginning",
    question: "Is get_subbuf refused at a position in the middle of a sub-buffer?",
    source: "stated nowhere in words; lttng-ust, ustctl.c: lttng_ust_ctl_get_subbuf \"Get exclusive read access to the "
      + "specified sub-buffer position\"",
    procedure:
      "Fill three sub-buffers and a half; get_subbuf one byte behind the consumed position, put_subbuf; in the "
      + "middle of the second, put_subbuf; flush; read everything.",
    [
      .kernel: .doesNotApply(to: "get_subbuf", noPositions),
      .lttng: .taken("it is refused, and all events can be read afterwards") { seen in
        try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen["\(mode)get_subbuf at consumed + 1"].hasPrefix("-")
            && seen["\(mode)get_subbuf in the middle of the second"].hasPrefix("-")
            && seen["\(mode)events read afterwards"] == seen["\(mode)events written"]
        }
      },
    ])

  static let putOnEmpty = Claim(
    "release-on-empty", .misuse, title: "A release on the empty ring buffer",
    question: "Is a put_next_subbuf on the new, empty ring buffer harmless: is everything that is written afterwards "
      + "recorded?",
    source:
      "stated nowhere in words; lttng-ust, frontend_internal.h, lib_ring_buffer_clear_reader: a consumed position "
      + "\"further than the write offset\" \"breaks ring buffer algorithm guarantees\"",
    procedure:
      "put_next_subbuf on the new ring buffer; fill two sub-buffers and a half; flush; sample the positions; read "
      + "everything.",
    [
      .kernel: .doesNotApply(to: "put_next_subbuf", noPut),
      .lttng: .taken("all events can be read") { seen in
        if seen.isSwitchedOff { return false }
        return try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen.number("\(mode)events delivered") == seen.number("\(mode)events produced")
        }
      },
    ])

  static let recordingAfterMisuse = Claim(
    "recording-after-misuse", .misuse, title: "Recording after misuse",
    question: "After acquires that find nothing, or come twice before a release, and a release too many: is everything "
      + "recorded that is written then?",
    source:
      "a question; lttng-ust, frontend_types.h, CHAN_WARN_ON: uatomic_inc(&__chan->record_disabled), of the process "
      + "that warns: the channel is each one's own memory (SHM_OBJECT_MEM, ring_buffer_frontend.c)",
    procedure:
      "Fill two sub-buffers and a half; get_next_subbuf twice; put_next_subbuf twice; then write 8 events, flush "
      + "and read. Of the kernel: acquire three times on the empty ring buffer and twice more with 8 events; then write 8 "
      + "events and read.",
    [
      .kernel: .counterpart("all 8 events can be read") { seen in
        try seen.number("events read of 8 that were written afterwards") == 8
      },
      .lttng: .taken("all 8 events can be read") { seen in
        if seen.isSwitchedOff { return false }
        return try seen.number("overwrite: events read of 8 that were written afterwards") == 8
          && seen.number("discard: events read of 8 that were written afterwards") == 8
      },
    ])
}
