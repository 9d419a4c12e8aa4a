import LTTngBackend
import Results
import Study

/// The words of the report about the lttng-modules.
package enum LTTngModulesWording {
  /// All of them.
  package static let all = Wording(
    notes: LTTngModulesNotes.all, hazards: hazards, rules: rules, versionChanges: versionChanges,
    kernelModules: [.lttngModules], releases: releases)

  private static let populatePacket = VersionChange.Commit(
    hash: "6b955571", title: "Add new flush: flush events or populate packet", first: ["2.14.0"],
    source: "lttng-modules, tags")

  /// The known faults that no probe observes, the most severe first.
  private static let hazards: [Hazard] = [
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
  ]

  /// At most eight rules, the most important first.
  private static let rules: [Rule] = [
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
  ]

  /// The commits behind changes of answers between versions.
  ///
  /// A version is among the first ones if its tag, or the announcement of its release candidate, contains the commit.
  private static let versionChanges: [VersionChange] = [
    populatePacket.brought("another one", of: "number-of-populated-packet", .lttngModules),
    populatePacket.brought("reports 0 (wrong)", of: "count-of-populated-packet", .lttngModules),
  ]

  /// The release dates that were verified.
  private static let releases: [Release] = [
    Release("lttng-modules 2.13.18", "2025-04-14", source: "tag in the repository"),
    Release("lttng-modules 2.13.23", "2026-02-13", source: "tag in the repository"),
    Release("lttng-modules 2.14.0", "2025-06-27", source: "tag in the repository"),
    Release("lttng-modules 2.15.0", "2026-02-13", source: "tag in the repository"),
  ]
}
