import Study

extension Catalogue {
  /// The end of a ring buffer's life.
  static let finalisation: [Claim] = [
    .finalized, .endToldByPoll, .restAfterEnd, .recordingOffTold, .flushOfEmpty, .flushOfNew,
    .flushOnlyWithEvents,
  ]
}

extension Claim {
  private static let manyWriters =
    "the ring buffer is not its writer's: whoever opens trace_marker_raw writes on; whether a reader is told that "
    + "recording is off is asked by recording-off-told"

  static let finalized = Claim(
    "eagain-and-enodata", .finalisation, title: "Nothing yet, and nothing any more",
    question: "Does an acquire tell that there is nothing to read yet from that nothing will ever come: -EAGAIN and "
      + "-ENODATA?",
    source: "lttng-ust, lib_ring_buffer_get_subbuf: \"Returns -ENODATA if buffer is finalized, -EAGAIN if there is "
      + "currently no data to read\"; nothing in v2.13.5 sets finalized; lttng-modules, the same words, and channel_destroy: "
      + "\"when readers have completed data consumption of finalized channels, get_subbuf() will return -ENODATA\"",
    procedure:
      "Write 8 events, less than a sub-buffer, and get; end the writer, of lttng-modules the session; of LTTng-UST "
      + "flush_buffer(stream, 0); read all, and get again.",
    [
      .kernel: .doesNotApply(to: "the end of the writer", manyWriters),
      .lttngModules: .stated("-EAGAIN while the session is there; -ENODATA when it has ended and all is read") { seen in
        let there = try seen["session there: get_next_subbuf"]
        let ended = try seen["all is read: get_next_subbuf"]
        return there.hasPrefix("-EAGAIN") && ended.hasPrefix("-ENODATA")
      },
      .lttngUST: .taken(
        "the end of the process taken for what finalizes the buffer: -EAGAIN while it runs, -ENODATA then"
      ) { seen in
        let running = try seen["process runs: get_next_subbuf"]
        let ended = try seen["all is read: get_next_subbuf"]
        return running.hasPrefix("-EAGAIN") && ended.hasPrefix("-ENODATA")
      },
    ])

  static let endToldByPoll = Claim(
    "end-told-by-poll", .finalisation, title: "poll at the end of the writer",
    question: "Does poll tell the reader that the writer has ended?",
    source:
      "lttng-tools 2.13, src/common/consumer/consumer.c, consumer_thread_data_poll: POLLHUP, \"Polling fd %d tells "
      + "it has hung up.\"; lttng_ustconsumer_on_stream_hangup",
    procedure: "Write 8 events; of LTTng, close this process's own write end of the pipe in the set-up; poll; end the "
      + "writer, of lttng-modules the session; poll; of lttng-modules read all and poll.",
    [
      .kernel: .doesNotApply(to: "the end of the writer", manyWriters),
      .lttngModules: .taken(
        "from what the consumer daemon looks for: POLLHUP when the session has ended and all is read, and not before"
      ) { seen in
        try !seen["session there: poll"].contains("POLLHUP") && seen["all is read: poll"].contains("POLLHUP")
      },
      .lttngUST: .stated("POLLHUP, once the writer has ended and not before") { seen in
        try !seen["writer lives: poll"].contains("POLLHUP") && seen["writer has ended: poll"].contains("POLLHUP")
      },
    ])

  static let restAfterEnd = Claim(
    "rest-after-writer-ended", .finalisation, title: "What an ended writer leaves",
    question: "Can all events of a writer that has ended be read, those of a partial sub-buffer included?",
    source: "lttng-tools 2.13, src/common/ust-consumer/ust-consumer.c, lttng_ustconsumer_on_stream_hangup: "
      + "lttng_ust_ctl_flush_buffer(stream->ustream, 0)",
    procedure:
      "Fill two sub-buffers and a half; end the writer, of lttng-modules the session; of LTTng-UST flush_buffer(stream, 0); "
      + "read everything.",
    [
      .kernel: .counterpart("all of them, by acquires alone", allAreThere),
      .lttngModules: .taken("all of them: stopping the session ends the partial sub-buffer", allAreThere),
      .lttngUST: .taken("from what the consumer daemon does: all of them, after the flush", allAreThere),
    ])

  static let recordingOffTold = Claim(
    "recording-off-told", .finalisation, title: "Recording switched off",
    question:
      "Does the acquire or poll tell the reader that recording was switched off, so that nothing new will come?",
    source:
      "a question; lttng-ust, channel_destroy: \"when readers have completed data consumption of finalized channels, "
      + "get_subbuf() will return -ENODATA\"",
    procedure:
      "Write 8 events and read all; acquire with O_NONBLOCK and poll without waiting; switch recording off, of the "
      + "kernel by tracing_on, of LTTng by stop_session; acquire and poll so again. (For one that waits see "
      + "tracing-off-wakes.)",
    notModelled: "a model has no switch",
    [
      .kernel: .taken("yes: one of the two answers differently", offIsTold),
      .lttng: .taken("yes: one of the two answers differently", offIsTold),
    ])

  static let flushOfEmpty = Claim(
    "flush-of-empty", .finalisation, title: "The last packet without events",
    question: "Does flush_buffer(stream, 0) end a sub-buffer that has no events, so that a packet tells the time up to "
      + "the end?",
    source:
      "lttng-ust, lib_ring_buffer_try_switch_slow: \"Ensure we flush the header of an empty subbuffer when doing the "
      + "finalize (SWITCH_FLUSH). This ensures that we end up knowing the total data gathering duration even if there "
      + "were no records saved after the last buffer switch.\"",
    procedure: "Write 8 events, flush_buffer(stream, 0), read; flush_buffer(stream, 0), get_next_subbuf.",
    [
      .kernel: .doesNotApply(to: "flush_buffer", noFlush),
      .lttng: .stated("the second get gives a packet without events, which ends later than the first") { seen in
        try seen["second get_next_subbuf"] == "0" && seen.number("events of the second packet") == 0
          && seen.number("end of the second packet") >= seen.number("end of the first packet")
      },
    ])

  static let flushOnlyWithEvents = Claim(
    "flush-only-with-events", .finalisation, title: "A flush of a sub-buffer without events",
    question: "When all events are read: does flush_buffer(stream, 1) leave alone a sub-buffer that has none?",
    source: "lttng-ust, lib_ring_buffer_try_switch_slow: \"In SWITCH_ACTIVE mode, switch the buffer when it contains "
      + "events.\"",
    procedure: "Write 8 events, flush, read all; flush again, get_next_subbuf.",
    [
      .kernel: .doesNotApply(to: "flush_buffer", noFlush),
      .lttng: .stated("-EAGAIN") { seen in
        try seen.require(seen.number("events delivered") == 8, "the events were not all read")
        return try seen["flushed again: get_next_subbuf"].hasPrefix("-EAGAIN")
      },
    ])

  static let flushOfNew = Claim(
    "flush-of-new-ring-buffer", .finalisation, title: "A flush before the first event",
    question: "Does flush_buffer(stream, 1) leave alone a ring buffer into which nothing was ever written?",
    source:
      "two comments of lttng-ust 2.13: lib_ring_buffer_try_switch_slow: \"In SWITCH_ACTIVE mode, switch the buffer "
      + "when it contains events.\"; lib_ring_buffer_create: \"Write the subbuffer header for first subbuffer so we know "
      + "the total duration of data gathering.\"",
    procedure: "flush_buffer(stream, 1) and get_next_subbuf on the new ring buffer.",
    [
      .kernel: .doesNotApply(to: "flush_buffer", noFlush),
      .lttng: .taken("from the first comment: -EAGAIN") { seen in
        try seen["flushed: get_next_subbuf"].hasPrefix("-EAGAIN")
      },
    ])

  static let noFlush = "an acquire hands out a partial sub-buffer as it is: there is nothing to flush"

  private static let allAreThere: Expectation.BooleanJudge = { seen in
    try seen.number("events delivered") == seen.number("events produced")
      && seen.number("gaps between the delivered") == 0
  }

  private static let offIsTold: Expectation.BooleanJudge = { seen in
    try seen["recording: acquire"] != seen["switched off: acquire"]
      || seen["recording: poll"] != seen["switched off: poll"]
  }
}
