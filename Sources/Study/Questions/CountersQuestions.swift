extension Claim {
  /// Is the loss count in the headers cumulative?
  public static let freeRunning = Claim(
    "count-is-free-running", .counters, title: "Is the loss count in the headers cumulative?",
    question: "Does the count of lost events continue from the header of one sub-buffer to the next?",
    source: "\(Cited.ctf): events_discarded, \"Snapshot of a per-stream free-running counter\"; lttng-modules, "
      + "lttng-ring-buffer-client.h, events_discarded: \"Events lost in this subbuffer since the beginning of the trace. "
      + "(may overflow)\"",
    procedure: "Three times: write more than fits and read everything; on the kernel in overwrite mode, on LTTng in "
      + "discard mode and with flush_buffer(stream, 0) at the end. Record every count in a header that is not 0.",
    reaching: [.eventsLost])
}
