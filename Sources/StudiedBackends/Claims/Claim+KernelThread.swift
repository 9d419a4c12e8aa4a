import Study

/// What was said of the kernel's mapped ring buffer. Mails are of linux-kernel.
extension Claim {
  /// The subject of the thread in which the two ABIs were compared.
  static let v11 = "Re: [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions"

  static let firstAcquire = Claim(
    id: "first-acquire-counts",
    title: "After an acquire on the empty ring buffer and 16 events, an acquire shows entries 16, overrun 0, read 16, "
      + "id 1, and so does the next",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10")

  static let counters = Claim(
    id: "meta-page-equals-stats",
    title: "entries, overrun and read of the meta page are those of per_cpu/cpuN/stats",
    source: "S. Rostedt, \(v11), 2024-01-11: \"entries = entries\", \"overrun = overrun\", \"read = read\"")

  static let lostEvents = Claim(
    id: "lost-events-in-meta-page",
    title: "reader.lost_events is the number of events lost before this sub-buffer was swapped out",
    source: "S. Rostedt, \(v11), 2024-01-11; include/uapi/linux/trace_mmap.h, @reader.lost_events: "
      + "\"Number of events lost at the time of the reader swap.\"")

  static let lossToldTwice = Claim(
    id: "loss-told-twice",
    title: "A loss should be told twice: in the sub-buffer's header and in the meta page",
    source: "S. Rostedt, \(v11), 2024-01-12: \"If anything, it should be in both locations.\"")

  static let countWhereRoom = Claim(
    id: "count-stored-where-room",
    title: "The number of lost events is stored in the sub-buffer only where there is room for it behind the data",
    source: "S. Rostedt, \(v11), 2024-01-12: \"When there's no room, it just sets a flag\"; "
      + "kernel/trace/ring_buffer.c, ring_buffer_map_get_reader")

  static let sameID = Claim(
    id: "same-id-nothing-new",
    title:
      "The same id after an acquire means that nothing new has come, unless the writer is still on that sub-buffer",
    source: "S. Rostedt, [RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: "
      + "\"If it did not change, then there's no new data. If the writer is still on that page, … It can still update "
      + "that page\"")

  static let reopened = Claim(
    id: "reopened-sees-only-new",
    title: "A reader that exits and comes back later should see only the new events",
    source: "S. Rostedt, Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions, 2023-03-29: "
      + "\"It should have only read the last 10 that were not read previously.\"")

  static let deadReader = Claim(
    id: "dead-reader-events-again",
    title: "Are the events of a reader that dies between the acquire and its look at them delivered again?",
    source: "a question; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, advances over the sub-buffer at the "
      + "acquire: \"we assume the latter will read everything\"")

  static let severalReaders = Claim(
    id: "several-readers",
    title: "How many readers may one ring buffer have, and what does each see?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"allowed but not recommended. They will compete\"; "
      + "lttng-ust, lib_ring_buffer_open_read: -EBUSY where there is a reader")

  static let mappingRestrictions = Claim(
    id: "mapping-restrictions",
    title: "Writable, executable and private mappings are refused, and one beyond the end",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; "
      + "map_test.c, data_mmap (beyond the end)")

  static let mappingStays = Claim(
    id: "mapping-stays-as-accepted",
    title: "A mapping that was accepted cannot be made writable, executable or longer",
    source: "stated nowhere in words; __rb_map_vma clears VM_MAYWRITE and sets VM_DONTEXPAND; L. Torvalds, "
      + "Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"you cleared VM_MAYWRITE. Those are all good.\"")

  static let resizeWhileMapped = Claim(
    id: "resize-while-mapped",
    title: "The ring buffer cannot be resized while it is mapped",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"it is not possible to either resize it\"")

  static let readyAtPercent = Claim(
    id: "poll-obeys-buffer-percent",
    title: "poll() says ready when as much of the ring buffer is full as buffer_percent asks for",
    source: "S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "Documentation/trace/ftrace.rst, buffer_percent")
}
