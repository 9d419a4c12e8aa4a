import Results

extension Claim {
  /// poll at the end of the writer.
  public static let endToldByPoll = Claim(
    "end-told-by-poll", .finalisation, title: "poll at the end of the writer",
    question: "Does poll report that the writer has ended?",
    source:
      "lttng-tools 2.13, src/common/consumer/consumer.c, consumer_thread_data_poll: POLLHUP, \"Polling fd %d tells it "
      + "has hung up.\"; lttng_ustconsumer_on_stream_hangup; lttng-modules, ring_buffer_vfs.c, lib_ring_buffer_poll: "
      + "POLLHUP if the buffer is finalized and nothing is left to read; kernel/events/core.c, perf_poll: EPOLLHUP if the "
      + "event has ended",
    reaching: .nothing)

  /// Are all events of an ended writer readable?
  public static let restAfterEnd = Claim(
    "rest-after-writer-ended", .finalisation, title: "Are all events of an ended writer readable?",
    question: "Can all events of a writer that has ended be read, including those of a partial sub-buffer?",
    source: "lttng-tools 2.13, src/common/ust-consumer/ust-consumer.c, lttng_ustconsumer_on_stream_hangup: "
      + "lttng_ust_ctl_flush_buffer(stream->ustream, 0); lttng-modules, src/lttng-events.c, lttng_session_disable: "
      + "\"Set each stream's quiescent state.\", which flushes each stream",
    reaching: [.eventsWritten("events produced")])

  package static let allAreThere: Expectation.Judge = { seen in
    let areThere =
      try seen.number("events delivered") == seen.number("events produced")
      && seen.number("gaps between the delivered") == 0
    return Answer(areThere ? "yes" : "no, some are missing", expected: "yes")
  }

  /// Does acquire or poll report that recording is off?
  public static let recordingOffTold = Claim(
    "recording-off-told", .finalisation, title: "Does acquire or poll report that recording is off?",
    question: "Does the acquire or poll report that recording was switched off, so that no new events will come?",
    source:
      "a question of this study; lttng-ust and lttng-modules, channel_destroy: \"when readers have completed data "
      + "consumption of finalized channels, get_subbuf() will return -ENODATA\"",
    notModelled: "a model has no such switch")

  package static let offIsReported: Expectation.Judge = { seen in
    try .yes(
      seen["recording: acquire"] != seen["switched off: acquire"]
        || seen["recording: poll"] != seen["switched off: poll"])
  }
}
