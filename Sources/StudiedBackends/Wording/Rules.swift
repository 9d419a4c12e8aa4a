import Study

extension Catalogue {
  /// At most eight rules of each ABI, the most important first.
  static let rules: [Rule] = [
    .do(
      .kernel,
      "be the only reader; read from the old to the new reader.read if reader.id is unchanged, from 0 if it changed",
      because: "rest-comes-before-next", is: "yes, under the same id"),
    .do(
      .kernel,
      "count losses by bits 31 and 30 of commit and the word after the data, or by the increase of meta.overrun",
      because: "lost-events-in-meta-page", is: "reports 0 (wrong)"),
    .do(
      .kernel, "read dropped events of per_cpu/cpuN/stats if overwrite is off", because: "discard-told-exactly",
      is: "no indication"),
    .do(
      .kernel, "write events to a file before processing them: what is acquired and not written dies with the reader",
      because: "consumed-at-release", is: "at the acquire"),
    .do(
      .kernel, "open with O_NONBLOCK, poll, and take a return of poll or ioctl for a hint",
      because: "acquire-of-nothing", is: "0, page unchanged"),
    .do(
      .kernel, "handle SIGBUS: a truncation by another process ends the mapping", because: "truncated-memory",
      is: "SIGBUS in the reader"
    ),
    .dont(
      .kernel, "read trace_pipe, splice, or leak the descriptor next to a mapping", because: "readers-interleave",
      is: "no, some twice, some never"),
    .dont(.kernel, "acquire from a 32-bit process", because: "ioctl-for-32-bits", is: "no: -ENOTTY"),
    .do(
      .lttngModules, "keep get and put in strict order: one call out of order ends the channel",
      because: "recording-after-misuse", is: "no, the channel is disabled"),
    .do(
      .lttngModules, "take -EBUSY of a first get for a sub-buffer that a dead reader left held: begin a new session",
      because: "dead-reader-events-again", is: "no: -EBUSY"),
    .do(.lttngModules, "poll for POLLIN | POLLPRI", because: "pollin-when-full", is: "no, POLLPRI once flushed"),
    .do(
      .lttngModules, "set a read timer: while it records, nothing else wakes the reader", because: "read-timer",
      is: "yes"),
    .do(
      .lttngModules, "flush, or set a switch timer, to get partial sub-buffers", because: "partial-not-visible",
      is: "only after a flush"),
    .do(
      .lttngModules, "count drops by the maximum of events_discarded", because: "discard-told-exactly", is: "exact"),
    .dont(
      .lttngModules, "sample or snapshot positions between get and put", because: "sample-while-held",
      is: "yes, unread events too"),
    .dont(
      .lttngModules, "read the mapping outside the held sub-buffer, or after the put",
      because: "outside-the-held-subbuffer", is: "no: SIGBUS"),
    .do(
      .lttngUST, "in overwrite mode check the magic number after every get; without it put, and go on",
      because: "dead-reader-events-again", is: "overwrite: invalid memory; discard: yes"),
    .do(
      .lttngUST2_15, "check the magic number after every get; without it put, and go on",
      because: "dead-reader-events-again", is: "invalid memory"),
    .do(
      .lttngUST, "count drops by the maximum of events_discarded, and take a fall for “not reported”",
      because: "discarded-count-never-falls", is: "yes"),
    .do(
      .lttngUST, "seal the memory files against shrinking", because: "truncated-memory",
      is: "endless SIGBUS in the reader"),
    .do(
      .lttngUST, "drain the wait pipe, read until -EAGAIN, and only then poll", because: "poll-when-all-is-read",
      is: "still ready"),
    .do(
      .lttngUST, "take POLLHUP for the end, flush with 0, and read until -EAGAIN", because: "eagain-and-enodata",
      is: "-EAGAIN both times"),
    .do(.lttngUST, "set a read timer where the writer's latency counts", because: "read-timer", is: "yes"),
    .dont(
      .lttngUST, "put without a successful get", because: "release-on-empty", is: "all later events are lost"),
    .dont(
      .lttngUST2_15, "put without a successful get: in discard mode it can abort the traced process",
      because: "release-on-empty", is: "overwrite: invalid memory; discard: all lost"),
    .dont(
      .lttngUST, "sample positions between get and put", because: "sample-while-held",
      is: "yes, unread events too"),
  ]
}
