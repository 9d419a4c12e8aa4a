import Study

extension Catalogue {
  /// Options and clearing while the ring buffer is mapped.
  static let changes: [Claim] = [
    .clearEmpties, .clearIsShown, .clearIsNoLoss, .clearOfAnother, .clockClears, .overwriteToggled, .recordingOff,
  ]
}

extension Claim {
  static let clearEmpties = Claim(
    "clear-empties", .changes, title: "Cleared while it is read",
    question:
      "After a clear with a reader in place, is nothing from before it read any more, and everything from after "
      + "it?",
    source:
      "Documentation/trace/ftrace.rst, trace: \"Opening this file for writing with the O_TRUNC flag clears the ring "
      + "buffer content.\"; lttng-clear(1): \"it deletes the contents of their recording buffers\"",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more; read all.",
    notModelled: "the kernel's is cleared through a file of tracefs",
    [
      .kernel: .stated("exactly the 100 later events are read") { seen in
        try seen.require(seen.works("clear"), "the clear was refused")
        return try seen["read after it"] == "300 … 399 (100)"
      },
      .lttng: .stated("exactly the 100 later events are read") { seen in
        try seen.require(seen.works("clear"), "the clear was refused")
        return try seen["read after it"] == "300 … 399 (100)"
      },
    ])

  static let clearIsShown = Claim(
    "clear-shows-at-once", .changes, title: "A clear shows without an acquire",
    question: "Does the reader see that the ring buffer was cleared before it acquires?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11, "
      + "rb_reset_cpu: the meta page is updated where the ring buffer is mapped; lttng-ust, frontend_internal.h, "
      + "lib_ring_buffer_clear_reader: \"Move consumed position to the beginning of subbuffer in which the write offset "
      + "is.\"",
    procedure:
      "Have a reader in place; write 2000 events, acquire (and release) once; clear; look at the meta page, or "
      + "the positions, without another acquire.",
    notModelled: "the kernel's is cleared through a file of tracefs",
    [
      .kernel: .taken("from the code: entries, overrun, read and reader.read are 0") { seen in
        try seen.require(seen.works("clear"), "the clear was refused")
        try seen.require(seen["meta page before it"] != seen["meta page after it"], "there was nothing to clear")
        return try seen["meta page after it"].hasPrefix("entries 0, overrun 0, read 0, reader.read 0,")
      },
      .lttng: .stated("consumed and produced position lie in the same sub-buffer") { seen in
        try seen.require(seen.works("clear"), "the clear was refused")
        try seen.require(seen.number("unread sub-buffers before it") > 0, "there was nothing to clear")
        return try seen.number("unread sub-buffers after it") == 0
      },
    ])

  static let clearIsNoLoss = Claim(
    "cleared-is-not-lost", .changes, title: "What was cleared is not told as lost",
    question: "Can a reader tell events that were cleared on purpose from lost ones?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, rb_reset_cpu, sets lost_events and overrun to 0; "
      + "lttng-ust, ust-ctl.h, lttng_ust_ctl_clear_buffer",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more, acquire. "
      + "Write down all that tells of losses.",
    notModelled: "the kernel's is cleared through a file of tracefs",
    [
      .kernel: .taken("no loss is told: neither by the header, nor by overrun") { seen in
        try seen["told by the header"] == "none" && seen.number("meta.overrun") == 0
      },
      .lttng: .taken("no loss is told: events_discarded is 0, and packet_seq_num follows that of the packet before") {
        seen in
        try seen.number("events_discarded") == 0
          && seen.number("packet_seq_num after it") == seen.number("packet_seq_num before it") + 1
      },
    ])

  static let clearOfAnother = Claim(
    "clear-of-one-cpu", .changes, title: "One CPU's ring buffer is cleared alone",
    question: "Does clearing the ring buffer of another CPU leave this one as it is?",
    source:
      "Documentation/trace/ftrace.rst, per_cpu/cpu0/trace: \"If written to, it only clears the specific CPU buffer.\"",
    procedure: "Have a reader in place; write 300 events; clear the ring buffer of another CPU; read; write 100 more; "
      + "clear that of this CPU; read.",
    notModelled: "a model has one CPU",
    [
      .kernel: .stated("all 300 are read after the first clear, none after the second") { seen in
        try seen.require(seen["another CPU"] != "none", "this machine has one CPU")
        return try seen["read after the first"] == "0 … 299 (300)" && seen["read after the second"] == "none"
      },
      .lttng: .counterpart("all 300 are read after the first clear, none after the second") { seen in
        try seen.require(seen["another CPU"] != "none", "this machine has one CPU")
        return try seen["read after the first"] == "0 … 299 (300)" && seen["read after the second"] == "none"
      },
    ])

  static let clockClears = Claim(
    "clock-change-clears", .changes, title: "Another clock clears the ring buffer",
    question:
      "Does setting trace_clock while the ring buffer is mapped clear it, and do later time stamps come from the "
      + "new clock?",
    source:
      "Documentation/trace/ftrace.rst, trace_clock: \"Setting a clock clears the ring buffer content as well as the "
      + "\"snapshot\" buffer.\", and counter: \"This is not a clock at all, but literally an atomic "
      + "counter.\"",
    procedure:
      "Map the ring buffer; write 300 events in the clock mono, acquire; set the clock counter; write 100 more; "
      + "read all.",
    notModelled: "clocks are set through files of tracefs",
    [
      .kernel: .stated("exactly the 100 later events are read, with a smaller time stamp") { seen in
        try seen.require(seen.works("trace_clock"), "this clock cannot be set")
        return try seen["read after it"] == "300 … 399 (100)"
          && seen.number("time stamp after it") < seen.number("time stamp before it")
      },
      .lttngModules: .doesNotApply(to: "trace_clock", "the tracer has one clock for all sessions (lttng-clock)"),
      .lttngUST: .doesNotApply(to: "trace_clock", "a traced process has its clock from its start on"),
    ])

  static let overwriteToggled = Claim(
    "overwrite-turned-off", .changes, title: "overwrite turned off while mapped",
    question:
      "With overwrite turned off on a full, mapped ring buffer, do the oldest events stay from then on, and are "
      + "new ones dropped?",
    source: "Documentation/trace/ftrace.rst, overwrite: \"If \"1\" (default), the oldest events are discarded and "
      + "overwritten. If \"0\", then the newest events are discarded. (see per_cpu/cpu0/stats for overrun and "
      + "dropped)\"",
    procedure:
      "Map the ring buffer and write 2000 events, which wraps it; set options/overwrite to 0; write 2000 more; "
      + "read all.",
    notModelled: "options are set through files of tracefs",
    [
      .kernel: .stated("overrun stands still, dropped counts, and the first event read is the oldest of before") {
        seen in
        let overrun = try seen.number("stats: overrun before it")
        try seen.require(overrun > 0, "the ring buffer was not full")
        return try seen.number("stats: overrun after it") == overrun && seen.number("stats: dropped after it") > 0
          && seen.number("first event read") == overrun
      },
      .lttng: .doesNotApply(to: "options/overwrite", "a channel has its mode for good"),
    ])

  static let recordingOff = Claim(
    "recording-off", .changes, title: "Recording turned off and on",
    question: "With recording turned off and on again, can what was written before be read meanwhile, and is nothing "
      + "recorded while it is off?",
    source:
      "Documentation/trace/ftrace.rst, tracing_on: \"Echo 0 into this file to disable the tracer or 1 to enable it. "
      + "Note, this only disables writing to the ring buffer\"; of LTTng stated of lttng_ust_ctl_stop_session nowhere in "
      + "words",
    procedure:
      "Have a reader in place; write 100 events; turn recording off; write 100 more; read; turn it on; write 100 "
      + "more; read.",
    notModelled: "recording is turned off through a file of tracefs, or a command to the traced process",
    [
      .kernel: .stated("the first 100, then the last 100 are read") { seen in
        try seen["read while it is off"] == "0 … 99 (100)" && seen["read after"] == "200 … 299 (100)"
      },
      .lttng: .counterpart("the first 100, then the last 100 are read") { seen in
        try seen["read while it is off"] == "0 … 99 (100)" && seen["read after"] == "200 … 299 (100)"
      },
    ])
}
