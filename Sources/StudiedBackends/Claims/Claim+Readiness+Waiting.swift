import Study

/// Blocking calls, and the events that end them.
extension Claim {
  private static let neverBlocks =
    "no get waits for data, a reader waits with poll (ring_buffer_vfs.c, GET_NEXT_SUBBUF: \"It never blocks.\")"
  private static let noWaiting =
    "no get waits for data, a reader waits with poll; a get retries a sub-buffer that is not committed for at most "
    + "some 60 ms"
  private static let noThread = "a model runs without a thread that could wait"

  static let blockingAcquire = Claim(
    "blocking-acquire", .readiness, title: "Does a blocking acquire obey buffer_percent?",
    question:
      "Does an acquire without O_NONBLOCK sleep until the ring buffer is filled to the share that buffer_percent asks "
      + "for, whether it begins on the empty ring buffer or with one event there?",
    source:
      "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with tr->buffer_percent; for "
      + "read(2), Documentation/trace/ftrace.rst, buffer_percent: \"it will block until the given amount of data "
      + "specified by buffer_percent is in the ring buffer before it wakes the reader up\"",
    procedure:
      "For buffer_percent 0, 50 and 100: a thread calls the ioctl on the empty ring buffer, and on one with an event. "
      + "Write a quarter of a sub-buffer at a time, up to twice what fits, and wait up to 50 ms after each for the "
      + "thread to return. The thread sleeps if /proc/self/task/N/syscall names the ioctl.",
    notModelled: noThread,
    reaching: .nothing,
    [
      .kernel: .assumed(
        "as documented for read(2): it sleeps until then, within one sub-buffer (at 0 until the first event), and then "
          + "returns 0"
      ) { seen in
        let (one, all) = try (seen.number("events of a sub-buffer"), seen.number("events of all sub-buffers"))
        func isObeyed(_ beginning: String) throws -> Bool {
          try [Int64(0), 50, 100].allSatisfy { percent in
            let expected = max(1, all * percent / 100)
            // A text instead of a number: the call did not sleep, or did not return.
            return try seen.all("buffer_percent \(percent), \(beginning)").allSatisfy { text in
              Int64(text).map { abs($0 - expected) <= one } ?? false
            }
          }
        }
        switch (try isObeyed("empty at first"), try isObeyed("an event there")) {
        case (true, true): return Answer("yes", isExpected: true)
        case (false, true): return Answer("no, if begun when empty", isExpected: false)
        case (true, false): return Answer("no, if begun with an event", isExpected: false)
        case (false, false): return Answer("no", isExpected: false)
        }
      },
      .lttngModules: .doesNotApply(to: "an acquire that waits", neverBlocks),
      .lttngUST: .doesNotApply(to: "an acquire that waits", noWaiting),
    ])

  static let pollThenAcquire = Claim(
    "poll-then-acquire", .readiness, title: "Does a blocking acquire return at once after poll?",
    question: "Does an acquire without O_NONBLOCK return at once when poll has reported ready?",
    source:
      "for select, poll and read S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "undocumented for the ioctl",
    procedure: "Set buffer_percent to 50; fill the ring buffer until poll reports ready; a thread calls the ioctl.",
    notModelled: noThread,
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("yes, it returns 0") { seen in
        if try seen["poll"] == "0" { return Answer("poll is never ready", isExpected: false) }
        let state = try seen["ioctl without O_NONBLOCK"]
        return Answer(state == "returned 0" ? "yes" : "no, it \(state)", expected: "yes")
      },
      .lttngModules: .doesNotApply(to: "an acquire that waits", neverBlocks),
      .lttngUST: .doesNotApply(to: "an acquire that waits", noWaiting),
    ])

  static let requestZeroWakes = Claim(
    "request-zero-wakes", .readiness, title: "Does ioctl request 0 wake a waiting acquire?",
    question: "Does an ioctl with request 0 end a waiting acquire?",
    source:
      "S. Rostedt, kernel/trace/trace.c, tracing_buffers_ioctl: \"An ioctl call with cmd 0 to the ring buffer file "
      + "will wake up all waiters\"; commit 01b2a5217173 (\"Add ioctl() to force ring buffer waiters to wake up\"), "
      + "2022-09-29",
    procedure:
      "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer and sleeps in it; ioctl(fd, 0).",
    notModelled: noThread,
    reaching: [.acquireWaited],
    [
      .kernel: .documented("it wakes up and returns without new events") { seen in
        let state = try seen["after ioctl(fd, 0)"]
        if state != "returned 0" { return Answer("no, it \(state)", isExpected: false) }
        let isSame = try seen["reader.id, reader.read before"] == seen["reader.id, reader.read after"]
        return Answer(isSame ? "yes" : "yes, with another sub-buffer", expected: "yes")
      },
      .lttngModules: .doesNotApply(to: "an acquire that waits", neverBlocks),
      .lttngUST: .doesNotApply(to: "an acquire that waits", noWaiting),
    ])

  static let tracingOffWakes = Claim(
    "tracing-off-wakes", .readiness, title: "Does tracing_on 0 wake a waiting acquire?",
    question: "Does a waiting acquire return when recording is switched off?",
    source: "S. Rostedt, kernel/trace/trace.c, rb_simple_write (tracing_on): \"Wake up any waiters\"",
    procedure: "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer and sleeps in it; write 0 to "
      + "tracing_on of the instance.",
    notModelled: noThread,
    reaching: [.acquireWaited],
    [
      .kernel: .documented("it wakes up and returns") { seen in
        let state = try seen["after tracing_on 0"]
        return Answer(state.hasPrefix("returned") ? "yes" : "no, it \(state)", expected: "yes")
      },
      .lttngModules: .doesNotApply(to: "an acquire that waits", neverBlocks),
      .lttngUST: .doesNotApply(to: "an acquire that waits", noWaiting),
    ])

  static let switchTimer = Claim(
    "switch-timer", .readiness, title: "Does the switch timer deliver a partial sub-buffer?",
    question: "Does the switch timer make a partial sub-buffer readable without a flush, and wake the reader, "
      + "without LTTng's consumer daemon?",
    source: "lttng-concepts(7), Timers, Switch timer: \"When this timer expires, a sub-buffer switch happens\"",
    procedure: "Make the channel with a switch timer of 20 ms; write 3 events; poll the wait fd for at most 5 s; read "
      + "until there are events.",
    notModelled: "a model has no timers",
    reaching: [.control("timer_create"), .eventsWritten()],
    [
      .kernel: .doesNotApply(
        to: "a timer", "an event can be acquired as soon as it is written; there is nothing to switch"),
      .lttng: .documented("poll reports ready, and the get hands out the events") { seen in
        if try !seen["poll"].contains("POLLIN") { return Answer("no, poll is not ready", isExpected: false) }
        let events = try seen.number("events handed out")
        return Answer(events == 3 ? "yes" : "no, \(events) of 3 events", expected: "yes")
      },
    ])

  static let readTimer = Claim(
    "read-timer", .readiness, title: "Does the read timer report a full sub-buffer?",
    question:
      "With a read timer: is the reader woken for a full sub-buffer, without LTTng's consumer daemon?",
    source: "lttng-concepts(7), Timers, Read timer: \"When this timer expires, LTTng checks for full, consumable "
      + "sub-buffers.\", \"When such messages must be avoided, for example in real-time applications, use this timer "
      + "instead.\"",
    procedure:
      "Make the channel with a read timer of 20 ms; fill one and a half sub-buffers; poll the wait fd for at most 5 s; "
      + "read until there are events.",
    notModelled: "a model has no timers",
    reaching: [.control("timer_create"), .eventsWritten()],
    [
      .kernel: .doesNotApply(to: "a timer", "the writer wakes the waiters of poll and of the acquire"),
      .lttng: .documented("poll reports ready, and the get hands out a full sub-buffer") { seen in
        if try !seen["poll"].contains("POLLIN") { return Answer("no, poll is not ready", isExpected: false) }
        return try Answer(seen.number("events handed out") > 0 ? "yes" : "no, without events", expected: "yes")
      },
    ])
}
