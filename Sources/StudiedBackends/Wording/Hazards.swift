import Study

extension Catalogue {
  /// The known faults that no probe observes, the most severe of each ABI first.
  static let hazards: [Hazard] = [
    Hazard(
      .kernel, .s1, "A write to options/* of a removed instance hangs tracing",
      "A file of options/ holds no reference on its instance, so rmdir succeeds while it is open. A later write uses freed "
        + "memory, the process dies with event_mutex held, and every access to tracefs hangs until a reboot. Close such "
        + "files before a removal; trace_options holds a reference.",
      versions:
        "seen on Linux 6.18.44 and 6.12.95; fixed by f2951ebd15c3 in 7.3, 7.2.12 and 6.12.112; the release of 6.18 "
        + "was not established",
      source: "kernel/trace/trace.c, trace_options_core_fops and __remove_instance, Linux 6.12.95 and 6.18.26",
      askedBy: KernelAnswers.removedOption.id),
    Hazard(
      .kernel, .s2, "The loss of a commit overrun is in no header",
      "If the writer is on the new reader sub-buffer, the ioctl logs “commit overrun lost” and clears the count: “TODO: Add "
        + "missed events to the page for user space to know.” Compare meta.overrun, which does grow.",
      versions: "since Linux 6.16 and 6.12.34 (4fc78a7c9ca9; a warning before); the same in 7.3.4",
      source: "kernel/trace/ring_buffer.c, ring_buffer_map_get_reader", askedBy: KernelAnswers.lossBeforeUncommitted.id),
    Hazard(
      .kernel, .s4, "The ioctl's time grows with the events, with interrupts off",
      "The ioctl calls rb_advance_reader for each event of the sub-buffer under reader_lock; read(2) without a "
        + "mapping exchanges the page (ring_buffer_read_page). Smaller sub-buffers bound each call.",
      versions: "Linux 6.12.95 to 7.3.4; no report found",
      source: "kernel/trace/ring_buffer.c, ring_buffer_map_get_reader",
      reproducer: "cost-by-events.c", shownBy: .acquireGrowsWithEvents),
    Hazard(
      .kernel, .s4, "A waiting reader is woken for every second sub-buffer",
      "A reader that drains also takes the writer's own sub-buffer, which then counts as read, while the watermark counts "
        + "whole dirty sub-buffers. Lower buffer_percent by one sub-buffer, or leave the partial one.",
      versions: "Linux 6.18.44; no report found",
      source: "kernel/trace/ring_buffer.c, full_hit and ring_buffer_nr_dirty_pages"),
    Hazard(
      .lttngModules, .s1, "A flush after the session was closed uses freed memory",
      "A stream holds no reference on session and channel. FLUSH_EMPTY, or a FLUSH or CLEAR that begins a sub-buffer, then "
        + "copies the uuid of the freed session; the kernel oopses with slub_debug. Flush while the session's descriptor is "
        + "open.",
      versions: "lttng-modules 2.13.18 to 2.16.0-rc1 and master of 2026-07-15; no report found",
      source: "src/lttng-abi.c, lttng_abi_open_stream; src/lttng-ring-buffer-client.h, client_buffer_begin",
      reproducer: "flush-after-session.c"),
    Hazard(
      .lttngModules, .s2, "events_discarded of a packet can be later than that of the next",
      "“A similar scenario may happen within LTTng-modules if an interrupt nests between a reserve and commit”: the count "
        + "is written by the event that completes the packet. Use the running maximum.",
      versions: "lttng-modules 2.13; fixed in 2.14.0 (033a6434) and 2.15.0 (4ad4ea4c)",
      source: "commit message of 4ad4ea4c6c64"),
    Hazard(
      .lttngUST, .s4, "get sleeps up to 60 ms on an uncommitted event",
      "lib_ring_buffer_get_subbuf polls ten times for 10 ms: “handling short-term unavailability situations is performed by "
        + "retrying a few times after a delay.” Read only after the wait descriptor is readable.",
      versions: "lttng-ust 2.13.5; as designed",
      source: "src/common/ringbuffer/ring_buffer_frontend.c, LTTNG_UST_RING_BUFFER_GET_RETRY",
      reproducer: "flush-and-get.c"),
    Hazard(
      .lttngUST, .s4, "An open reader raises the writer's p99.9",
      "A writer that completes a sub-buffer blocks signals and writes to a pipe if a reader has the stream open: "
        + "“RING_BUFFER_WAKEUP_BY_WRITER wakeup is not lock-free.” Use a read timer.",
      versions: "lttng-ust 2.13.5; as designed",
      source: "src/common/ringbuffer/ring_buffer_frontend.c, lib_ring_buffer_check_deliver_slow",
      shownBy: .openReaderRaisesTail),
  ]
}
