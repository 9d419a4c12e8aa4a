import Study

extension Claim {
  static let pollinWhenFull = Claim(
    "pollin-when-full", .readiness, title: "Does poll report POLLIN when the ring buffer is full?",
    question: "Does poll for POLLIN alone report ready when the ring buffer is full?",
    source: "poll(2), POLLIN: \"There is data to read.\"; lttng-modules, ring_buffer_vfs.c, lib_ring_buffer_poll, "
      + "returns POLLPRI without POLLIN if as much is unread as the buffer holds",
    procedure:
      "In discard mode, fill one sub-buffer and poll for POLLIN; write twice what fits; poll for POLLIN, and for "
      + "POLLIN and POLLPRI; LTTng: flush, and poll again for both; acquire.",
    reaching: [
      Mark("poll-reports", "poll reports POLLIN for one full sub-buffer") { seen in
        try seen["one full: poll for POLLIN"] == "POLLIN"
      },
      .readable { seen in try seen["full: acquire"] == "0" },
    ],
    [
      .kernel: .documented("yes, as with one full sub-buffer") { seen in
        try Answer(isReadyWhenFull(seen) ? "yes" : "no", expected: "yes")
      },
      .lttng: .documented("yes, as with one full sub-buffer, also when the last one was flushed") { seen in
        guard try isReadyWhenFull(seen) else { return Answer("no", isExpected: false) }
        if try seen["full and flushed: poll for POLLIN"] == "POLLIN" { return Answer("yes", isExpected: true) }
        let isUrgent = try seen["full and flushed: poll for POLLIN | POLLPRI"] == "POLLPRI"
        return Answer("no, \(isUrgent ? "POLLPRI" : "not ready") once flushed", isExpected: false)
      },
    ])

  private static func isReadyWhenFull(_ seen: Evidence) throws -> Bool {
    try seen["full: poll for POLLIN"] == "POLLIN"
  }
}
