import LTTngBackend
import Results
import Study

/// The words of the report about the LTTng-UST.
package enum LTTngUSTWording {
  /// All of them.
  package static let all = Wording(
    notes: LTTngUSTNotes.all, hazards: hazards, rules: rules, versionChanges: versionChanges, releases: releases)

  private static let discardExtraSubbuffer = VersionChange.Commit(
    hash: "f8767b70", title: "ring buffer: allocate extra subbuffer for discard mode", first: ["2.15.0"],
    source: "lttng-ust, tags")
  private static let fasterPush = VersionChange.Commit(
    hash: "570d7352", title: "ring-buffer: Speed up pushing reader consumed position ahead", first: ["2.15.0"],
    source: "lttng-ust, tags")
  private static let lazyPadding = VersionChange.Commit(
    hash: "6e1604da", title: "ring-buffer: Use lazy-padding", first: ["2.15.0"],
    source: "lttng-ust, tags; “Ownership is now taken for the sub-buffer”, by 044fb42c")

  /// The known faults that no probe observes, the most severe first.
  private static let hazards: [Hazard] = [
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

  /// At most eight rules, the most important first.
  private static let rules: [Rule] = [
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

  /// The commits behind changes of answers between versions.
  ///
  /// A version is among the first ones if its tag, or the announcement of its release candidate, contains the commit.
  private static let versionChanges: [VersionChange] = [
    .ended(
      "endless SIGBUS in the reader", of: "truncated-memory", .lttngUST, by: "8e0efccd",
      "Fix: ustctl: sigbus handling: statement with no effect", first: ["2.15.0", "2.14.1", "2.13.10"],
      source: "lttng-ust, tags; 2c87cde2 in 2.13.10, d21c1d1e in 2.14.1"),
    .ended(
      "yes", of: "discarded-count-never-falls", .lttngUST, by: "f17f3fdf",
      "Fix: Sample discarded packet counters per sub-buffer", first: ["2.14.0"],
      source: "lttng-ust, tags; 1f8630c4 in 2.14.0"),
    discardExtraSubbuffer.ended("overwrite: yes; discard: no", of: "extra-reader-subbuffer", .lttngUST),
    discardExtraSubbuffer.brought("2 in discard, 2 in overwrite", of: "fewest-subbuffers", .lttngUST),
    discardExtraSubbuffer.brought("invalid memory", of: "dead-reader-events-again", .lttngUST),
    discardExtraSubbuffer.brought("invalid memory", of: "double-acquire", .lttngUST),
    .ended(
      "a packet without events", of: "flush-of-new-ring-buffer", .lttngUST, by: "81b931f1",
      "Don't produce an initial packet header on ring-buffer creation", first: ["2.15.0"], source: "lttng-ust, tags"),
    fasterPush.brought("overwrite: invalid memory; discard: all lost", of: "release-on-empty", .lttngUST),
    fasterPush.brought("overwrite: invalid memory; discard: kills writer", of: "release-on-partial", .lttngUST),
    .brought(
      "in later laps another one", of: "number-of-populated-packet", .lttngUST, by: "2c0a8065",
      "ring-buffer: Implement packet count as sequence-counters", first: ["2.15.0"], source: "lttng-ust, tags"),
    lazyPadding.brought("from ownership to delivery", of: "stops-that-block-the-reader", .lttngUST),
    lazyPadding.brought("no, until the release", of: "others-at-each-stop", .lttngUST),
    lazyPadding.brought("nearly all, at some stops", of: "drops-at-each-stop", .lttngUST),
  ]

  /// The release dates that were verified.
  private static let releases: [Release] = [
    Release("LTTng-UST 2.13.5", "2022-09-30", source: "tag in the repository"),
    Release("LTTng-UST 2.13.9", "2025-04-14", source: "tag in the repository"),
    Release("LTTng-UST 2.13.10", "2026-02-13", source: "tag in the repository"),
    Release("LTTng-UST 2.14.0", "2025-06-27", source: "tag in the repository"),
    Release("LTTng-UST 2.14.1", "2026-02-13", source: "tag in the repository"),
    Release("LTTng-UST 2.14.2", "2026-05-22", source: "tag in the repository"),
    Release("LTTng-UST 2.15.0", "2026-02-13", source: "tag in the repository"),
    Release("LTTng-UST 2.15.1", "2026-05-22", source: "tag in the repository"),
    Release("LTTng-UST 2.16.0", "2026-08-27", source: "ChangeLog of the release"),
  ]
}
