import Results

extension Claim {
  /// Is the loss count in the headers cumulative?
  public static let freeRunning = Claim(
    "count-is-free-running", .counters, title: "Is the loss count in the headers cumulative?",
    question: "Does the count of lost events continue from the header of one sub-buffer to the next?",
    source: "\(Cited.ctf): events_discarded, \"Snapshot of a per-stream free-running counter\"; lttng-modules, "
      + "lttng-ring-buffer-client.h, events_discarded: \"Events lost in this subbuffer since the beginning of the trace. "
      + "(may overflow)\"",
    reaching: [.eventsLost])
}
