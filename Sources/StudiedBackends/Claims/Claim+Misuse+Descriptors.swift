import Study

/// Calls on a sub-buffer that is not held, a descriptor that is not mapped, or an unknown request.
extension Claim {
  private static let noDescriptor =
    "the functions of the library take a stream, which always has its mapping"
  private static let noMappingNeeded = "no ioctl of a stream needs a mapping (ring_buffer_vfs.c)"

  static let gettersWithoutGet = Claim(
    "getters-without-get", .misuse, title: "A getter of a packet that is not held",
    question: "Are the getters of the current packet refused if no packet is held?",
    source:
      "lttng-ust, include/lttng/ust-ctl.h: \"Getters which need to be used on the current packet (between get/put or "
      + "get_next/put_next.\"; lttng-modules, include/lttng/abi.h: \"Operations applying to the current sub-buffer "
      + "need to occur between a get/put or get_next/put_next ioctl pair.\"",
    procedure: "On the new ring buffer, and after one get and put: get_events_discarded, get_sequence_number, "
      + "get_content_size, get_mmap_read_offset.",
    notModelled: "the library answers, not its memory",
    reaching: .nothing,
    [
      .kernel: .doesNotApply(
        to: "getters of a packet", "the kernel has fields of a mapped page instead, which are always there"),
      .lttng: .assumed("from \"need to\": they are refused otherwise") { seen in
        let isRefused = { (value: String) in value.hasPrefix("refused") }
        let before = try seen.all("before a get: ")
        if try before.allSatisfy(isRefused) && seen.all("after the put: ").allSatisfy(isRefused) {
          return Answer("refused", isExpected: true)
        }
        if seen.isSwitchedOff { return Answer(Evidence.disablesChannel, isExpected: false) }
        let isPartly = try before.contains(where: isRefused) || seen.all("after the put: ").contains(where: isRefused)
        return Answer(isPartly ? "refused in part" : "returns a value", isExpected: false)
      },
    ])

  static let unmappedAcquire = Claim(
    "acquire-without-mapping", .misuse, title: "An acquire without a mapping",
    question: "Is the ioctl refused if nothing is mapped?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV) if the buffer is not "
      + "mapped",
    procedure: "Write 8 events; open trace_pipe_raw and call the ioctl without mmap; read the number of read events "
      + "from per_cpu/cpuN/stats.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented("-ENODEV, and no event counts as read") { seen in
        let code = try seen.code("ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isUnread = try seen.number("stats: read events") == 0
        return Answer(isUnread ? code : "\(code), but events are consumed", expected: "-ENODEV")
      },
      .lttngModules: .doesNotApply(to: "an ioctl that is refused without a mapping", noMappingNeeded),
      .lttngUST: .doesNotApply(to: "a descriptor without a mapping", noDescriptor),
    ])

  static let foreignAcquire = Claim(
    "acquire-through-another-descriptor", .misuse, title: "An acquire through a descriptor without a mapping",
    question:
      "While one reader has the ring buffer mapped: does the ioctl work on another descriptor that maps nothing?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer checks whether the buffer of the CPU is mapped, "
      + "not by whom",
    procedure:
      "Write 500 events; map and acquire; open trace_pipe_raw again and call the ioctl on that descriptor, without "
      + "mmap; look at the mapping.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .assumed("from that function: it works, and moves reader.id in the mapping of the first reader") {
        seen in
        let code = try seen.code("ioctl on the other descriptor")
        if code != "0" { return Answer(code, isExpected: false) }
        let isMoved = try seen["reader.id before"] != seen["reader.id after"]
        return Answer(
          isMoved ? "advances the mapped reader" : "0, without effect", expected: "advances the mapped reader")
      },
      .lttngModules: .doesNotApply(to: "an ioctl that is refused without a mapping", noMappingNeeded),
      .lttngUST: .doesNotApply(to: "a descriptor without a mapping", noDescriptor),
    ])

  static let acquireAfterUnmapping = Claim(
    "acquire-after-unmapping", .misuse, title: "An acquire after the last mapping is gone",
    question: "Is the ioctl refused after the last mapping is gone, and does a mapping outlive its descriptor?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV); mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure:
      "Map twice by one descriptor and call the ioctl; unmap one, then the other, with an ioctl after each. Map "
      + "again, close the descriptor, write 8 events, and call the ioctl on a new descriptor without mmap.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented(
        "-ENODEV, and 0 while a mapping is left; the mapping of a closed descriptor counts as one"
      ) { seen in
        if try seen.codes(["two mappings: ioctl", "one mapping: ioctl"]) != "0" {
          return Answer("refused even while mapped", isExpected: false)
        }
        let code = try seen.code("no mapping: ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isKept =
          try seen["descriptor closed: ioctl on another"] == "0" && seen.number("meta.read in the mapping then") == 8
        return Answer(isKept ? code : "\(code), also after a close(2)", expected: "-ENODEV")
      },
      .lttngModules: .doesNotApply(to: "an ioctl that is refused without a mapping", noMappingNeeded),
      .lttngUST: .doesNotApply(to: "mmap and munmap", noDescriptor),
    ])

  static let unknownRequest = Claim(
    "unknown-request", .misuse, title: "An unknown ioctl request",
    question:
      "Is an unknown request refused with -ENOTTY, including the number of earlier postings, _IO('T', 1)?",
    source:
      "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: return -ENOTTY; include/uapi/linux/trace_mmap.h "
      + "as posted earlier: TRACE_MMAP_IOCTL_GET_READER _IO('T', 0x1); lttng-modules, ring_buffer_vfs.c: return "
      + "-ENOIOCTLCMD",
    procedure:
      "Kernel: write 8 events and map; _IO('R', 0x21), _IO('T', 1) and _IO('T', 2) on the descriptor; read meta.read. "
      + "lttng-modules: three unknown requests on a stream; read the consumed position.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented("-ENOTTY each time, and no event counts as read") { seen in
        try unknownRequests(seen, isConsumed: seen.number("meta.read") != 0)
      },
      .lttngModules: .assumed("-ENOTTY each time, and nothing is consumed", from: "kernel") { seen in
        try unknownRequests(seen, isConsumed: seen["consumed position"] != "0")
      },
      .lttngUST: .doesNotApply(
        to: "the number of a request", "the calls are functions with names, which the linker checks"),
    ])

  private static func unknownRequests(_ seen: Evidence, isConsumed: Bool) throws -> Answer {
    let isRefused = try seen.all("_IO").map { $0.hasPrefix("-ENOTTY") }
    if isRefused.contains(false) {
      return Answer(isRefused.contains(true) ? "not always -ENOTTY" : "not -ENOTTY", isExpected: false)
    }
    return Answer(isConsumed ? "-ENOTTY, but events are consumed" : "-ENOTTY", expected: "-ENOTTY")
  }
}
