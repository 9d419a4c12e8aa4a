import Results

extension Claim {
  /// An unknown ioctl request.
  public static let unknownRequest = Claim(
    "unknown-request", .misuse, title: "An unknown ioctl request",
    question: "Is an unknown request refused with -ENOTTY, including the number of earlier postings, _IO('T', 1)?",
    source:
      "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: return -ENOTTY; include/uapi/linux/trace_mmap.h "
      + "as posted earlier: TRACE_MMAP_IOCTL_GET_READER _IO('T', 0x1); lttng-modules, ring_buffer_vfs.c: return "
      + "-ENOIOCTLCMD",
    notModelled: "a model has no descriptor",
    reaching: .nothing)

  package static func unknownRequests(_ seen: Evidence, isConsumed: Bool) throws -> Answer {
    let isRefused = try seen.all("_IO").map { $0.hasPrefix("-ENOTTY") }
    if isRefused.contains(false) {
      return Answer(isRefused.contains(true) ? "not always -ENOTTY" : "not -ENOTTY", isExpected: false)
    }
    return Answer(isConsumed ? "-ENOTTY, but events are consumed" : "-ENOTTY", expected: "-ENOTTY")
  }

  /// Are events recorded after misuse?
  public static let recordingAfterMisuse = Claim(
    "recording-after-misuse", .misuse, title: "Are events recorded after misuse?",
    question: "After acquires that find nothing or come twice before a release, and one release too many: are all "
      + "later events recorded?",
    source:
      "a question of this study; lttng-ust, frontend_types.h, CHAN_WARN_ON: uatomic_inc(&__chan->record_disabled), of "
      + "the process that warns: the channel is each process's own memory (SHM_OBJECT_MEM, ring_buffer_frontend.c); "
      + "lttng-modules, frontend_types.h: \"Issue warnings and disable channels upon internal error.\"",
    reaching: .nothing)

  private static let userFault =
    "S. Rostedt, commit 64cf7d058a00 (\"tracing: Have trace_marker use per-cpu data to read user space\"), October 2025, "
    + "in Linux 6.18: \"Now the trace_marker write can get the user data even if it has to fault it in\""

  /// A marker whose memory cannot be read.
  public static let unreadableMemory = Claim(
    "marker-of-unreadable-memory", .misuse, title: "A marker whose memory cannot be read",
    question: "What does the write of a marker from memory without PROT_READ return, and what reaches the ring buffer?",
    source: "write(2): \"EFAULT buf is outside your accessible address space.\"; \(userFault)",
    procedure: "Write a marker of 40 bytes from memory that is mapped with PROT_NONE; read everything. Then write one "
      + "from readable memory, as a control.",
    notModelled: "a model's writer has no memory of another process",
    reaching: [.controlArrived { seen in try seen.number("readable: events") == 1 }])

  package static let unreadable: Expectation.Judge = { seen in
    let code = try seen.code("unreadable: write")
    let events = try seen.number("unreadable: events")
    return Answer(events == 0 ? "\(code), no event" : "\(code), and an event", expected: "-EFAULT, no event")
  }

  /// Does a marker arrive whose page must be faulted in?
  public static let absentPage = Claim(
    "marker-of-absent-page", .misuse, title: "Does a marker arrive whose page must be faulted in?",
    question: "Does the payload of a marker arrive if no page table entry of its memory is present when it is written?",
    source:
      "\(userFault); before, tracing_mark_raw_write() copied with page faults disabled and put \"<faulted>\" into "
      + "the event",
    procedure:
      "Map a file of 4096 bytes whose contents are known and that this process has not touched in this mapping; "
      + "write a marker of 40 bytes from it; read it; touch the page and repeat it, as a control.",
    notModelled: "a model's writer has no memory of another process",
    reaching: [.controlArrived { seen in try seen["present: payload"] == "as written" }])

  package static let arrives: Expectation.Judge = { seen in
    if try seen["absent: payload"] == "as written" { return try .yes(seen["absent: write"] == "40") }
    return try Answer(
      "no: \(seen["absent: write"] == "40" ? "other bytes" : seen.code("absent: write"))", expected: "yes")
  }

  /// A second acquire without a release.
  public static let doubleAcquire = Claim(
    "double-acquire", .misuse, title: "A second acquire without a release",
    question: "What does a second acquire without a release do?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"I'm done, get me a new reader-sub-buffer\"; undocumented for "
      + "LTTng; lttng-ust, backend_internal.h, update_read_sb_index: a warning; lttng-modules, "
      + "ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Reader is trying to get a subbuffer twice.\", a "
      + "warning and -EBUSY")
}
