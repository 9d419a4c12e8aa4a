import Results

extension Claim {
  /// Request number of the acquire.
  public static let acquireRequest = Claim(
    "acquire-request", .layout, title: "Request number of the acquire",
    question: "Which ioctl request acquires?",
    source: "S. Rostedt, commit 4ecaf7e98a3a (\"tracing: Have memmapped ring buffer use ioctl of \"R\" range "
      + "0x20-2F\"), 2024-07-02, in Linux 6.10: from \"T\", 0x1 to \"R\" 0x20; lttng-modules, include/ringbuffer/vfs.h: "
      + "LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF _IO(0xF6, 0x05)",
    notModelled: "a model has no ioctl",
    reaching: .nothing)

  /// The judge of requests of which the last is the documented one.
  package static func request(_ requests: [String]) -> Expectation.Judge {
    { seen in
      let acquiring = try requests.filter { try seen["\($0): events handed out"] == "8" }
      return Answer(acquiring.isEmpty ? "none" : acquiring.joined(separator: ", "), expected: requests.last ?? "")
    }
  }
}
