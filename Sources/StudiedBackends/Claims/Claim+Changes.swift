import Study

extension Catalogue {
  /// Changed options and clears while the ring buffer is mapped.
  static let changes: [Claim] = [
    .clearEmpties, .clearIsShown, .clearIsNoLoss, .clearOfAnother, .clockClears, .overwriteToggled, .recordingOff,
    .orderUnderReader, .removedOption,
  ]
}

extension Claim {
  private static let clearedByFile = "the kernel's ring buffer is cleared through a file of tracefs"

  static let clearEmpties = Claim(
    "clear-empties", .changes, title: "Does a clear remove exactly the earlier events?",
    question:
      "After a clear with a reader in place: are none of the earlier events read, and all of the later ones?",
    source:
      "Documentation/trace/ftrace.rst, trace: \"Opening this file for writing with the O_TRUNC flag clears the ring "
      + "buffer content.\"; lttng-clear(1): \"it deletes the contents of their recording buffers\"",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more; read "
      + "everything.",
    notModelled: clearedByFile,
    reaching: [.worked("clear")],
    [
      .kernel: .documented("yes: exactly the 100 later events are read", readAfterClear),
      .lttng: .documented("yes: exactly the 100 later events are read", readAfterClear),
    ])

  private static let readAfterClear: Expectation.Judge = { seen in
    let read = try seen["read after it"]
    return Answer(read == "300 … 399 (100)" ? "yes" : read == "none" ? "no, all events" : "no", expected: "yes")
  }

  static let clearIsShown = Claim(
    "clear-shows-at-once", .changes, title: "Is a clear visible without an acquire?",
    question: "Can the reader see that the ring buffer was cleared before it acquires?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11, "
      + "rb_reset_cpu: the meta page is updated if the ring buffer is mapped; lttng-ust and lttng-modules, "
      + "frontend_internal.h, lib_ring_buffer_clear_reader: \"Move consumed position to the beginning of subbuffer in "
      + "which the write offset is.\"",
    procedure:
      "Have a reader in place; write 2000 events, acquire (and release) once; clear; look at the meta page, or "
      + "the positions, without another acquire.",
    notModelled: clearedByFile,
    reaching: [.worked("clear")],
    [
      .kernel: .assumed(
        "from the code: yes, entries, overrun, read and reader.read are 0",
        reaching: [.somethingToClear { seen in try seen["meta page before it"] != seen["meta page after it"] }]
      ) { seen in
        let isZero = try seen["meta page after it"].hasPrefix("entries 0, overrun 0, read 0, reader.read 0,")
        return Answer(isZero ? "yes" : "in part", expected: "yes")
      },
      .lttngUST: .documented(
        "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
      .lttngModules: .documented(
        "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
    ])

  private static let unreadBefore: [Mark] = [
    .somethingToClear { seen in try seen.number("unread sub-buffers before it") > 0 }
  ]

  private static let clearedPositions: Expectation.Judge = { seen in
    try .yes(seen.number("unread sub-buffers after it") == 0)
  }

  static let clearIsNoLoss = Claim(
    "cleared-is-not-lost", .changes, title: "Does a clear look like a loss?",
    question: "Can a reader distinguish cleared events from lost ones?",
    source: "undocumented; kernel/trace/ring_buffer.c, rb_reset_cpu, sets lost_events and overrun to 0; "
      + "lttng-ust, ust-ctl.h, lttng_ust_ctl_clear_buffer; lttng-modules, vfs.h: \"Clear ring buffer content.\"",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more, acquire. "
      + "Record every indication of a loss.",
    notModelled: clearedByFile,
    reaching: [.worked("clear")],
    [
      .kernel: .assumed("no: neither the header nor overrun reports a loss") { seen in
        if try seen["told by the header"] != "none" { return Answer("yes, in the header", isExpected: false) }
        return try Answer(seen.number("meta.overrun") == 0 ? "no" : "yes, in overrun", expected: "no")
      },
      .lttng: .assumed("no: events_discarded is 0, and packet_seq_num follows that of the packet before") { seen in
        if try seen.number("events_discarded") != 0 { return Answer("yes, discarded events", isExpected: false) }
        let isNext = try seen.number("packet_seq_num after it") == seen.number("packet_seq_num before it") + 1
        return Answer(isNext ? "no" : "yes, missing packets", expected: "no")
      },
    ])

  static let clearOfAnother = Claim(
    "clear-of-one-cpu", .changes, title: "Does a clear of one CPU leave the others alone?",
    question: "Does clearing the ring buffer of another CPU leave this one unchanged?",
    source:
      "Documentation/trace/ftrace.rst, per_cpu/cpu0/trace: \"If written to, it only clears the specific CPU buffer.\"",
    procedure: "Have a reader in place; write 300 events; clear the ring buffer of another CPU; read; write 100 more; "
      + "clear that of this CPU; read.",
    notModelled: "a model has one CPU",
    reaching: [
      .machine("another-cpu", "the machine has another CPU") { seen in try seen["another CPU"] != "none" }
    ],
    [
      .kernel: .documented("yes: all 300 are read after the first clear, none after the second", clearedAlone),
      .lttng: .assumed(
        "yes: all 300 are read after the first clear, none after the second", from: "kernel", clearedAlone),
    ])

  private static let clearedAlone: Expectation.Judge = { seen in
    if try seen["read after the first"] != "0 … 299 (300)" { return Answer("no", isExpected: false) }
    let isCleared = try seen["read after the second"] == "none"
    return Answer(isCleared ? "yes" : "yes, but its own too", expected: "yes")
  }

  static let clockClears = Claim(
    "clock-change-clears", .changes, title: "Does a new trace_clock clear the ring buffer?",
    question:
      "Does setting trace_clock while the ring buffer is mapped clear it, and do later time stamps come from the "
      + "new clock?",
    source:
      "Documentation/trace/ftrace.rst, trace_clock: \"Setting a clock clears the ring buffer content as well as the "
      + "\"snapshot\" buffer.\", and counter: \"This is not a clock at all, but literally an atomic "
      + "counter.\"",
    procedure:
      "Map the ring buffer; write 300 events with the clock mono, acquire; set the clock counter; write 100 more; "
      + "read everything.",
    notModelled: "clocks are set through files of tracefs",
    reaching: [.worked("trace_clock")],
    [
      .kernel: .documented("yes: exactly the 100 later events are read, with a smaller time stamp") { seen in
        if try seen["read after it"] != "300 … 399 (100)" { return Answer("no", isExpected: false) }
        let isNewClock = try seen.number("time stamp after it") < seen.number("time stamp before it")
        return Answer(isNewClock ? "yes" : "yes, but keeps the clock", expected: "yes")
      },
      .lttngModules: .doesNotApply(to: "trace_clock", "the tracer has one clock for all sessions (lttng-clock)"),
      .lttngUST: .doesNotApply(to: "trace_clock", "the clock of a traced process is set when it starts"),
    ])

  static let overwriteToggled = Claim(
    "overwrite-turned-off", .changes, title: "Turning overwrite off on a full, mapped ring buffer",
    question:
      "If overwrite is turned off on a full, mapped ring buffer: are the oldest events kept from then on, and new ones "
      + "dropped?",
    source: "Documentation/trace/ftrace.rst, overwrite: \"If \"1\" (default), the oldest events are discarded and "
      + "overwritten. If \"0\", then the newest events are discarded. (see per_cpu/cpu0/stats for overrun and "
      + "dropped)\"",
    procedure:
      "Map the ring buffer and write 2000 events, which wraps it; set options/overwrite to 0; write 2000 more; "
      + "read everything.",
    notModelled: "options are set through files of tracefs",
    reaching: [.eventsOverwritten("stats: overrun before it")],
    [
      .kernel: .documented(
        "overrun does not change, dropped increases, and the first event read is the oldest before it"
      ) {
        seen in
        let overrun = try seen.number("stats: overrun before it")
        if try seen.number("stats: overrun after it") != overrun {
          return Answer("still overwrites", isExpected: false)
        }
        if try seen.number("stats: dropped after it") <= 0 { return Answer("drops no event", isExpected: false) }
        let isKept = try seen.number("first event read") == overrun
        return Answer(isKept ? "drops the newest events" : "loses the oldest too", expected: "drops the newest events")
      },
      .lttng: .doesNotApply(to: "options/overwrite", "the mode of a channel is fixed"),
    ])

  static let recordingOff = Claim(
    "recording-off", .changes, title: "Events missing after recording was off and on",
    question: "If recording is turned off and on again: can earlier events be read meanwhile, and is nothing recorded "
      + "while it is off?",
    source:
      "Documentation/trace/ftrace.rst, tracing_on: \"Echo 0 into this file to disable the tracer or 1 to enable it. "
      + "Note, this only disables writing to the ring buffer\"; undocumented for LTTng's stop_session",
    procedure:
      "Have a reader in place; write 100 events; turn recording off; write 100 more; read; turn it on; write 100 "
      + "more; read.",
    notModelled: "recording is turned off through a file of tracefs, or a command to the traced process",
    [
      .kernel: .documented(
        "those of the pause: the first 100, then the last 100 are read",
        reaching: [.recordingOff { seen in try seen.number("writes that were refused while it is off") > 0 }],
        pausedEvents),
      .lttng: .assumed(
        "those of the pause: the first 100, then the last 100 are read", from: "kernel", reaching: .nothing,
        pausedEvents),
    ])

  private static let pausedEvents: Expectation.Judge = { seen in
    if try seen["read while it is off"] != "0 … 99 (100)" { return Answer("earlier ones too", isExpected: false) }
    let isRest = try seen["read after"] == "200 … 299 (100)"
    return Answer(isRest ? "those of the pause" : "not those of the pause", expected: "those of the pause")
  }
}
