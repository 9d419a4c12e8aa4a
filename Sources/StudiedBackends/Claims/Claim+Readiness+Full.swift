import Study

extension Claim {
  static let pollinWhenFull = Claim(
    "pollin-when-full", .readiness, title: "POLLIN of a ring buffer that is full",
    question: "Does poll, asked for POLLIN alone, say that there is something to read when the ring buffer is full?",
    source: "poll(2), POLLIN: \"There is data to read.\"",
    procedure:
      "In discard mode, fill one sub-buffer and poll for POLLIN; write twice what fits; poll for POLLIN, and for "
      + "POLLIN and POLLPRI; of LTTng flush, and poll so again; acquire.",
    [
      .kernel: .stated("yes, as with one full sub-buffer", isReadyWhenFull),
      .lttng: .stated("yes, as with one full sub-buffer, also when the last one was flushed") { seen in
        try isReadyWhenFull(seen) && seen["full and flushed: poll for POLLIN"] == "POLLIN"
      },
    ])

  private static let isReadyWhenFull: Expectation.BooleanJudge = { seen in
    try seen.require(seen["one full: poll for POLLIN"] == "POLLIN", "poll does not say POLLIN of one full sub-buffer")
    try seen.require(seen["full: acquire"] == "0", "there is nothing to read")
    return try seen["full: poll for POLLIN"] == "POLLIN"
  }
}
