import Results

extension Claim {
  private static let clearedByFile = "it is cleared from outside, through a file or a command"

  /// Does a clear remove exactly the earlier events?
  public static let clearEmpties = Claim(
    "clear-empties", .changes, title: "Does a clear remove exactly the earlier events?",
    question: "After a clear with a reader in place: are none of the earlier events read, and all of the later ones?",
    source:
      "Documentation/trace/ftrace.rst, trace: \"Opening this file for writing with the O_TRUNC flag clears the ring "
      + "buffer content.\"; lttng-clear(1): \"it deletes the contents of their recording buffers\"",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more; read "
      + "everything.",
    notModelled: clearedByFile,
    reaching: [.worked("clear")])

  package static let readAfterClear: Expectation.Judge = { seen in
    let read = try seen["read after it"]
    return Answer(read == "300 … 399 (100)" ? "yes" : read == "none" ? "no, all events" : "no", expected: "yes")
  }

  /// Is a clear visible without an acquire?
  public static let clearIsShown = Claim(
    "clear-shows-at-once", .changes, title: "Is a clear visible without an acquire?",
    question: "Can the reader see that the ring buffer was cleared before it acquires?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11, "
      + "rb_reset_cpu: the meta page is updated if the ring buffer is mapped; lttng-ust and lttng-modules, "
      + "frontend_internal.h, lib_ring_buffer_clear_reader: \"Move consumed position to the beginning of subbuffer in "
      + "which the write offset is.\"",
    notModelled: clearedByFile,
    reaching: [.worked("clear")])

  /// Does a clear look like a loss?
  public static let clearIsNoLoss = Claim(
    "cleared-is-not-lost", .changes, title: "Does a clear look like a loss?",
    question: "Can a reader distinguish cleared events from lost ones?",
    source: "undocumented; kernel/trace/ring_buffer.c, rb_reset_cpu, sets lost_events and overrun to 0; "
      + "lttng-ust, ust-ctl.h, lttng_ust_ctl_clear_buffer; lttng-modules, vfs.h: \"Clear ring buffer content.\"",
    procedure: "Have a reader in place; write 300 events, acquire (and release) once; clear; write 100 more, acquire. "
      + "Record every indication of a loss.",
    notModelled: clearedByFile,
    reaching: [.worked("clear")])

  /// Does a clear of one CPU leave the others alone?
  public static let clearOfAnother = Claim(
    "clear-of-one-cpu", .changes, title: "Does a clear of one CPU leave the others alone?",
    question: "Does clearing the ring buffer of another CPU leave this one unchanged?",
    source:
      "Documentation/trace/ftrace.rst, per_cpu/cpu0/trace: \"If written to, it only clears the specific CPU buffer.\"",
    procedure: "Have a reader in place; write 300 events; clear the ring buffer of another CPU; read; write 100 more; "
      + "clear that of this CPU; read.",
    notModelled: "a model has one CPU",
    reaching: [
      .machine("another-cpu", "the machine has another CPU") { seen in try seen["another CPU"] != "none" }
    ])

  package static let clearedAlone: Expectation.Judge = { seen in
    if try seen["read after the first"] != "0 … 299 (300)" { return Answer("no", isExpected: false) }
    let isCleared = try seen["read after the second"] == "none"
    return Answer(isCleared ? "yes" : "yes, but its own too", expected: "yes")
  }

  /// Events missing after recording was off and on.
  public static let recordingOff = Claim(
    "recording-off", .changes, title: "Events missing after recording was off and on",
    question: "If recording is turned off and on again: can earlier events be read meanwhile, and is nothing recorded "
      + "while it is off?",
    source:
      "Documentation/trace/ftrace.rst, tracing_on: \"Echo 0 into this file to disable the tracer or 1 to enable it. "
      + "Note, this only disables writing to the ring buffer\"; undocumented for LTTng's stop_session",
    procedure:
      "Have a reader in place; write 100 events; turn recording off; write 100 more; read; turn it on; write 100 "
      + "more; read.",
    notModelled: "recording is turned off from outside, through a file or a command")

  package static let pausedEvents: Expectation.Judge = { seen in
    if try seen["read while it is off"] != "0 … 99 (100)" { return Answer("earlier ones too", isExpected: false) }
    let isRest = try seen["read after"] == "200 … 299 (100)"
    return Answer(isRest ? "those of the pause" : "not those of the pause", expected: "those of the pause")
  }
}
