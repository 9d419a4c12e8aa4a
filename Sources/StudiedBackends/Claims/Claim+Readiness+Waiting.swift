import Study

/// Who waits, for how long, and what ends it.
extension Claim {
  private static let neverBlocks =
    "no get waits for data, a reader waits with poll (ring_buffer_vfs.c, of GET_NEXT_SUBBUF: \"It never blocks.\")"
  private static let noWaiting =
    "no get waits for data, a reader waits with poll; a get tries a sub-buffer that is not committed again, for some "
    + "60 ms at the most"
  private static let noThread = "a model is asked without a thread that waits in it"

  static let blockingAcquire = Claim(
    "blocking-acquire", .readiness, title: "An acquire without O_NONBLOCK",
    question:
      "Does an acquire without O_NONBLOCK sleep until as much of the ring buffer is full as buffer_percent asks for, "
      + "begun on the empty ring buffer and with one event there?",
    source:
      "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with tr->buffer_percent; of read(2) "
      + "Documentation/trace/ftrace.rst, buffer_percent: \"it will block until the given amount of data specified by "
      + "buffer_percent is in the ring buffer before it wakes the reader up\"",
    procedure:
      "For buffer_percent 0, 50 and 100: a thread calls the ioctl on the empty ring buffer, and on one with an "
      + "event. A quarter of a sub-buffer at a time is written, up to twice what fits, until the thread, for which 50 ms are left each time, has "
      + "returned. It sleeps where /proc/self/task/N/syscall names the ioctl.",
    notModelled: noThread,
    [
      .kernel: .taken(
        "as stated of read(2): it sleeps until then, within a sub-buffer, at 0 until the first event, and then returns 0"
      ) { seen in
        let (one, all) = try (seen.number("events of a sub-buffer"), seen.number("events of all sub-buffers"))
        return try [Int64(0), 50, 100].allSatisfy { percent in
          let expected = max(1, all * percent / 100)
          return try seen.all("buffer_percent \(percent), ").allSatisfy { text in
            // Else the text tells how it did not wait, or did not return.
            guard let written = Int64(text) else { return false }
            return (expected - one...expected + one).contains(written)
          }
        }
      },
      .lttngModules: .noCounterpart(to: "an acquire that waits", neverBlocks),
      .lttngUST: .noCounterpart(to: "an acquire that waits", noWaiting),
    ])

  static let pollThenAcquire = Claim(
    "poll-then-acquire", .readiness, title: "An acquire after poll said ready",
    question: "Does an acquire without O_NONBLOCK return at once when poll has said ready?",
    source:
      "of select, poll and read S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; of "
      + "the ioctl stated nowhere",
    procedure: "Set buffer_percent to 50; fill the ring buffer until poll says ready; a thread calls the ioctl.",
    notModelled: noThread,
    [
      .kernel: .taken("yes, it returns 0") { seen in
        try seen["poll"] != "0" && seen["ioctl without O_NONBLOCK"] == "returned 0"
      },
      .lttngModules: .noCounterpart(to: "an acquire that waits", neverBlocks),
      .lttngUST: .noCounterpart(to: "an acquire that waits", noWaiting),
    ])

  static let requestZeroWakes = Claim(
    "request-zero-wakes", .readiness, title: "ioctl 0 wakes a waiting acquire",
    question: "Does an ioctl with request 0 end an acquire that waits?",
    source:
      "S. Rostedt, kernel/trace/trace.c, tracing_buffers_ioctl: \"An ioctl call with cmd 0 to the ring buffer file will "
      + "wake up all waiters\"; commit 01b2a5217173 (\"Add ioctl() to force ring buffer waiters to wake up\"), 2022-09-29",
    procedure:
      "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer, and is found asleep in it; ioctl(fd, "
      + "0).",
    notModelled: noThread,
    [
      .kernel: .stated("it wakes up and returns, with nothing new") { seen in
        try seen.require(seen["ioctl without O_NONBLOCK"] == "sleeps", "the acquire did not wait")
        return try seen["after ioctl(fd, 0)"] == "returned 0"
          && seen["reader.id, reader.read before"] == seen["reader.id, reader.read after"]
      },
      .lttngModules: .noCounterpart(to: "an acquire that waits", neverBlocks),
      .lttngUST: .noCounterpart(to: "an acquire that waits", noWaiting),
    ])

  static let tracingOffWakes = Claim(
    "tracing-off-wakes", .readiness, title: "tracing_on 0 wakes a waiting acquire",
    question: "Does an acquire that waits come back when recording is switched off?",
    source: "S. Rostedt, kernel/trace/trace.c, rb_simple_write (tracing_on): \"Wake up any waiters\"",
    procedure: "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer, and is found asleep in it; 0 is "
      + "written to tracing_on of the instance.",
    notModelled: noThread,
    [
      .kernel: .stated("it wakes up and returns") { seen in
        try seen.require(seen["ioctl without O_NONBLOCK"] == "sleeps", "the acquire did not wait")
        return try seen["after tracing_on 0"].hasPrefix("returned")
      },
      .lttngModules: .noCounterpart(to: "an acquire that waits", neverBlocks),
      .lttngUST: .noCounterpart(to: "an acquire that waits", noWaiting),
    ])

  static let switchTimer = Claim(
    "switch-timer", .readiness, title: "The switch timer",
    question: "Does the switch timer make a partial sub-buffer visible without a flush, and tell the reader, with "
      + "liblttng-ust-ctl alone?",
    source: "lttng-concepts(7), Timers, Switch timer: \"When this timer expires, a sub-buffer switch happens\"",
    procedure: "Make the channel with a switch timer of 20 ms; write 3 events; poll the wait fd for 5 s at most; read "
      + "until there are events.",
    notModelled: "a model has no timers",
    [
      .kernel: .noCounterpart(
        to: "a timer", "an event can be acquired as soon as it is written; nothing has to be switched"),
      .lttng: .stated("poll says ready, and the get hands out the events") { seen in
        try seen.requireControl("timer_create")
        return try seen["poll"].contains("POLLIN") && seen.number("events handed out") == 3
      },
    ])

  static let readTimer = Claim(
    "read-timer", .readiness, title: "The read timer",
    question:
      "With a read timer, is the reader told of a full sub-buffer by its own library, with liblttng-ust-ctl alone?",
    source: "lttng-concepts(7), Timers, Read timer: \"When this timer expires, LTTng checks for full, consumable "
      + "sub-buffers.\", \"When such messages must be avoided, for example in real-time applications, use this timer "
      + "instead.\"",
    procedure:
      "Make the channel with a read timer of 20 ms; fill a sub-buffer and a half; poll the wait fd for 5 s at most; read until "
      + "there are events.",
    notModelled: "a model has no timers",
    [
      .kernel: .noCounterpart(to: "a timer", "the writer wakes up whoever waits in poll or in the acquire"),
      .lttng: .stated("poll says ready, and the get hands out a full sub-buffer") { seen in
        try seen.requireControl("timer_create")
        return try seen["poll"].contains("POLLIN") && seen.number("events handed out") > 0
      },
    ])
}
