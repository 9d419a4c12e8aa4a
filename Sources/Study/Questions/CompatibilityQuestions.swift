import Results

extension Claim {
  /// Does a 32-bit reader see the same fields and events?
  public static let layoutFor32Bits = Claim(
    "layout-for-32-bits", .compatibility, title: "Does a 32-bit reader see the same fields and events?",
    question:
      "Does a 32-bit process on a 64-bit kernel see the same fields of the meta page or packet header, and the same "
      + "events, as a 64-bit process?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is "
      + "possible to have a 32 bit userspace running this on top of a 64 bit kernel.\"; "
      + "include/uapi/linux/trace_mmap.h, struct trace_buffer_meta, has members of __u32 and __u64 only, where v11 "
      + "had unsigned long",
    notModelled: "a model has no processes",
    reaching: [.readerOf32Bits])

  package static func readBy32Bits(_ seen: Evidence, _ names: [String]) throws -> Answer {
    let differing = try names.first { try seen["32 bits: \($0)"] != seen["64 bits: \($0)"] }
    return Answer(differing.map { "no: \($0)" } ?? "yes", expected: "yes")
  }

  /// Can a 32-bit reader acquire?
  public static let ioctlFor32Bits = Claim(
    "ioctl-for-32-bits", .compatibility, title: "Can a 32-bit reader acquire?",
    question: "Can a 32-bit process on a 64-bit kernel acquire (TRACE_MMAP_IOCTL_GET_READER; get_next_subbuf and "
      + "put_next_subbuf)?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-12: \"I converted all \"unsigned long\" to __u64. This is because it is "
      + "possible to have a 32 bit userspace running this on top of a 64 bit kernel.\"; "
      + "include/uapi/linux/trace_mmap.h: the ioctl has no argument, and the structure fixed widths; "
      + "Documentation/driver-api/ioctl.rst: \"In order to support 32-bit user space running on a 64-bit machine, "
      + "each subsystem or driver that implements an ioctl callback handler must also implement the corresponding "
      + "compat_ioctl handler.\"; lttng-modules, include/ringbuffer/vfs.h: compat ioctls",
    notModelled: "a model has no processes",
    reaching: [.readerOf32Bits])
}
