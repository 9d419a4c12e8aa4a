import Results

extension Claim {
  /// Does the next reader get only the new events?
  public static let reopened = Claim(
    "reopened-sees-only-new", .consumption, title: "Does the next reader get only the new events?",
    question: "Does a reader that maps the ring buffer after another one left get only events that the other had not "
      + "acquired?",
    source: "S. Rostedt, Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions, 2023-03-29: "
      + "\"It should have only read the last 10 that were not read previously.\"",
    reaching: [
      .allRead { seen in try seen["first reader: events"] == "0 … 7 (8)" }
    ])

  /// Are a dead reader's events delivered again?
  public static let deadReader = Claim(
    "dead-reader-events-again", .consumption, title: "Are a dead reader's events delivered again?",
    question:
      "Does the next reader get the events of a sub-buffer that a reader acquired and neither read nor released?",
    source: "a question; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, advances over the sub-buffer at the "
      + "acquire: \"we assume the latter will read everything\"; lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: "
      + "\"Release exclusive sub-buffer access, move consumer forward.\"; lttng-modules, include/ringbuffer/vfs.h, "
      + "PUT_NEXT_SUBBUF: the same words")

  /// When are events counted as consumed?
  public static let consumedAtRelease = Claim(
    "consumed-at-release", .consumption, title: "When are events counted as consumed?",
    question: "Does the consumed count grow at the release of a sub-buffer, and not at its acquire?",
    source: "lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: \"Release exclusive sub-buffer access, move consumer "
      + "forward.\"; lttng-modules, include/ringbuffer/vfs.h, PUT_NEXT_SUBBUF: the same words")

  /// Does the next reader get what the last one left?
  public static let restKept = Claim(
    "rest-kept-for-the-next", .consumption, title: "Does the next reader get what the last one left?",
    question: "Does a reader that follows one that left early get everything from there on?",
    source: "a question; S. Rostedt, \(Cited.v2), 2023-03-29: \"It should have only read the last 10 that were not "
      + "read previously.\"",
    reaching: [
      .partRead { seen in
        let first = try seen.number("events of the first reader")
        return try first > 0 && first < seen.number("events written")
      }
    ])

  /// The judge of ``restKept``. Reads “events written”, “events of the second reader”, “events of both readers” and “gaps
  /// between the events”.
  public static func bothGetAll(_ seen: Evidence) throws -> Answer {
    if try seen.number("events of the second reader") <= 0 { return Answer("no", expected: "yes") }
    let isEverythingOnce =
      try seen.number("events of both readers") == seen.number("events written")
      && seen.number("gaps between the events") == 0
    return Answer(isEverythingOnce ? "yes" : "only in part", expected: "yes")
  }

  /// Can a released sub-buffer still be read?
  public static let releasedIsGone = Claim(
    "released-is-the-writers", .consumption, title: "Can a released sub-buffer still be read?",
    question: "Does a sub-buffer stay valid for the reader after its release?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"the old reader page is now going to be in the writable portion of "
      + "the ring buffer where the writer can write to it\"; Documentation/trace/ring-buffer-design.rst: \"The old reader page will become "
      + "part of the ring buffer\"; lttng-ust and lttng-modules, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: "
      + "\"Check that the buffer we are getting is after or at consumed_cur position.\"")

  /// Readable events of a writer killed outside a write.
  public static let killedOutside = Claim(
    "writer-killed-outside-a-write", .consumption, title: "Readable events of a writer killed outside a write",
    question: "Are all events of a writer readable after it was killed outside a write?",
    source: "a question; lttng-ust, lib_ring_buffer_get_subbuf: \"In per-PID tracing, the application vanishes with "
      + "the termination, and therefore no more data needs to be written to the buffers.\"",
    reaching: [.eventsWritten("events produced")])

  /// The judge of ``killedOutside``. Reads what ``Evidence/addDelivered(_:of:)`` adds.
  public static func deliveredOfKilled(_ seen: Evidence) throws -> Answer {
    let (produced, delivered) = try (seen.number("events produced"), seen.number("events delivered"))
    let answer = delivered == produced ? "all" : delivered == 0 ? "none" : "only some"
    return Answer(answer, expected: "all")
  }

  /// Loss between two readers, as reported to the second.
  public static let lostBetweenReaders = Claim(
    "lost-between-two-readers", .consumption, title: "Loss between two readers, as reported to the second",
    question: "Does a reader that follows one that left learn of the events that were overwritten in between?",
    source: "a question; S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader "
      + "page/sub-buffer when the IOCTL is done and a new reader page is acquired.\"; lttng-concepts(7), Overwrite "
      + "mode: \"a trace reader can use such sequence numbers to report lost packets\"",
    reaching: [.eventsLost("events missing between the two readers")])
}
