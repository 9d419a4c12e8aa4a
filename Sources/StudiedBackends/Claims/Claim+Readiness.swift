import Study

extension Catalogue {
  /// When a reader is told that there is something to read.
  static let readiness: [Claim] = [
    .readyAtPercent, .nothingThere, .pollWhenAllIsRead, .nonBlockingIgnoresPercent, .blockingAcquire, .pollThenAcquire,
    .requestZeroWakes, .tracingOffWakes, .wakeUpForEach, .switchTimer, .readTimer, .pollinWhenFull,
  ]
}

extension Claim {
  static let readyAtPercent = Claim(
    "poll-obeys-buffer-percent", .readiness, title: "poll and buffer_percent",
    question: "Does poll say ready when as much of the ring buffer is full as buffer_percent asks for?",
    source: "S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "Documentation/trace/ftrace.rst, buffer_percent: \"50  - means to wake up when roughly half of the ring buffer "
      + "sub-buffers are full\"",
    procedure: "For buffer_percent 0, 25, 50, 75 and 100: fill the ring buffer a quarter of a sub-buffer at a time, "
      + "and poll after each without waiting.",
    [
      .kernel: .stated(
        "at 0 with any data, then at roughly that share of the sub-buffers; taken as: within one of them"
      ) { seen in
        let one = try seen.number("events of a sub-buffer")
        let step = max(1, one / 4)
        return try [Int64(0), 25, 50, 75, 100].allSatisfy { percent in
          let text = try seen["buffer_percent \(percent): first ready, at events"]
          guard let ready = Int64(text) else { return false }
          let expected = try max(step, one * seen.number("sub-buffers of the writer") * percent / 100)
          return ready > 0 && ready <= expected + one && ready + one >= expected
        }
      },
      .lttng: .doesNotApply(
        to: "buffer_percent", "there is no buffer_percent"),
    ])

  static let nothingThere = Claim(
    "acquire-of-nothing", .readiness, title: "An acquire when there is nothing",
    question: "What does an acquire that does not wait answer when there is nothing to read?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10: "
      + "ASSERT_EQ(ioctl(desc->cpu_fd, TRACE_MMAP_IOCTL_GET_READER), 0) on the empty ring buffer, opened with O_NONBLOCK; "
      + "lttng-ust, lib_ring_buffer_get_subbuf: \"-EAGAIN if there is currently no data to read\"",
    procedure: "Acquire on the empty ring buffer; write 8 events and read all, of LTTng after a flush; acquire.",
    [
      .kernel: .stated("0, and the meta page stays as it was") { seen in
        try seen.number("empty: ioctl") == 0 && seen.number("all is read: ioctl") == 0
          && seen["empty: meta page before"] == seen["empty: meta page after"]
          && seen["all is read: meta page before"] == seen["all is read: meta page after"]
      },
      .lttng: .stated("-EAGAIN") { seen in
        try seen["empty: get_next_subbuf"].hasPrefix("-EAGAIN")
          && seen["all is read: get_next_subbuf"].hasPrefix("-EAGAIN")
      },
    ])

  static let pollWhenAllIsRead = Claim(
    "poll-when-all-is-read", .readiness, title: "poll when all is read",
    question: "Does poll say ready exactly when there is something to read?",
    source:
      "Documentation/trace/ftrace.rst, buffer_percent: \"0   - means to wake up as soon as there is any data in the "
      + "ring buffer.\"; lttng-ust, lib_ring_buffer_wakeup: \"the consumer should perform the following sequence for "
      + "waiting: 1) empty the pipe (reads). 2) check if there is data in the buffer. 3) wait on the pipe (poll).\"",
    procedure: "buffer_percent is 0. Poll when empty; fill two sub-buffers and a half, poll; read all, poll.",
    [
      .kernel: .stated("not when empty, with data yes, and not when all is read") { seen in
        try seen["empty: poll"] == "0" && seen["with data: poll"] != "0" && seen["all is read: poll"] == "0"
      },
      .lttngModules: .taken("as of the kernel's: not when empty, with full sub-buffers yes, and not when all is read") {
        seen in
        try seen["empty: poll"] == "0" && seen["with data: poll"] != "0" && seen["all is read: poll"] == "0"
      },
      .lttngUST: .stated(
        "not when empty, with full sub-buffers yes, and still when all is read: the pipe is not emptied"
      ) {
        seen in
        try seen["empty: poll"] == "0" && seen["with data: poll"] == "POLLIN" && seen["all is read: poll"] == "POLLIN"
      },
    ])

  static let nonBlockingIgnoresPercent = Claim(
    "nonblocking-ignores-percent", .readiness, title: "O_NONBLOCK and buffer_percent",
    question: "Does an acquire with O_NONBLOCK hand out events although less of the ring buffer is full than "
      + "buffer_percent asks for, and poll says nothing?",
    source: "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with buffer_percent only \"if "
      + "(!(file->f_flags & O_NONBLOCK))\"",
    procedure: "Set buffer_percent to 100; write 3 events; poll, acquire.",
    [
      .kernel: .taken("from the code: poll says nothing, and the acquire hands out all three events") { seen in
        try seen["poll"] == "0" && seen.number("ioctl") == 0 && seen.number("events handed out") == 3
      },
      .lttng: .doesNotApply(to: "buffer_percent", "there is no buffer_percent, and no get waits for data"),
    ])

  static let wakeUpForEach = Claim(
    "wake-up-for-each", .readiness, title: "A byte for each full sub-buffer",
    question:
      "With nothing uncommitted and room in the pipe: is a byte written to the wait fd for each sub-buffer that "
      + "is delivered, and does it stay there when the sub-buffer is read?",
    source:
      "lttng-ust, lib_ring_buffer_check_deliver_slow, lib_ring_buffer_wakeup: \"Wake-up the other end by writing a "
      + "null byte in the pipe (non-blocking).\", and \"we allow dropping wakeup data, as long as there is wakeup data "
      + "present in the pipe\"",
    procedure: "Fill three sub-buffers and a half; count the bytes in the pipe; read all sub-buffers; count again.",
    [
      .kernel: .doesNotApply(to: "the wait fd", "poll asks the ring buffer itself; there is no pipe"),
      .lttng: .taken("from the comments: a byte for each full sub-buffer, and as many after the reading") { seen in
        let bytes = try seen.number("bytes in the pipe")
        return try bytes == seen.number("sub-buffers that could be read")
          && seen.number("bytes in the pipe when all is read") == bytes
      },
    ])
}
