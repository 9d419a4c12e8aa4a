import Study

extension Catalogue {
  /// More than one reader.
  static let readers: [Claim] = [
    .severalReaders, .readersTakeTurns, .readersInterleave, .readBesideMapping,
  ]
}

extension Claim {
  static let severalReaders = Claim(
    "several-readers", .readers, title: "A second reader at the same time",
    question: "How many readers may one ring buffer have, and what does each see?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"allowed but not recommended. They will compete\"; "
      + "lttng-ust, lib_ring_buffer_open_read: -EBUSY where there is a reader",
    procedure: "Open a second reader beside the first; acquire by one, then by the other.",
    [
      .kernel: .stated("both acquires work, and they compete: each moves the reader sub-buffer of both") { seen in
        let first = try seen.number("reader.id after A's acquire")
        let second = try seen.number("reader.id after B's acquire")
        return try seen.number("A's acquire") == 0 && seen.number("B's acquire") == 0 && first != second
          && seen.number("reader.id that A sees then") == second
      },
      .lttng: .stated("one reader for each stream; a second create_stream is refused") { seen in
        let second = try seen["second create_stream of the CPU"]
        return try (second == "NULL" || second.hasPrefix("-"))
          && seen["get_next_subbuf of the first reader then"] == "0"
      },
    ])

  static let readersTakeTurns = Claim(
    "readers-take-turns", .readers, title: "Two readers that take turns",
    question:
      "If two readers take turns, each acquiring and looking before the other does: is each event seen by exactly "
      + "one of them?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure:
      "Fill half the ring buffer; map twice; A acquires and looks, B acquires and looks, until nothing new comes. "
      + "New is what lies beyond reader.id and reader.read as they were before the acquire.",
    [
      .kernel: .taken("each event is seen by exactly one") { seen in
        try seen.number("events seen by A") > 0 && seen.number("events seen by B") > 0
          && seen.number("events seen by A") + seen.number("events seen by B") == seen.number("events written")
          && seen.number("events seen by both") == 0
      },
      .lttng: .doesNotApply(to: "two readers at the same time", oneReader),
    ])

  static let readersInterleave = Claim(
    "readers-interleave", .readers, title: "Two readers that do not wait for each other",
    question:
      "If a second reader acquires between the first one's acquire and its look at the meta page: is each event "
      + "still seen by exactly one of them?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable\"",
    procedure:
      "Fill four sub-buffers; map twice. Twice: A acquires, B acquires; then A loads reader.id and looks, then B.",
    [
      .kernel: .taken("further than the source goes: each event that was handed out is seen by exactly one") { seen in
        try seen.number("events handed out and seen by neither") == 0 && seen.number("events seen by both") == 0
      },
      .lttng: .doesNotApply(to: "two readers at the same time", oneReader),
    ])

  static let readBesideMapping = Claim(
    "read-beside-mapping", .readers, title: "read(2) and trace_pipe beside a mapping",
    question:
      "Can trace_pipe_raw and trace_pipe be read while the ring buffer is mapped, and do they take events from the "
      + "reader of the mapping?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"Concurrent readers (either another application "
      + "mapping that ring-buffer or the kernel with trace_pipe) are allowed but not recommended. They will compete for the "
      + "ring-buffer and the output is unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure: "Fill half the ring buffer and map; acquire; read(2) trace_pipe_raw once; read(2) trace_pipe of the CPU "
      + "once; acquire until nothing new comes.",
    notModelled: "a model has no files",
    [
      .kernel: .taken("from \"compete\": both reads work, and what they took does not come from the mapping any more") {
        seen in
        try seen.number("events by read(2) of trace_pipe_raw") > 0 && seen.number("lines by read(2) of trace_pipe") > 0
          && seen.number("events by a read(2) and from the mapping") == 0
      },
      .lttng: .doesNotApply(to: "files beside the mapping", oneReader),
    ])

  private static let oneReader = "a stream has one reader; a second is refused"
}
