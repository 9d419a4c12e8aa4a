import Study

extension Catalogue {
  /// The conditions under which a reader learns that there is something to read.
  static let readiness: [Claim] = [
    .readyAtPercent, .nothingThere, .pollWhenAllIsRead, .nonBlockingIgnoresPercent, .blockingAcquire, .pollThenAcquire,
    .requestZeroWakes, .tracingOffWakes, .wakeUpForEach, .switchTimer, .readTimer, .pollinWhenFull,
  ]
}

extension Claim {
  static let readyAtPercent = Claim(
    "poll-obeys-buffer-percent", .readiness, title: "Does poll obey buffer_percent?",
    question: "Does poll report ready when the ring buffer is filled to the share that buffer_percent asks for?",
    source: "S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "Documentation/trace/ftrace.rst, buffer_percent: \"50  - means to wake up when roughly half of the ring buffer "
      + "sub-buffers are full\"",
    procedure: "For buffer_percent 0, 25, 50, 75 and 100: fill the ring buffer a quarter of a sub-buffer at a time, "
      + "and poll after each with a timeout of 0. An observed number of events is a multiple of this step: poll may "
      + "have become ready at any event of the last step, so that 0 % is not tested with a single event.",
    reaching: .nothing,
    [
      .kernel: .documented(
        "at 0 with any data, else at roughly that share of the sub-buffers; assumed: within one sub-buffer"
      ) { seen in
        let one = try seen.number("events of a sub-buffer")
        let step = max(1, one / 4)
        let firstWrong = try [Int64(0), 25, 50, 75, 100].first { percent in
          let text = try seen["buffer_percent \(percent): first ready, at events"]
          guard let ready = Int64(text) else { return true }
          let expected = try max(step, one &* seen.number("sub-buffers of the writer") &* percent / 100)
          return !(ready > 0 && ready <= expected + one && ready + one >= expected)
        }
        if let firstWrong { return Answer("no, not at \(firstWrong) %", isExpected: false) }
        return Answer("yes, within one sub-buffer", isExpected: true)
      },
      .lttng: .doesNotApply(
        to: "buffer_percent", "there is no buffer_percent"),
    ])

  static let nothingThere = Claim(
    "acquire-of-nothing", .readiness, title: "An acquire when there is nothing to read",
    question: "What does a non-blocking acquire return when there is nothing to read?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10: "
      + "ASSERT_EQ(ioctl(desc->cpu_fd, TRACE_MMAP_IOCTL_GET_READER), 0) on the empty ring buffer, opened with "
      + "O_NONBLOCK; lttng-ust and lttng-modules, lib_ring_buffer_get_subbuf: \"-EAGAIN if there is currently no data "
      + "to read\"; lttng-modules, ring_buffer_vfs.c, GET_NEXT_SUBBUF: \"It never blocks.\"",
    procedure: "Acquire on the empty ring buffer; write 8 events and read them (LTTng: after a flush); acquire.",
    [
      .kernel: .documented(
        "0, and the meta page is unchanged",
        reaching: [.allRead { seen in try seen["all is read: meta page before"].contains("read 8,") }]
      ) { seen in
        let codes = try seen.codes(["empty: ioctl", "all is read: ioctl"])
        if codes != "0" { return Answer(codes, isExpected: false) }
        let isUnchanged =
          try seen["empty: meta page before"] == seen["empty: meta page after"]
          && seen["all is read: meta page before"] == seen["all is read: meta page after"]
        return Answer(isUnchanged ? "0, page unchanged" : "0, page changed", isExpected: isUnchanged)
      },
      .lttngUST: .documented("-EAGAIN", reaching: allEightRead, emptyGets),
      .lttngModules: .documented("-EAGAIN", reaching: allEightRead, emptyGets),
    ])

  private static let allEightRead: [Mark] = [.allRead { seen in try seen.number("events read") == 8 }]

  private static let emptyGets: Expectation.Judge = { seen in
    try Answer(seen.codes(["empty: get_next_subbuf", "all is read: get_next_subbuf"]), expected: "-EAGAIN")
  }

  static let pollWhenAllIsRead = Claim(
    "poll-when-all-is-read", .readiness, title: "poll after all events are read",
    question: "Does poll report ready exactly if there is something to read?",
    source:
      "Documentation/trace/ftrace.rst, buffer_percent: \"0   - means to wake up as soon as there is any data in the "
      + "ring buffer.\"; lttng-ust, lib_ring_buffer_wakeup: \"the consumer should perform the following sequence for "
      + "waiting: 1) empty the pipe (reads). 2) check if there is data in the buffer. 3) wait on the pipe (poll).\"; "
      + "undocumented for lttng-modules, where lib_ring_buffer_poll compares the produced and the consumed position",
    procedure: "buffer_percent is 0. Poll when empty; fill two and a half sub-buffers, poll; read everything, poll.",
    reaching: [.allRead { seen in try seen.number("events read") > 0 }],
    [
      .kernel: .documented("not ready when empty, ready with data, not ready when everything is read") { seen in
        try Answer(pollOfRead(seen, ready: "1"), expected: "not ready")
      },
      .lttngModules: .assumed(
        "not ready when empty, ready with full sub-buffers, not ready when everything is read", from: "kernel"
      ) { seen in
        try Answer(pollOfRead(seen), expected: "not ready")
      },
      .lttngUST: .documented(
        "not ready when empty, ready with full sub-buffers, still ready when everything is read: the pipe is not "
          + "emptied"
      ) { seen in
        let data = try seen["with data: poll"]
        let answer = try pollOfRead(seen)
        let isOtherwiseReady = answer.hasSuffix("ready") && data != "POLLIN"
        return Answer(isOtherwiseReady ? "\(data) with data" : answer, expected: "still ready")
      },
    ])

  private static func pollOfRead(_ seen: Evidence, ready: String = "POLLIN") throws -> String {
    if try seen["empty: poll"] != "0" { return "ready when empty" }
    if try seen["with data: poll"] == "0" { return "not ready with data" }
    switch try seen["all is read: poll"] {
    case "0": return "not ready"
    case ready: return "still ready"
    case let events: return "still ready: \(events)"
    }
  }

  static let nonBlockingIgnoresPercent = Claim(
    "nonblocking-ignores-percent", .readiness, title: "Is an O_NONBLOCK acquire subject to buffer_percent?",
    question: "Does an acquire with O_NONBLOCK hand out events while the ring buffer is filled less than "
      + "buffer_percent asks for, and poll is not ready?",
    source: "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with buffer_percent only \"if "
      + "(!(file->f_flags & O_NONBLOCK))\"",
    procedure: "Set buffer_percent to 100; write 3 events; poll, acquire.",
    reaching: .nothing,
    [
      .kernel: .assumed("from the code: poll is not ready, and the acquire hands out all three events") { seen in
        if try seen["poll"] != "0" { return Answer("poll is ready below it", isExpected: false) }
        let code = try seen.code("ioctl")
        if code != "0" { return Answer("yes: \(code)", isExpected: false) }
        let events = try seen.number("events handed out")
        return Answer(events == 3 ? "no" : "yes, \(events) of 3 events", expected: "no")
      },
      .lttng: .doesNotApply(to: "buffer_percent", "there is no buffer_percent, and no get waits for data"),
    ])

  static let wakeUpForEach = Claim(
    "wake-up-for-each", .readiness, title: "Wake-up bytes in the wait pipe",
    question:
      "If everything is committed and the pipe has room: is a byte written to the wait fd for each sub-buffer that is "
      + "delivered, and does it stay there when the sub-buffer is read?",
    source:
      "lttng-ust, lib_ring_buffer_check_deliver_slow, lib_ring_buffer_wakeup: \"Wake-up the other end by writing a "
      + "null byte in the pipe (non-blocking).\", and \"we allow dropping wakeup data, as long as there is wakeup "
      + "data present in the pipe\"; lttng-modules, ringbuffer/config.h: \"RING_BUFFER_WAKEUP_BY_TIMER uses per-cpu "
      + "timers to poll the buffers and wake up readers if data is ready.\"",
    procedure: "Fill three and a half sub-buffers; count the bytes in the pipe; read all sub-buffers; count again.",
    reaching: [.readable { seen in try seen.number("sub-buffers that could be read") > 0 }],
    [
      .kernel: .doesNotApply(to: "the wait fd", "poll asks the ring buffer itself; there is no pipe"),
      .lttngModules: .doesNotApply(
        to: "the wait fd", "poll asks the stream itself, and the read timer wakes the reader; there is no pipe"),
      .lttngUST: .assumed("from the comments: one byte for each full sub-buffer, and as many after the reading") {
        seen in
        let bytes = try seen.number("bytes in the pipe")
        if try bytes != seen.number("sub-buffers that could be read") {
          return Answer("not one per sub-buffer", isExpected: false)
        }
        let isKept = try seen.number("bytes in the pipe when all is read") == bytes
        return Answer("one per sub-buffer, reading removes \(isKept ? "none" : "some")", isExpected: isKept)
      },
    ])
}
