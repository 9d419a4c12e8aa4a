import Study

/// Calls on what is not held, not mapped or not known.
extension Claim {
  private static let noDescriptor =
    "functions of a library are called with a stream, which cannot be without its mapping"

  static let gettersWithoutGet = Claim(
    "getters-without-get", .misuse, title: "Getters of a packet that is not held",
    question: "Are the getters of the current packet refused where none is held?",
    source:
      "lttng-ust, include/lttng/ust-ctl.h: \"Getters which need to be used on the current packet (between get/put "
      + "or get_next/put_next.\"",
    procedure: "On the new ring buffer, and after one sub-buffer was got and put: get_events_discarded, "
      + "get_sequence_number, get_content_size, get_mmap_read_offset.",
    notModelled: "the answer is the library's, whatever its memory says",
    [
      .kernel: .doesNotApply(
        to: "getters of a packet", "the kernel's are fields of a mapped page, which are always there"),
      .lttng: .taken("\"need to be used\" taken as: they are refused otherwise") { seen in
        try seen.all("before a get: ").allSatisfy { $0.hasPrefix("refused") }
          && seen.all("after the put: ").allSatisfy { $0.hasPrefix("refused") }
      },
    ])

  static let unmappedAcquire = Claim(
    "acquire-without-mapping", .misuse, title: "An acquire without a mapping",
    question: "Is the ioctl refused where nothing is mapped?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV) where the buffer is not "
      + "mapped",
    procedure: "Write 8 events; open trace_pipe_raw and call the ioctl without mmap; see what was read by "
      + "per_cpu/cpuN/stats.",
    notModelled: "a model has no descriptor",
    [
      .kernel: .stated("ENODEV, and nothing counts as read") { seen in
        try seen["ioctl"].hasPrefix("-ENODEV") && seen.number("stats: read events") == 0
      },
      .lttngModules: .doesNotApply(
        to: "an ioctl that is refused without a mapping", "no ioctl of a stream asks for one (ring_buffer_vfs.c)"),
      .lttngUST: .doesNotApply(to: "a descriptor without a mapping", noDescriptor),
    ])

  static let foreignAcquire = Claim(
    "acquire-through-another-descriptor", .misuse, title: "An acquire through a descriptor that maps nothing",
    question:
      "While one reader has the ring buffer mapped: does the ioctl work on another descriptor, which maps nothing?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer asks whether the buffer of the CPU "
      + "is mapped, not by whom",
    procedure:
      "Write 500 events; map and acquire; open trace_pipe_raw again and call the ioctl on that descriptor, without "
      + "mmap; look at the mapping.",
    notModelled: "a model has no descriptor",
    [
      .kernel: .taken("from that function: it works, and moves reader.id in the mapping of the other") { seen in
        try seen["ioctl on the other descriptor"] == "0" && seen["reader.id before"] != seen["reader.id after"]
      },
      .lttngModules: .doesNotApply(
        to: "an ioctl that is refused without a mapping", "no ioctl of a stream asks for one (ring_buffer_vfs.c)"),
      .lttngUST: .doesNotApply(to: "a descriptor without a mapping", noDescriptor),
    ])

  static let acquireAfterUnmapping = Claim(
    "acquire-after-unmapping", .misuse, title: "An acquire after unmapping",
    question: "Is the ioctl refused once the last mapping is gone, and does a mapping outlive its descriptor?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV); mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure:
      "Map twice by one descriptor and call the ioctl; unmap one, then the other, with an ioctl after each. Map "
      + "again, close the descriptor, write 8 events, and call the ioctl on a new descriptor without mmap.",
    notModelled: "a model has no descriptor",
    [
      .kernel: .stated(
        "it works as long as a mapping is left, then ENODEV; the mapping of the closed descriptor still counts as one"
      ) { seen in
        try seen["two mappings: ioctl"] == "0" && seen["one mapping: ioctl"] == "0"
          && seen["no mapping: ioctl"].hasPrefix("-ENODEV") && seen["descriptor closed: ioctl on another"] == "0"
          && seen.number("meta.read in the mapping then") == 8
      },
      .lttngModules: .doesNotApply(
        to: "an ioctl that is refused without a mapping", "no ioctl of a stream asks for one (ring_buffer_vfs.c)"),
      .lttngUST: .doesNotApply(to: "mmap and munmap", noDescriptor),
    ])

  static let unknownRequest = Claim(
    "unknown-request", .misuse, title: "An ioctl that does not exist",
    question:
      "Is an unknown request refused with ENOTTY, and is the number of earlier postings, _IO('T', 1), one?",
    source:
      "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: return -ENOTTY; include/uapi/linux/trace_mmap.h "
      + "as posted earlier: TRACE_MMAP_IOCTL_GET_READER _IO('T', 0x1)",
    procedure:
      "Write 8 events and map; _IO('R', 0x21), _IO('T', 1) and _IO('T', 2) on the descriptor; see what was read.",
    notModelled: "a model has no descriptor",
    [
      .kernel: .stated("ENOTTY each time, and nothing counts as read") { seen in
        try seen.all("_IO").allSatisfy { $0.hasPrefix("-ENOTTY") } && seen.number("meta.read") == 0
      },
      .lttngModules: .counterpart("ENOTTY each time, and nothing is consumed") { seen in
        try seen.all("_IO").allSatisfy { $0.hasPrefix("-ENOTTY") } && seen["consumed position"] == "0"
      },
      .lttngUST: .doesNotApply(
        to: "the number of a request", "the calls are functions with names, which the linker checks"),
    ])
}
