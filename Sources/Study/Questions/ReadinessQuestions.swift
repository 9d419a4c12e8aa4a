import Results

extension Claim {
  /// Does poll report POLLIN when the ring buffer is full?
  public static let pollinWhenFull = Claim(
    "pollin-when-full", .readiness, title: "Does poll report POLLIN when the ring buffer is full?",
    question: "Does poll for POLLIN alone report ready when the ring buffer is full?",
    source: "poll(2), POLLIN: \"There is data to read.\"; lttng-modules, ring_buffer_vfs.c, lib_ring_buffer_poll, "
      + "returns POLLPRI without POLLIN if as much is unread as the buffer holds",
    reaching: [
      Mark("poll-reports", "poll reports POLLIN for one full sub-buffer") { seen in
        try seen["one full: poll for POLLIN"] == "POLLIN"
      },
      .readable { seen in try seen["full: acquire"] == "0" },
    ])

  package static func isReadyWhenFull(_ seen: Evidence) throws -> Bool {
    try seen["full: poll for POLLIN"] == "POLLIN"
  }

  /// An acquire when there is nothing to read.
  public static let nothingThere = Claim(
    "acquire-of-nothing", .readiness, title: "An acquire when there is nothing to read",
    question: "What does a non-blocking acquire return when there is nothing to read?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10: "
      + "ASSERT_EQ(ioctl(desc->cpu_fd, TRACE_MMAP_IOCTL_GET_READER), 0) on the empty ring buffer, opened with "
      + "O_NONBLOCK; lttng-ust and lttng-modules, lib_ring_buffer_get_subbuf: \"-EAGAIN if there is currently no data "
      + "to read\"; lttng-modules, ring_buffer_vfs.c, GET_NEXT_SUBBUF: \"It never blocks.\"")

  /// poll after all events are read.
  public static let pollWhenAllIsRead = Claim(
    "poll-when-all-is-read", .readiness, title: "poll after all events are read",
    question: "Does poll report ready exactly if there is something to read?",
    source:
      "Documentation/trace/ftrace.rst, buffer_percent: \"0   - means to wake up as soon as there is any data in the "
      + "ring buffer.\"; lttng-ust, lib_ring_buffer_wakeup: \"the consumer should perform the following sequence for "
      + "waiting: 1) empty the pipe (reads). 2) check if there is data in the buffer. 3) wait on the pipe (poll).\"; "
      + "undocumented for lttng-modules, where lib_ring_buffer_poll compares the produced and the consumed position",
    reaching: [.allRead { seen in try seen.number("events read") > 0 }])

  package static func pollOfRead(_ seen: Evidence, ready: String = "POLLIN") throws -> String {
    if try seen["empty: poll"] != "0" { return "ready when empty" }
    if try seen["with data: poll"] == "0" { return "not ready with data" }
    switch try seen["all is read: poll"] {
    case "0": return "not ready"
    case ready: return "still ready"
    case let events: return "still ready: \(events)"
    }
  }
}
