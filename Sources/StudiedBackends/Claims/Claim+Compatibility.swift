import Study

extension Catalogue {
  /// 32-bit readers on a 64-bit kernel.
  static let compatibility: [Claim] = [.layoutFor32Bits, .ioctlFor32Bits]
}

extension Claim {
  static let layoutFor32Bits = Claim(
    "layout-for-32-bits", .compatibility, title: "Does a 32-bit reader see the same fields and events?",
    question:
      "Does a 32-bit process on a 64-bit kernel see the same fields of the meta page or packet header, and the same "
      + "events, as a 64-bit process?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is "
      + "possible to have a 32 bit userspace running this on top of a 64 bit kernel.\"; "
      + "include/uapi/linux/trace_mmap.h, struct trace_buffer_meta, has members of __u32 and __u64 only, where v11 "
      + "had unsigned long",
    procedure: "Map the ring buffer, write 500 events, acquire. Let a 32-bit program, built without any library, map "
      + "the same, read the meta page by its own declaration and the reader sub-buffer. lttng-modules: let it inherit "
      + "the stream, get the same sub-buffer, and read its packet header by its own declaration and its events.",
    notModelled: "a model has no processes",
    reaching: [.readerOf32Bits],
    [
      .kernel: .documented("yes: structure, fields and events are the same") { seen in
        try readBy32Bits(seen, ["sizeof", "meta page", "events"])
      },
      .lttngModules: .assumed("yes: packets have the layout that their metadata describes") { seen in
        try readBy32Bits(seen, ["packet", "events"])
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])

  private static func readBy32Bits(_ seen: Evidence, _ names: [String]) throws -> Answer {
    let differing = try names.first { try seen["32 bits: \($0)"] != seen["64 bits: \($0)"] }
    return Answer(differing.map { "no: \($0)" } ?? "yes", expected: "yes")
  }

  static let ioctlFor32Bits = Claim(
    "ioctl-for-32-bits", .compatibility, title: "Can a 32-bit reader acquire?",
    question: "Can a 32-bit process on a 64-bit kernel acquire (TRACE_MMAP_IOCTL_GET_READER; get_next_subbuf and "
      + "put_next_subbuf)?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is "
      + "possible to have a 32 bit userspace running this on top of a 64 bit kernel.\"; "
      + "include/uapi/linux/trace_mmap.h: the ioctl has no argument, and the structure fixed widths; "
      + "Documentation/driver-api/ioctl.rst: \"In order to support 32-bit user space running on a 64-bit machine, "
      + "each subsystem or driver that implements an ioctl callback handler must also implement the corresponding "
      + "compat_ioctl handler.\"; lttng-modules, include/ringbuffer/vfs.h: compat ioctls",
    procedure: "Map the ring buffer, write 500 events, acquire. Let a 32-bit program, built without any library, map "
      + "the same and acquire, or inherit the stream, map it, get and put; acquire once more in this 64-bit process, "
      + "as a control.",
    notModelled: "a model has no processes",
    reaching: [.readerOf32Bits],
    [
      .kernel: .assumed(
        "from both: yes, the ioctl returns 0 and the sub-buffer with the next events",
        reaching: [.worked("64 bits: ioctl then")]
      ) { seen in
        if try !seen.works("32 bits: ioctl") {
          return try Answer("no: \(seen.code("32 bits: ioctl"))", isExpected: false)
        }
        let isNew = try seen["32 bits: reader.id after it"] != seen["reader.id before it"]
        return Answer(isNew ? "yes" : "yes, but nothing new", expected: "yes")
      },
      .lttngModules: .assumed("from the compat ioctls: yes, they work and consume as the 64-bit ones do") { seen in
        let calls = ["32 bits: get_next_subbuf", "32 bits: put_next_subbuf"]
        if try !calls.allSatisfy({ try seen.works($0) }) {
          return try Answer("no: \(seen.codes(calls))", isExpected: false)
        }
        let isConsumed = try seen["bytes consumed by it"] == seen["sub-buffer size"]
        return Answer(isConsumed ? "yes" : "yes, but consumes another size", expected: "yes")
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])
}

extension String {
  /// LTTng-UST's way to serve both widths.
  fileprivate static let ownConsumer =
    "each width has its own consumer daemon (lttng-sessiond(8), --consumerd32-path, --consumerd64-path), and packets "
    + "have an unsigned long in their header (ringbuffer-clients/template.h, struct packet_header, events_discarded)"
}
