import Results
import Study

/// The explanations of answers.
enum KernelNotes {
  private static let ringBuffer = "kernel/trace/ring_buffer.c, Linux 6.12.95, 6.18.26 and 7.3.4"
  static let unreported = "Linux 7.3.4; list archives"

  /// All of them.
  static let all: [Note] = losses + documentation + surprises + versions

  private static let losses: [Note] = [
    Note(
      "readers-interleave", .kernel, answer: "no, some twice, some never", .s1,
      "Two readers: some events are seen twice, others never",
      cause: CitedText(
        "ring_buffer_map_get_reader() exchanges the one reader sub-buffer of the CPU for whoever calls it. "
          + "user_mapped only counts the mappings; no reader owns the sub-buffer", source: ringBuffer),
      consequence: "A consumer silently loses events to any second one, also to a child with the same descriptor.",
      workaround: "Let one consumer take a lock file for each CPU, or use an instance of its own.",
      status: CitedText(
        "Documented as “not recommended” and “unpredictable”; unchanged in 7.3.4",
        source: "Documentation/trace/ring-buffer-map.rst"),
      reproducer: "readers.c", patch: ProposedText.concurrentReaders),
    Note(
      "truncated-memory", .kernel, answer: "SIGBUS in the reader", .s1,
      "Truncating trace_pipe_raw kills its mapped readers",
      cause: CitedText(
        "tracefs_setattr() calls simple_setattr(), which unmaps the pages of live mappings. The mapping has no fault "
          + "handler, so the next load raises SIGBUS", source: "fs/tracefs/inode.c, fs/libfs.c, Linux 6.18.26"),
      consequence: "A consumer dies if a privileged process opens the file with O_TRUNC, as “> trace_pipe_raw” does.",
      workaround: "Map again in a SIGBUS handler. The mode 0440 lets only root truncate.",
      status: .unreported(source: unreported), reproducer: "truncate-file.c"),
    Note(
      "dead-reader-events-again", .kernel, answer: "no", .s1,
      "The events that a dead reader held are lost, and counted as read",
      cause: CitedText(
        "ring_buffer_map_get_reader() counts all events of the sub-buffer as read when it hands it out: “we assume the "
          + "latter will read everything”", source: ringBuffer),
      consequence: "A consumer that dies loses up to one sub-buffer of each CPU; no counter of losses has them.",
      workaround: "Write each sub-buffer to a file before processing it, which makes the loss rarer.",
      status: CitedText("By design, as with read(2) of trace_pipe_raw", source: "S. Rostedt, 2023-03-29"),
      reproducer: "killed-holding.c", patch: ProposedText.readCountsWhole),
    Note(
      "read-beside-mapping", .kernel, answer: "some delivered twice", .s2,
      "Events read from trace_pipe are delivered by the mapping again",
      cause: CitedText(
        "rb_update_meta_page() is called by the ioctl, by a reset and by mmap, not by the other ways of reading. The "
          + "next ioctl reports a new reader.id, and not the offset at which the other reader stopped",
        source: ringBuffer),
      consequence: "A consumer that starts a new reader.id at offset 0 counts such events twice.",
      workaround: "Use no other reader next to the mapping.",
      status: .unreported(source: unreported), reproducer: "readers.c"),
    Note(
      "lost-events-in-meta-page", .kernel, answer: "reports 0 (wrong)", .s2, "reader.lost_events is always 0",
      cause: CitedText(
        "ring_buffer_map_get_reader() sets cpu_buffer->lost_events = 0 before rb_update_meta_page() publishes it",
        source: ringBuffer),
      consequence: "A consumer of the documented field counts no loss.",
      workaround: "Use bits 31 and 30 of commit and the word after the data, else the increase of meta.overrun.",
      status: CitedText(
        "Since fe832be05a8e, Linux 6.10; no report found. Fix: publish, then clear", source: unreported),
      reproducer: "meta-counters.c", patch: ProposedText.lostEvents),
    Note(
      "refused-splice-moves-no-mark", .kernel, answer: "one sub-buffer late", .s2,
      "After a refused splice the loss mark is one sub-buffer late",
      cause: CitedText(
        "ring_buffer_read_page() exchanges the sub-buffer and sets lost_events, then returns -1 without clearing it; "
          + "the next ioctl marks the following exchange", source: "kernel/trace/ring_buffer.c, Linux 6.18.26"),
      consequence: "A consumer places the loss at the wrong sub-buffer.",
      workaround: "Never splice a mapped ring buffer.",
      status: CitedText(
        "No report found; the refusal itself is fixed by 6365c44a824f, Linux 7.3 and 6.12.112",
        source: "Linux 7.3.4 and 6.12.117"), reproducer: "splice-and-loss.c"),
    Note(
      "discard-told-exactly", .kernel, answer: "no indication", .s2,
      "With overwrite off the mapping reports no dropped events",
      cause: CitedText(
        "rb_move_tail() counts dropped_events; rb_update_meta_page() publishes entries, overrun and read only",
        source: ringBuffer),
      consequence: "A consumer of the mapping alone takes a trace with losses for complete.",
      workaround: "Read “dropped events” of per_cpu/cpuN/stats.",
      status: .unreported(source: unreported),
      reproducer: "meta-counters.c", patch: ProposedText.overrunWithoutDrops),
    Note(
      "entries-in-the-ring-buffer", .kernel, answer: "all events ever written", .s2,
      "meta.entries counts all events ever written",
      cause: CitedText(
        "rb_update_meta_page() publishes cpu_buffer->entries, which only grows; stats prints rb_num_of_entries(), "
          + "which is entries - (overrun + read)", source: ringBuffer),
      consequence: "A consumer that takes it for the unread events, as documented, gets a number that is too large.",
      workaround: "Compute entries - overrun - read.",
      status: .unreported(source: unreported),
      reproducer: "meta-counters.c", patch: ProposedText.entriesEverWritten),
  ]

  private static let documentation: [Note] = [
    Note(
      "splice-copies-while-mapped", .kernel, answer: "-EAGAIN", .s3,
      "splice of a mapped ring buffer fails instead of copying",
      cause: CitedText(
        "The copy branch of ring_buffer_read_page() returns -1 for a sub-buffer of which nothing was read if full is "
          + "set, as splice sets it", source: "kernel/trace/ring_buffer.c, Linux 6.12.95 and 6.18.26"),
      consequence: "A consumer cannot splice a whole sub-buffer while the ring buffer is mapped.",
      workaround: "Use read(2), or write(2) from the mapping.",
      status: CitedText(
        "Fixed by 6365c44a824f, Linux 7.3 and 6.12.112; the release of 6.18 was not established",
        source: "Linux 7.3.4, 7.2.13 and 6.12.117"), reproducer: "splice.c"),
    Note(
      "event-larger-than-a-page", .kernel, answer: "refused", .s3, "Larger sub-buffers do not take larger events",
      cause: CitedText(
        "alloc_buffer() computes max_data_size once; ring_buffer_subbuf_order_set() does not update it",
        source: "kernel/trace/ring_buffer.c, Linux 6.12.95 and 6.18.26"),
      consequence: "Events above one page are lost at the writer, whatever buffer_subbuf_size_kb is.",
      workaround: nil,
      status: CitedText(
        "Fixed by 472ac478b14d, Linux 7.3; not in 7.2.13 and 6.12.117", source: "Linux 7.3.4, 7.2.13 and 6.12.117"),
      reproducer: "marker-sizes.c"),
    Note(
      "ioctl-for-32-bits", .kernel, answer: "no: -ENOTTY", .s3, "A 32-bit reader can map, but its ioctl fails",
      cause: CitedText(
        "tracing_buffers_fops has unlocked_ioctl and no compat_ioctl, although the layout uses __u64 for “a 32 "
          + "bit userspace running this on top of a 64 bit kernel”",
        source: "kernel/trace/trace.c, Linux 6.18.26 and 7.3.4; S. Rostedt, 2024-01-12"),
      consequence: "A 32-bit consumer cannot advance on a 64-bit kernel.",
      workaround: "Use read(2) or splice, or a 64-bit helper.",
      status: CitedText(
        "No report found; unchanged. Fix: .compat_ioctl = compat_ptr_ioctl", source: unreported),
      reproducer: "reader32.c", patch: ProposedText.noIoctlFor32Bits),
    Note(
      "where-the-subbuffer-is", .kernel, answer: "reader.id in the meta page", .s3,
      "The documented line for the reader's offset does not compile",
      cause: CitedText(
        "The page has meta->reader->id, but reader is a struct; “the first system page” is meta_page_size, which is "
          + "the size of a sub-buffer", source: "Documentation/trace/ring-buffer-map.rst, Linux 6.18.26 and 7.3.4"),
      consequence:
        "A consumer written after the page fails to build, or reads the wrong offset with larger sub-buffers.",
      workaround: "Use meta->reader.id and meta->meta_page_size.",
      status: .unreported(source: unreported),
      patch: ProposedText.readerOffset),
    Note(
      "same-id-nothing-new", .kernel, answer: "no, even after the writer left", .s3,
      "An unchanged reader.id does not mean that there is nothing new",
      cause: CitedText(
        "ring_buffer_map_get_reader() first hands out the rest of the held sub-buffer (“goto out” before the exchange)",
        source: ringBuffer),
      consequence: "A consumer that compares reader.id alone gets these events late or never.",
      workaround: "Compare reader.read as well.",
      status: CitedText(
        "“If it did not change, then there's no new data.” was stated; no page describes the rule",
        source: "S. Rostedt, 2023-12-29"), reproducer: "same-id.c", patch: ProposedText.sameID),
  ]

  private static let surprises: [Note] = [
    Note(
      "blocking-acquire", .kernel, answer: "no, if begun when empty", .s4,
      "A blocking ioctl begun on an empty buffer ignores buffer_percent",
      cause: CitedText(
        "rb_watermark_hit() stores the watermark only if the buffer is not empty, so the writer wakes the reader at its "
          + "first change of the sub-buffer, and rb_wait_once() ends the wait", source: ringBuffer),
      consequence: "A consumer is woken after one sub-buffer instead of at the watermark.",
      workaround: "Take each return for a hint, and loop.",
      status: .unreported(source: unreported),
      reproducer: "blocking-ioctl.c"),
    Note(
      "commit-bits-32-to-63", .kernel, answer: "all ones", .s4, "After a loss the commit word is sign-extended",
      cause: CitedText(
        "RB_MISSED_EVENTS is (1 << 31), an int, and is added to a 64-bit commit", source: ringBuffer),
      consequence: "A consumer that masks bits 31 and 30 in 64 bits gets a huge size.",
      workaround: "Use the low 32 bits only.",
      status: .unreported(source: unreported),
      reproducer: "commit-word.c", patch: ProposedText.lossFlags),
    Note(
      "released-subbuffer-is-empty", .kernel, answer: "not 0", .s4,
      "A released sub-buffer keeps its commit word and old events",
      cause: CitedText(
        "rb_get_reader_page() no longer sets page->commit to 0 since ca296d32ece3",
        source: "kernel/trace/ring_buffer.c, Linux 6.18.26; 6.12.95 still does"),
      consequence: "A consumer that looks at other sub-buffers than reader.id finds events that were delivered before.",
      workaround: "Read reader.id only.",
      status: CitedText("Since Linux 6.17; no report found", source: unreported), reproducer: "released.c"),
    Note(
      "mapping-not-made-executable", .kernel, answer: "yes", .s4, "An accepted mapping can be made executable",
      cause: CitedText(
        "__rb_map_vma() refuses VM_EXEC and clears VM_MAYWRITE, but not VM_MAYEXEC", source: ringBuffer),
      consequence: "A consumer with PROT_READ can call mprotect with PROT_EXEC on event data.",
      workaround: "Mount tracefs with noexec (not tried).",
      status: .unreported(source: unreported), reproducer: "mprotect.c"),
    Note(
      "lengths-tell-layouts-apart", .kernel, answer: "no, v11 has 80 too", .s4,
      "meta_struct_len is 80 in three different layouts",
      cause: CitedText(
        "v13 exchanged two fields for two reserved words and added flags. 7d776a36277f gave the reserved words a "
          + "meaning in 7.1, with the same length and flags 0",
        source: "change log of v18, 2024-02-20; include/uapi/linux/trace_mmap.h, Linux 7.3.4"),
      consequence: "A consumer cannot derive from the length whether the last two words have a meaning.",
      workaround: "Ignore them below Linux 7.1.",
      status: CitedText(
        "The length was meant for it: “to know what version it is dealing with”", source: "S. Rostedt, 2024-01-12"),
      reproducer: "layouts.c"),
    Note(
      "recording-off-told", .kernel, answer: "no", .s4, "Neither ioctl nor poll reports that recording is off",
      cause: CitedText(
        "tracing_buffers_ioctl() and ring_buffer_poll_wait() do not look at tracer_tracing_is_on()", source: ringBuffer),
      consequence: "A consumer waits for ever after recording was switched off.",
      workaround: "Poll with a timeout, and read tracing_on.",
      status: CitedText("No report found", source: unreported), reproducer: "end-and-off.c"),
    Note(
      "data-size-with-and-without-loss", .kernel, answer: "yes, smaller after a loss", .s4,
      "A full sub-buffer reports fewer bytes after a loss",
      cause: CitedText("The end of the last event, real_end, is used only after a loss", source: ringBuffer),
      consequence: "A consumer must not compute losses from sizes: 4080 and 4048 bytes had the same 92 events.",
      workaround: "Count events by decoding them."),
  ]
}
