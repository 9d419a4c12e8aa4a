import Study

extension Claim {
  static let firstAcquire = Claim(
    id: "first-acquire-counts",
    title: "After 16 events the first acquire shows entries 16, overrun 0, read 16, id 1, and a second the same",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, meta_page_check, Linux 6.10")

  static let counters = Claim(
    id: "meta-page-equals-stats",
    title: "entries, overrun and read of the meta page are those of per_cpu/cpuN/stats",
    source: "S. Rostedt, mail of 2024-01-11 (\"entries = entries, overrun = overrun, read = read\")")

  static let lostEvents = Claim(
    id: "lost-events-in-meta-page",
    title: "reader.lost_events is the number of events lost before this sub-buffer was swapped out",
    source: "S. Rostedt, mail of 2024-01-11; trace_mmap.h: \"Number of events lost at the time of the reader swap\"")

  static let lossToldTwice = Claim(
    id: "loss-told-twice",
    title: "A loss is told twice: in the sub-buffer's header and in the meta page",
    source: "S. Rostedt, thread of the mapped ring buffer, 2023 to 2024")

  static let countWhereRoom = Claim(
    id: "count-stored-where-room",
    title: "The number of lost events is stored in the sub-buffer only where there is room for it behind the data",
    source: "S. Rostedt, thread of the mapped ring buffer; kernel/trace/ring_buffer.c, RB_MISSED_STORED")

  static let sameID = Claim(
    id: "same-id-nothing-new",
    title: "The same id after an acquire means that nothing new has come",
    source: "V. Donnefort, thread of the mapped ring buffer, 2023 to 2024")

  static let reopened = Claim(
    id: "reopened-sees-only-new",
    title: "A reader that exits and comes back later sees only the new events",
    source: "S. Rostedt, thread of the mapped ring buffer, 2023 to 2024")

  static let deadReader = Claim(
    id: "dead-reader-events-again",
    title: "The events of a reader that dies between the acquire and its look at them are delivered again",
    source: "question on the thread of the mapped ring buffer: when is a sub-buffer consumed?")

  static let severalReaders = Claim(
    id: "several-readers",
    title: "How many readers may one ring buffer have, and what does each see?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations; liblttng-ust's one-reader rule")

  static let mappingRestrictions = Claim(
    id: "mapping-restrictions",
    title: "Writable, executable and private mappings are refused, and one beyond the end",
    source: "L. Torvalds, thread of the mapped ring buffer, 2024; map_test.c, data_mmap")

  static let resizeWhileMapped = Claim(
    id: "resize-while-mapped",
    title: "The ring buffer cannot be resized while it is mapped",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations")

  static let readyAtPercent = Claim(
    id: "poll-obeys-buffer-percent",
    title: "poll() says ready when as much of the ring buffer is full as buffer_percent asks for",
    source: "Documentation/trace/ftrace.rst, buffer_percent")
}
