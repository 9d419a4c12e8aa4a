import Study

extension Catalogue {
  /// What is refused while the ring buffer is mapped.
  static let refusals: [Claim] = [
    .resizeWhileMapped, .refusedResize, .snapshotWhileMapped, .spliceWhileMapped, .spliceLeavesLoss,
    .removalWhileMapped, .refusedMapping,
  ]
}

extension Claim {
  static let resizeWhileMapped = Claim(
    "resize-while-mapped", .refusals, title: "No resizing while mapped",
    question: "Can the ring buffer, or its sub-buffers, be resized while it is mapped?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"it is not possible to either resize it (either by "
      + "increasing the entire size of the ring-buffer or each subbuf)\"",
    procedure: "Map the ring buffer. Set the size of all ring buffers, of this CPU's and of the sub-buffers; unmap and "
      + "set the size again.",
    notModelled: "sizes are set through files of tracefs",
    [
      .kernel: .stated("each is refused; unmapped, as a control, the size can be set") { seen in
        try seen.require(seen.works("unmapped: buffer_size_kb"), "the size cannot be set without a mapping either")
        return try seen.refuses("mapped: buffer_size_kb") && seen.refuses("mapped: per_cpu/cpuN/buffer_size_kb")
          && seen.refuses("mapped: buffer_subbuf_size_kb") && seen.works("unmapped: buffer_size_kb")
      },
      .lttng: .noCounterpart(
        to: "buffer_size_kb", "a channel has its size for good; there is no call to change it"),
    ])

  static let refusedResize = Claim(
    "refused-resize-changes-nothing", .refusals, title: "A refused resize changes nothing",
    question: "Are the events that were there before a refused resize, and those that come after it, all read, and are "
      + "the sizes as before?",
    source: "stated nowhere in words; Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"When changing the "
      + "sub-buffer size, tracing is stopped and any data in the ring buffer … will be discarded\"; "
      + "kernel/trace/ring_buffer.c, ring_buffer_subbuf_order_set, puts the old size back where it is refused",
    procedure: "Map the ring buffer and write 100 events; try to set the size of all ring buffers and of the "
      + "sub-buffers; write 100 more; read all.",
    notModelled: "sizes are set through files of tracefs",
    [
      .kernel: .taken("all events are read, and the sizes are those before") { seen in
        try seen.require(
          seen.refuses("buffer_size_kb") && seen.refuses("buffer_subbuf_size_kb"), "the resize was not refused")
        return try seen["read"] == "0 … 199 (200)" && seen["sizes before"] == seen["sizes after"]
      },
      .lttng: .noCounterpart(
        to: "buffer_size_kb", "a channel has its size for good; there is no call to change it"),
    ])

  static let snapshotWhileMapped = Claim(
    "snapshot-excludes-mapping", .refusals, title: "Snapshot and mapping exclude each other",
    question: "Is a snapshot refused while the ring buffer is mapped, and a mapping while a snapshot is armed?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(snapshot, excludes_map) and "
      + "TEST_F(snapshot, excluded_by_map): -EBUSY; Documentation/trace/ring-buffer-map.rst, Limitations: \"It is also "
      + "not possible to use snapshot\"; S. Rostedt, \(Cited.v11), 2024-01-15: \"All errors return -EBUSY\"",
    procedure: "Map the ring buffer; arm a snapshot by a trigger of sched_switch and take one by the file snapshot. "
      + "Unmap; arm the trigger; map.",
    notModelled: "snapshots are taken through files of tracefs",
    [
      .kernel: .stated("each is refused with EBUSY; the trigger alone, as a control, can be armed") { seen in
        try seen.require(
          seen["the instance has a file snapshot"] == "yes", "this kernel was built without CONFIG_TRACER_SNAPSHOT")
        return try seen.refuses("mapped: trigger snapshot", with: "EBUSY")
          && seen.refuses("mapped: 1 > snapshot", with: "EBUSY") && seen.works("unmapped: trigger snapshot")
          && seen.refuses("armed: mmap", with: "EBUSY")
      },
      .lttng: .noCounterpart(
        to: "a snapshot that exchanges two ring buffers", "a snapshot is read by position and exchanges nothing"),
    ])

  private static let noSplice = Expectation.noCounterpart(
    to: "splice",
    "a user-space channel is mapped and nothing else: lttng_ust_ctl_create_channel knows LTTNG_UST_ABI_MMAP only")

  static let spliceWhileMapped = Claim(
    "splice-copies-while-mapped", .refusals, title: "splice copies while mapped",
    question:
      "Does splice(2) still bring events while the ring buffer is mapped, and does the mapping go on behind them?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: a mapping \"causes splice to copy the ring buffer "
      + "data instead of using the copyless swap\"; V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer "
      + "mapping functions, 2024-01-11: \"the splice enabling functions will in reality simply memcpy the data\"",
    procedure: "Write 500 events. Splice one sub-buffer from trace_pipe_raw to a pipe, as a control; map the ring "
      + "buffer; splice two more; read everything else through the mapping. Write 500 more; read(2) a part of trace_pipe, and "
      + "splice behind that (this is not judged).",
    notModelled: "a model has no splice",
    [
      .kernel: .stated("splice brings a full sub-buffer while mapped, and the mapping all that comes after it") {
        seen in
        try seen.require(
          seen.number("not mapped: splice") > 0, "splice brings nothing of a ring buffer that is not mapped")
        let next = try seen.number("first that was not spliced")
        return try seen.works("mapped: splice") && seen["mapped: events spliced"] != "none"
          && seen["read through the mapping then"] == "\(next) … 499 (\(500 - next))"
      },
      .lttngModules: .noCounterpart(
        to: "splice beside a mapping",
        "a channel is made for mmap or for splice (LTTNG_KERNEL_ABI_MMAP, LTTNG_KERNEL_ABI_SPLICE)"),
      .lttngUST: noSplice,
    ])

  static let spliceLeavesLoss = Claim(
    "refused-splice-moves-no-mark", .refusals, title: "A refused splice leaves the mark of a loss where it belongs",
    question: "After a splice(2) that was refused while the ring buffer was mapped: does the mark of a loss stand with "
      + "the sub-buffer before which events are missing?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, marks the sub-buffer "
      + "that it has just exchanged",
    procedure:
      "Overwrite the ring buffer; try to splice one sub-buffer from trace_pipe_raw beside the mapping; acquire "
      + "twice through the mapping.",
    notModelled: "a model has no splice",
    [
      .kernel: .taken(
        "from the refusal: nothing has changed; the first is marked, and the second is not (without a splice see "
          + "flag-means-missed)"
      ) { seen in
        try seen.requireControl("splice")
        try seen.require(seen["mapped: splice"].hasPrefix("-"), "the splice was not refused")
        try seen.require(seen.number("first: events missing before") > 0, "nothing was lost")
        try seen.require(seen.number("second: events missing before") == 0, "something was lost again")
        return try seen["first: bit 31 of commit"] == "1" && seen["second: bit 31 of commit"] == "0"
      },
      .lttngModules: .noCounterpart(
        to: "splice beside a mapping",
        "a channel is made for mmap or for splice (LTTNG_KERNEL_ABI_MMAP, LTTNG_KERNEL_ABI_SPLICE)"),
      .lttngUST: noSplice,
    ])

  static let removalWhileMapped = Claim(
    "mapped-instance-stays", .refusals, title: "A mapped instance cannot be removed",
    question: "Is the removal of a tracing instance refused while a mapping of it lives, its files being closed?",
    source: "kernel/trace/trace.c, __remove_instance: -EBUSY while there is a reference; mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure: "Make an instance, map its ring buffer, close the file; remove the instance; unmap; remove it again.",
    notModelled: "a model has no directory",
    [
      .kernel: .taken("from both: rmdir fails with EBUSY while it is mapped, and works after") { seen in
        try seen.requireControl("rmdir")
        return try seen.refuses("rmdir while mapped", with: "EBUSY") && seen.works("rmdir after it")
      },
      .lttngModules: .noCounterpart(
        to: "the tracing instance",
        "the ring buffer stays as long as a stream of it is open (lib_ring_buffer_open_read)"),
      .lttngUST: .noCounterpart(
        to: "the tracing instance", "the memory is the reader's own file; nobody else can remove it"),
    ])

  static let refusedMapping = Claim(
    "refused-mapping-leaves-nothing", .refusals, title: "A refused mapping leaves nothing behind",
    question: "Can the ring buffer be resized after a mapping of it was refused?",
    source: "S. Rostedt, commit 9ba0e1755a40 (\"ring-buffer: Unlock resize on mmap error\"), 2025-02-13: \"if there's "
      + "an error in the memory mapping like an invalid parameter, the function exits out without re-enabling the "
      + "resizing of the ring buffer\"",
    procedure: "Try a private mapping and one that is too long of a ring buffer that is not mapped; set its size, and "
      + "that of its sub-buffers.",
    notModelled: "a model has no mmap",
    [
      .kernel: .stated("both mappings are refused, and both sizes can be set") { seen in
        try seen.requireControl("mmap")
        try seen.require(
          seen.refuses("mmap, private") && seen.refuses("mmap, too long"), "the mapping was not refused")
        return try seen.works("buffer_size_kb") && seen.works("buffer_subbuf_size_kb")
      },
      .lttngModules: .noCounterpart(
        to: "what a mapping blocks", "a channel has its size for good; a mapping blocks nothing"),
      .lttngUST: .noCounterpart(to: "mmap of trace_pipe_raw", "the library maps when the channel is made"),
    ])
}
