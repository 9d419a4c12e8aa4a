import Results
import Study

extension LTTngAnswers {
  /// Why questions of other ABIs do not apply.
  package static let absences: [Absence] = [
    Absence(
      "clock-change-clears", .lttngModules, to: "trace_clock", "the tracer has one clock for all sessions (lttng-clock)"
    ),
    Absence("clock-change-clears", .lttngUST, to: "trace_clock", "the clock of a traced process is set when it starts"),
    Absence("overwrite-turned-off", .lttng, to: "options/overwrite", "the mode of a channel is fixed"),
    Absence("ids-anew-at-mapping", .lttng, to: "reader.id", "sub-buffers have no ids for the reader"),
    Absence("meta-page-equals-stats", .lttng, to: "per_cpu/cpuN/stats", "no file contains counters of the ring buffer"),
    Absence(
      "lost-events-in-meta-page", .lttng, to: "reader.lost_events",
      "the header of a packet reports losses; the reader has no field"),
    Absence(
      "entries-in-the-ring-buffer", .lttng, to: "the meta page", "there is no meta page, and events are not counted"),
    Absence(
      "entries-that-can-be-read", .lttng, to: "the meta page", "there is no meta page, and events are not counted"),
    Absence("overrun-against-truth", .lttng, to: "the meta page", "there is no meta page"),
    Absence("read-against-truth", .lttng, to: "the meta page", "there is no meta page"),
    Absence("subbufs-not-needed", .lttng, to: "the meta page", "there is no meta page"),
    Absence(
      "raw-marker-size", .lttng, to: "trace_marker_raw",
      "the fields of an event have the sizes that the trace's metadata describes"),
    Absence(
      "count-includes-reader", .lttng, to: "nr_subbufs",
      "the reader made the channel and knows; get_mmap_len returns the bytes of all sub-buffers, including the reader's"
    ),
    Absence(
      "first-acquire-counts", .lttng, to: "the meta page",
      "there is no meta page; the positions of the writer and of the reader are in bytes"),
    Absence(
      "same-id-nothing-new", .lttng, to: "reader.id",
      "a get names no sub-buffer; get_mmap_read_offset returns its place"),
    Absence(
      "follow-without-acquire", .lttngModules, to: "a mapping that is read without the call",
      "abi.h: \"Operations applying to the current sub-buffer need to occur between a get/put or get_next/put_next "
        + "ioctl pair.\""),
    Absence(
      "follow-without-acquire", .lttngUST, to: "a mapping that is read without the call",
      "ust-ctl.h: for mmap mode the getters \"operate on the current packet (between get/put or "
        + "get_next/put_next)\""),
    Absence("read-is-end-of-data", .lttng, to: "reader.read", "only the packet's own header contains its size"),
    Absence(
      "past-read-comes-again", .lttng, to: "reader.read", "the content of a packet is final when it is handed out"),
    Absence(
      "rest-comes-before-next", .lttng, to: "a sub-buffer that is handed out while it is written",
      "a get hands out only sub-buffers that the writer left"),
    Absence(
      "caught-up-with-uncommitted", .lttng, to: "a reader on the writer's sub-buffer",
      "get_next_subbuf returns -EAGAIN until every event in it is committed"),
    Absence("loss-told-twice", .lttng, to: "the meta page", "there is no meta page"),
    Absence(
      "count-stored-where-room", .lttng, to: "a count stored after the data",
      "the header of a packet always contains its counter"),
    Absence(
      "stored-counts-sum-up", .lttng, to: "a count since the previous sub-buffer",
      "events_discarded counts from the beginning of the stream"),
    Absence(
      "commit-bits-32-to-63", .lttng, to: "flags in a length", "content_size and events_discarded are separate fields"),
    Absence(
      "flag-stays-while-held", .lttng, to: "a header that is written at the exchange",
      "the writer writes it at the end of a packet"),
    Absence("last-words-of-the-meta-page", .lttng, to: "the meta page", "there is none; \(metadataDescribes)"),
    Absence("header-page-overwrite", .lttng, to: "events/header_page", metadataDescribes),
    Absence(
      "layout-told", .lttng, to: "a length of the mapped structure",
      "a packet begins with a magic number that many layouts share, and the metadata found by its uuid describes it; "
        + "the memory before the packets has a versioned header for lttng-crash(1), struct lttng_crash_abi, which "
        + "ust-ctl.h does not hand to the reader"),
    Absence("fields-in-place", .lttng, to: "the meta page", noMetaPage),
    Absence("older-reader-is-warned", .lttng, to: "the meta page", noMetaPage),
    Absence(
      "lengths-tell-layouts-apart", .lttng, to: "meta_struct_len",
      "a trace's metadata describes its packets; struct lttng_crash_abi, for lttng-crash(1), has a version and no "
        + "length"),
    Absence("meta-page-padding", .lttng, to: "the meta page", noMetaPage),
    Absence(
      "loss-before-an-uncommitted-event", .lttng, to: "a sub-buffer with an uncommitted event",
      "get_next_subbuf returns -EAGAIN until every event in it is committed"),
    Absence("unmap-in-part", .lttng, noCount),
    Absence("mapping-after-dofork", .lttng, noCount),
    Absence(
      "persistent-buffer-mapped", .lttng, to: "a ring buffer in reserved memory", "a ring buffer ends with its session"),
    Absence(
      "read-across-size-change", .lttng, to: "buffer_subbuf_size_kb",
      "the size of a channel is fixed; there is no call to change it"),
    Absence(
      "option-of-removed-instance", .lttng, to: "options of an instance",
      "a session is a file descriptor, which nobody else removes"),
    Absence(
      "first-mapping-restrictions", .lttngModules, to: "a state of being mapped",
      "a mapping changes nothing in a stream; it is checked by its length alone"),
    Absence(
      "first-mapping-restrictions", .lttngUST, to: "mmap of trace_pipe_raw",
      "the memory is the reader's own file; it may map it in any way"),
    Absence(
      "mapping-begins-at-subbuffer", .lttngModules, to: "a mapping of a part",
      "a mapping has the length of all sub-buffers (lib_ring_buffer_mmap_buf)"),
    Absence("mapping-begins-at-subbuffer", .lttngUST, to: "mmap of trace_pipe_raw", "the library maps all of the file"),
    Absence("mapping-outlives-descriptor", .lttngModules, to: "two mappings by two readers", oneReader),
    Absence(
      "mapping-outlives-descriptor", .lttngUST, to: "mmap of trace_pipe_raw",
      "the library keeps the file open as long as there is a stream"),
    Absence("aliasing-caches", .lttngModules, to: "two mappings by two readers", oneReader),
    Absence(
      "aliasing-caches", .lttngUST, to: "memory that the kernel writes through its own mapping",
      "writer and reader map a file in user space, where the kernel gives shared mappings matching addresses"),
    Absence(
      "acquire-without-mapping", .lttngModules, to: "an ioctl that is refused without a mapping", noMappingNeeded),
    Absence("acquire-without-mapping", .lttngUST, to: "a descriptor without a mapping", noDescriptor),
    Absence(
      "acquire-through-another-descriptor", .lttngModules, to: "an ioctl that is refused without a mapping",
      noMappingNeeded),
    Absence("acquire-through-another-descriptor", .lttngUST, to: "a descriptor without a mapping", noDescriptor),
    Absence(
      "acquire-after-unmapping", .lttngModules, to: "an ioctl that is refused without a mapping", noMappingNeeded),
    Absence("acquire-after-unmapping", .lttngUST, to: "mmap and munmap", noDescriptor),
    Absence("readers-take-turns", .lttng, to: "two readers at the same time", oneReader),
    Absence("readers-interleave", .lttng, to: "two readers at the same time", oneReader),
    Absence("read-beside-mapping", .lttng, to: "files next to the mapping", oneReader),
    Absence("blocking-acquire", .lttngModules, to: "an acquire that waits", neverBlocks),
    Absence("blocking-acquire", .lttngUST, to: "an acquire that waits", noWaiting),
    Absence("poll-then-acquire", .lttngModules, to: "an acquire that waits", neverBlocks),
    Absence("poll-then-acquire", .lttngUST, to: "an acquire that waits", noWaiting),
    Absence("request-zero-wakes", .lttngModules, to: "an acquire that waits", neverBlocks),
    Absence("request-zero-wakes", .lttngUST, to: "an acquire that waits", noWaiting),
    Absence("tracing-off-wakes", .lttngModules, to: "an acquire that waits", neverBlocks),
    Absence("tracing-off-wakes", .lttngUST, to: "an acquire that waits", noWaiting),
    Absence("poll-obeys-buffer-percent", .lttng, to: "buffer_percent", "there is no buffer_percent"),
    Absence(
      "nonblocking-ignores-percent", .lttng, to: "buffer_percent",
      "there is no buffer_percent, and no get waits for data"),
    Absence("resize-while-mapped", .lttng, to: "buffer_size_kb", fixedSize),
    Absence("refused-resize-changes-nothing", .lttng, to: "buffer_size_kb", fixedSize),
    Absence(
      "snapshot-excludes-mapping", .lttng, to: "a snapshot that exchanges two ring buffers",
      "a snapshot is read by position and exchanges nothing"),
    Absence("splice-copies-while-mapped", .lttngModules, mapOrSplice),
    Absence("splice-copies-while-mapped", .lttngUST, noSplice),
    Absence("refused-splice-moves-no-mark", .lttngModules, mapOrSplice),
    Absence("refused-splice-moves-no-mark", .lttngUST, noSplice),
    Absence(
      "mapped-instance-stays", .lttngModules, to: "the tracing instance",
      "the ring buffer exists as long as a stream of it is open (lib_ring_buffer_open_read)"),
    Absence(
      "mapped-instance-stays", .lttngUST, to: "the tracing instance",
      "the memory is the reader's own file; nobody else can remove it"),
    Absence(
      "refused-mapping-leaves-nothing", .lttngModules, to: "sizes that a mapping blocks",
      "the size of a channel is fixed; a mapping blocks nothing"),
    Absence(
      "refused-mapping-leaves-nothing", .lttngUST, to: "mmap of trace_pipe_raw",
      "the library maps when the channel is made"),
    Absence("lost-events-since-the-swap", .lttng, to: "reader.lost_events", "only the packet's header reports losses"),
    Absence("lost-events-stale", .lttng, to: "reader.lost_events", "only the packet's header reports losses"),
    Absence(
      "released-subbuffer-is-empty", .lttng, to: "a commit word in the sub-buffer",
      "counters outside the sub-buffer contain its state"),
    Absence("flag-of-the-last-lap", .lttng, to: "a flag", "the writer sets events_discarded anew in each packet"),
  ]
}
