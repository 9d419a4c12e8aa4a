import Results
import Study

/// The words of the report about the kernel's mapped ring buffer.
package enum KernelWording {
  /// All of them.
  package static let all = Wording(
    notes: KernelNotes.all, logNotes: KernelNotes.log, hazards: hazards, rules: rules, changes: changes,
    versionChanges: versionChanges, releases: releases, recipes: recipes)

  /// The known faults that no probe observes, the most severe first.
  private static let hazards: [Hazard] = [
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
  ]

  /// At most eight rules, the most important first.
  private static let rules: [Rule] = [
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
  ]

  /// The changes from v11 of the patch set to Linux 6.10, and those after it.
  private static let changes: [DesignChange] = [
    DesignChange(
      claim: "lost-events-in-meta-page",
      "The count moved to the sub-buffer's header, and the field is cleared before it is published",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "loss-told-twice", "“If anything, it should be in both locations.”",
      source: "S. Rostedt, 2024-01-12; fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "count-is-free-running", "Missed events are stored after the data, those before this sub-buffer alone",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "flag-means-missed", "Bit 31 of commit marks missed events also if the ring buffer is mapped",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      claim: "data-size-with-and-without-loss",
      "The size after a loss leaves out the padding, whose place the number takes if it fits",
      source: "fe832be05a8e, Linux 6.10"),
    DesignChange(
      "v12: sizes first, then the reader, then statistics; unsigned long became __u64 and __u32, for 32-bit readers on "
        + "64-bit kernels; subbufs_read was removed; snapshot and mapping exclude each other",
      source: "change log of v18, 2024-02-20; S. Rostedt, 2024-01-12"),
    DesignChange(
      "v13: subbufs_touched and subbufs_lost became reserved words, and flags was added: 72 bytes became 80 again",
      source: "change log of v18, 2024-02-20"),
    DesignChange(
      "v13: all sub-buffers are zeroed when they are allocated: “each subbuf will be accessible to user-space”",
      source: "6b76323e5a48, 2024-01-29"),
    DesignChange(
      "v15: the data cache is flushed for aliasing caches, and VM_EXEC is refused",
      source: "change log of v18, 2024-02-20"),
    DesignChange(
      "After v18: not merged for 6.9; all pages are inserted at mmap, and MAP_SHARED is required",
      source: "L. Torvalds, 2024-03-16"),
    DesignChange("v23: VM_IO was dropped, with which a debugger could not read it", source: "S. Rostedt, 2024-05-07"),
    DesignChange(
      "6.10-rc7: the ioctl became _IO('R', 0x20), so that strace can name it", source: "4ecaf7e98a3a, 2024-07-02"),
    DesignChange(
      "7.1: the reserved words became pages_lost and pages_touched, for the hypervisor's buffers",
      source: "7d776a36277f"),
    DesignChange(
      "7.3: splice works while mapped, options files hold a reference, and large events fit into large sub-buffers",
      source: "6365c44a824f, f2951ebd15c3, 472ac478b14d"),
  ]

  /// The commits behind changes of answers between versions.
  ///
  /// A version is among the first ones if its tag, or the announcement of its release candidate, contains the commit.
  private static let versionChanges: [VersionChange] = [
    .ended(
      "0", of: "released-subbuffer-is-empty", .kernel, by: "ca296d32ece3",
      "tracing: ring_buffer: Rewind persistent ring buffer on reboot", first: ["6.17"], undone: "7.2.12",
      source: "kernel/trace/ring_buffer.c, rb_get_reader_page"),
    .ended(
      "nothing new, and a warning", of: "caught-up-with-uncommitted", .kernel, by: "aa997d2d2a0b",
      "ring-buffer: Do not warn in ring_buffer_map_get_reader() when reader catches up", first: ["6.18", "6.17.8"],
      source: "linux-stable-rc, 6.17.8-rc1"),
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
  ]

  /// The release dates that were verified.
  private static let releases: [Release] = [
    Release("Linux 6.10", "2024-07-14", source: "announcement by L. Torvalds"),
    Release("Linux 6.12", "2024-11-17", source: "announcement by L. Torvalds"),
    Release("Linux 6.12.95", "2026-07-04", source: "announcement by G. Kroah-Hartman"),
    Release("Linux 6.16", "2025-07-27", source: "announcement by L. Torvalds"),
    Release("Linux 6.17", "2025-09-28", source: "announcement by L. Torvalds"),
    Release("Linux 6.18", "2025-11-30", source: "commit 7d0a66e4bb90"),
  ]

  /// The ways in which the source counts losses.
  private static let recipes: [Recipe] = [
    Recipe(
      .kernel, mode: .overwrite,
      [
        "if (ioctl(fd, TRACE_MMAP_IOCTL_GET_READER) < 0) return;  /* begin with id = -1, reported = 0 */",
        "header = mapping + meta->meta_page_size + (size_t)meta->reader.id * meta->subbuf_size;",
        "u32 commit = header->commit, size = commit & ~(3u << 30);  /* the low 32 bits only */",
        "if (meta->reader.id == id && header->time_stamp == stamp) lost = 0; /* more of the same one */",
        "else if (commit & 1u << 30) memcpy(&lost, header->data + size, sizeof(long)); /* exact */",
        "else if (commit & 1u << 31) lost = meta->overrun - reported; /* at most: no room for the count */",
        "else lost = 0;",
        "reported = min(reported + lost, meta->overrun); id = meta->reader.id; stamp = header->time_stamp;",
        "/* total: meta->overrun, plus commit overrun and dropped events of per_cpu/cpuN/stats */",
        "/* if meta->read has decreased, the buffer was cleared: add the old totals, set reported to 0 */",
      ]),
    Recipe(
      .kernel, mode: .discard,
      [
        "if (ioctl(fd, TRACE_MMAP_IOCTL_GET_READER) < 0) return;  /* no field counts a drop */",
        "/* total: dropped events and commit overrun of per_cpu/cpuN/stats, plus meta->overrun */",
        "/* if meta->read has decreased, the buffer was cleared: add the old totals */",
        "/* the sub-buffer after the drops is not marked */",
      ]),
  ]
}
