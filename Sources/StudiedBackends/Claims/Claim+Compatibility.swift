import Study

extension Catalogue {
  /// Readers of 32 bits on a kernel of 64.
  static let compatibility: [Claim] = [.layoutFor32Bits, .ioctlFor32Bits]
}

extension Claim {
  static let layoutFor32Bits = Claim(
    "layout-for-32-bits", .compatibility, title: "A 32-bit reader finds the same fields and events",
    question:
      "Does a process of 32 bits on a kernel of 64 find the fields of the meta page, or of the packet's header, and "
      + "the events, that one of 64 bits finds?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is possible "
      + "to have a 32 bit userspace running this on top of a 64 bit kernel.\"; include/uapi/linux/trace_mmap.h, struct trace_buffer_meta, has members of __u32 and "
      + "__u64 only, where v11 had unsigned long",
    procedure: "Map the ring buffer, write 500 events, acquire. Have a program of 32 bits, built for it without any "
      + "library, map the same, read the meta page by its own declaration and the reader sub-buffer; of lttng-modules, be "
      + "given the stream, get the same sub-buffer, and read its packet header by its own declaration and its events.",
    notModelled: "a model has no processes",
    [
      .kernel: .stated("structure, fields and events are the same") { seen in
        try seen.require(seen.number("32 bits: bytes of a pointer") == 4, "the program is not one of 32 bits")
        return try seen["32 bits: sizeof"] == seen["64 bits: sizeof"]
          && seen["32 bits: meta page"] == seen["64 bits: meta page"]
          && seen["32 bits: events"] == seen["64 bits: events"]
      },
      .lttngModules: .taken("as for 64 bits: packets have the layout that their metadata describes") { seen in
        try seen.require(seen.number("32 bits: bytes of a pointer") == 4, "the program is not one of 32 bits")
        return try seen["32 bits: packet"] == seen["64 bits: packet"]
          && seen["32 bits: events"] == seen["64 bits: events"]
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])

  static let ioctlFor32Bits = Claim(
    "ioctl-for-32-bits", .compatibility, title: "A 32-bit reader can acquire",
    question: "Can a process of 32 bits on a kernel of 64 acquire (TRACE_MMAP_IOCTL_GET_READER; get_next_subbuf and "
      + "put_next_subbuf)?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is possible "
      + "to have a 32 bit userspace running this on top of a 64 bit kernel.\"; include/uapi/linux/trace_mmap.h: the ioctl has no argument, and the structure "
      + "fixed widths; Documentation/driver-api/ioctl.rst: \"In order to support 32-bit user space running on a 64-bit "
      + "machine, each subsystem or driver that implements an ioctl callback handler must also implement the "
      + "corresponding compat_ioctl handler.\"",
    procedure: "Map the ring buffer, write 500 events, acquire. Have a program of 32 bits, built for it without any "
      + "library, map the same and acquire, or be given the stream, map it, get and put; acquire once more in this process "
      + "of 64 bits, as a control.",
    notModelled: "a model has no processes",
    [
      .kernel: .taken("from both: the ioctl returns 0, and brings the sub-buffer with the next events") { seen in
        try seen.require(seen.number("32 bits: bytes of a pointer") == 4, "the program is not one of 32 bits")
        try seen.require(seen.works("64 bits: ioctl then"), "the ioctl fails in a process of 64 bits too")
        return try seen.works("32 bits: ioctl") && seen["32 bits: reader.id after it"] != seen["reader.id before it"]
      },
      .lttngModules: .taken("from the compat ioctls of vfs.h: they work, and consume as those of 64 bits") { seen in
        try seen.require(seen.number("32 bits: bytes of a pointer") == 4, "the program is not one of 32 bits")
        return try seen.works("32 bits: get_next_subbuf") && seen.works("32 bits: put_next_subbuf")
          && seen["bytes consumed by it"] == seen["sub-buffer size"]
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])
}

extension String {
  /// What LTTng does instead.
  fileprivate static let ownConsumer =
    "each width has its own consumer daemon (lttng-sessiond(8), --consumerd32-path, --consumerd64-path), and packets have "
    + "an unsigned long in their header (ringbuffer-clients/template.h, struct packet_header, events_discarded)"
}
