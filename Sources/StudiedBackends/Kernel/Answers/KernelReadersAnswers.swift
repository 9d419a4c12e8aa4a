import Study

extension KernelAnswers {
  static let severalReaders = Claim.severalReaders.answered([
    .kernel: .documented("both acquires work, and they compete: each moves the reader sub-buffer of both") { seen in
      let first = try seen.number("reader.id after A's acquire")
      let second = try seen.number("reader.id after B's acquire")
      let codes = try seen.codes(["A's acquire", "B's acquire"])
      if codes != "0" { return Answer("refused: \(codes)", isExpected: false) }
      if first == second { return Answer("accepted, B's acquire does nothing", isExpected: false) }
      let isShared = try seen.number("reader.id that A sees then") == second
      return Answer(
        isShared ? "accepted, both compete" : "accepted, both are independent", expected: "accepted, both compete")
    }
  ])

  static let readersTakeTurns = Claim(
    "readers-take-turns", .readers, title: "Do readers that take turns see each event once?",
    question:
      "If two readers take turns, each acquiring and looking before the other does: does exactly one of them see each "
      + "event?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure:
      "Fill half the ring buffer; map twice; A acquires and looks, B acquires and looks, until nothing new comes. "
      + "New is whatever lies beyond reader.id and reader.read as they were before the acquire.",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("exactly one reader sees each event") { seen in
        let (a, b) = try (seen.number("events seen by A"), seen.number("events seen by B"))
        if a <= 0 || b <= 0 { return Answer("no, one reader gets none", isExpected: false) }
        let written = try seen.number("events written")
        if try seen.number("events seen by both") != 0 || a + b > written {
          return Answer("no, some twice", isExpected: false)
        }
        return Answer(a + b == written ? "yes" : "no, some never", expected: "yes")
      }
    ])

  static let readersInterleave = Claim(
    "readers-interleave", .readers, title: "Do readers that interleave see each event once?",
    question:
      "If a second reader acquires between the first one's acquire and its look at the meta page: does exactly one of "
      + "them see each event?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable\"",
    procedure:
      "Fill four sub-buffers; map twice. Twice: A acquires, B acquires; then A loads reader.id and looks, then B.",
    reaching: [.readable { seen in try seen.number("events handed out, by stats") > 0 }],
    [
      .kernel: .assumed("beyond the source: exactly one reader sees each event that was handed out") { seen in
        let isNever = try seen.number("events handed out and seen by neither") != 0
        let isTwice = try seen.number("events seen by both") != 0
        switch (isTwice, isNever) {
        case (false, false): return Answer("yes", isExpected: true)
        case (true, false): return Answer("no, some twice", isExpected: false)
        case (false, true): return Answer("no, some never", isExpected: false)
        case (true, true): return Answer("no, some twice, some never", isExpected: false)
        }
      }
    ])

  static let readBesideMapping = Claim(
    "read-beside-mapping", .readers, title: "Events by read(2) next to a mapping",
    question:
      "Can trace_pipe_raw and trace_pipe be read while the ring buffer is mapped, and do they take events from the "
      + "reader of the mapping?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"Concurrent readers (either another application "
      + "mapping that ring-buffer or the kernel with trace_pipe) are allowed but not recommended. They will compete "
      + "for the ring-buffer and the output is unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure: "Fill half the ring buffer and map; acquire; read(2) trace_pipe_raw once; read(2) trace_pipe of the CPU "
      + "once; acquire until nothing new comes.",
    notModelled: "a model has no files",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("from \"compete\": both reads work, and the mapping does not deliver their events again") {
        seen in
        if try seen.number("events by read(2) of trace_pipe_raw") <= 0 {
          return Answer("none from trace_pipe_raw", isExpected: false)
        }
        if try seen.number("lines by read(2) of trace_pipe") <= 0 {
          return Answer("none from trace_pipe", isExpected: false)
        }
        let isOnce = try seen.number("events by a read(2) and from the mapping") == 0
        return Answer(isOnce ? "each delivered once" : "some delivered twice", expected: "each delivered once")
      }
    ])
}
