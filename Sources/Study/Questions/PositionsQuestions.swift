import Results

extension Claim {
  /// Can later sub-buffers be read without consuming?
  public static let lookAhead = Claim(
    "look-ahead", .positions, title: "Can later sub-buffers be read without consuming?",
    question: "Can the reader read sub-buffers that follow later, without consuming anything?",
    source:
      "a question; S. Rostedt, [RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: \"This "
      + "maps all the ring buffer sub-buffers as well as the reader page.\"; lttng-ust, ust-ctl.h: lttng_ust_ctl_get_subbuf "
      + "takes a position; lttng-modules, include/ringbuffer/vfs.h, GET_SUBBUF: \"Get exclusive read access to the "
      + "specified sub-buffer position\"",
    reaching: .nothing)

  package static func readAhead(_ seen: Evidence, isConsumed: Bool) throws -> Answer {
    let all = try seen["events written"]
    if try seen["events seen ahead"] != all { return Answer("no, not all", expected: "yes") }
    let isDelivered = try seen["events read afterwards"] == all
    return Answer(!isConsumed && isDelivered ? "yes" : "no, it consumes", expected: "yes")
  }
}
