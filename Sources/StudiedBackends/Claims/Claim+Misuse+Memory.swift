import Study

/// Claims about the memory that a writer hands to the tracer.
extension Claim {
  private static let copiesInProcess = Expectation.doesNotApply(
    to: "a payload that the kernel copies",
    "the tracer copies in the application, where such a load is a page fault of the application")
  private static let userFault =
    "S. Rostedt, commit 64cf7d058a00 (\"tracing: Have trace_marker use per-cpu data to read user space\"), October 2025, "
    + "in Linux 6.18: \"Now the trace_marker write can get the user data even if it has to fault it in\""

  static let unreadableMemory = Claim(
    "marker-of-unreadable-memory", .misuse, title: "A marker whose memory cannot be read",
    question: "What does the write of a marker from memory without PROT_READ return, and what reaches the ring buffer?",
    source: "write(2): \"EFAULT buf is outside your accessible address space.\"; \(userFault)",
    procedure: "Write a marker of 40 bytes from memory that is mapped with PROT_NONE; read everything. Then write one "
      + "from readable memory, as a control.",
    notModelled: "a model's writer has no memory of another process",
    reaching: [.controlArrived { seen in try seen.number("readable: events") == 1 }],
    [
      .kernel: .documented("-EFAULT, and no event", unreadable),
      .lttngModules: .documented("-EFAULT, and no event", unreadable),
      .lttngUST: copiesInProcess,
    ])

  private static let unreadable: Expectation.Judge = { seen in
    let code = try seen.code("unreadable: write")
    let events = try seen.number("unreadable: events")
    return Answer(events == 0 ? "\(code), no event" : "\(code), and an event", expected: "-EFAULT, no event")
  }

  static let absentPage = Claim(
    "marker-of-absent-page", .misuse, title: "Does a marker arrive whose page must be faulted in?",
    question: "Does the payload of a marker arrive if no page table entry of its memory is present when it is written?",
    source:
      "\(userFault); before, tracing_mark_raw_write() copied with page faults disabled and put \"<faulted>\" into "
      + "the event",
    procedure:
      "Map a file of 4096 bytes whose contents are known and that this process has not touched in this mapping; "
      + "write a marker of 40 bytes from it; read it; touch the page and repeat it, as a control.",
    notModelled: "a model's writer has no memory of another process",
    reaching: [.controlArrived { seen in try seen["present: payload"] == "as written" }],
    [
      .kernel: .documented("yes: the write returns 40, and the event has the contents", arrives),
      .lttngModules: .assumed("yes, since the source is another ABI's: the event has the contents", arrives),
      .lttngUST: copiesInProcess,
    ])

  private static let arrives: Expectation.Judge = { seen in
    if try seen["absent: payload"] == "as written" { return try .yes(seen["absent: write"] == "40") }
    return try Answer(
      "no: \(seen["absent: write"] == "40" ? "other bytes" : seen.code("absent: write"))", expected: "yes")
  }
}
