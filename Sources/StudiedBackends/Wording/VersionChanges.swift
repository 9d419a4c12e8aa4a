import Study

extension Catalogue {
  /// A commit that changed several answers.
  private struct Commit {
    let hash: String
    let title: String
    /// The first version of each series that has it.
    let first: [String]
    let source: String

    func ended(_ answer: String, of claim: String, _ abi: ABI) -> VersionChange {
      .ended(answer, of: claim, abi, by: hash, title, first: first, source: source)
    }

    func brought(_ answer: String, of claim: String, _ abi: ABI) -> VersionChange {
      .brought(answer, of: claim, abi, by: hash, title, first: first, source: source)
    }
  }

  private static let discardExtraSubbuffer = Commit(
    hash: "f8767b70", title: "ring buffer: allocate extra subbuffer for discard mode", first: ["2.15.0"],
    source: "lttng-ust, tags")
  private static let fasterPush = Commit(
    hash: "570d7352", title: "ring-buffer: Speed up pushing reader consumed position ahead", first: ["2.15.0"],
    source: "lttng-ust, tags")
  private static let lazyPadding = Commit(
    hash: "6e1604da", title: "ring-buffer: Use lazy-padding", first: ["2.15.0"],
    source: "lttng-ust, tags; “Ownership is now taken for the sub-buffer”, by 044fb42c")
  private static let populatePacket = Commit(
    hash: "6b955571", title: "Add new flush: flush events or populate packet", first: ["2.14.0"],
    source: "lttng-modules, tags")

  /// The commits behind changes of answers between versions.
  ///
  /// A version is among the first ones if its tag, or the announcement of its release candidate, contains the commit.
  static let versionChanges: [VersionChange] = [
    .ended(
      "0", of: "released-subbuffer-is-empty", .kernel, by: "ca296d32ece3",
      "tracing: ring_buffer: Rewind persistent ring buffer on reboot", first: ["6.17"], undone: "7.2.12",
      source: "kernel/trace/ring_buffer.c, rb_get_reader_page"),
    .ended(
      "all accepted, unreadable", of: "first-mapping-restrictions", .kernel, by: "de4cbd704731",
      "ring buffer: Propagate __rb_map_vma return value to caller", first: ["6.18", "6.17.2", "6.16.12"],
      source: "linux-stable-rc, 6.17.2-rc1; Debian 6.16.12"),
    .brought(
      "pages lost and touched", of: "last-words-of-the-meta-page", .kernel, by: "7d776a36277f",
      "ring-buffer: Add page statistics to the meta-page", first: ["7.1"],
      source: "kernel/trace/ring_buffer.c, Linux 7.1"),
    .ended(
      "-EAGAIN", of: "splice-copies-while-mapped", .kernel, by: "6365c44a824f",
      "ring-buffer: Allow splice reads on static buffers", first: ["7.3", "7.2.5", "6.12.112"],
      source: "linux-stable-rc, 7.2.5-rc1 and 6.12.112-rc1"),
    .ended(
      "refused", of: "event-larger-than-a-page", .kernel, by: "472ac478b14d",
      "ring-buffer: Dynamically calculate max_data_size", first: ["7.3"],
      source: "kernel/trace/ring_buffer.c, Linux 7.3.4; not in 7.2.13 and 6.12.117"),
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
    populatePacket.brought("another one", of: "number-of-populated-packet", .lttngModules),
    populatePacket.brought("reports 0 (wrong)", of: "count-of-populated-packet", .lttngModules),
  ]
}
