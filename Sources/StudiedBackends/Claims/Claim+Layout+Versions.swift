import Study

/// Claims about texts and words that changed from version to version.
extension Claim {
  private static let metadataDescribes = "a trace's metadata describes the header of its packets"

  static let lastWords = Claim(
    "last-words-of-the-meta-page", .layout, title: "Contents of the last two words of the meta page",
    question: "What do the words at offset 64 and 72 of the meta page contain after sub-buffers were overwritten?",
    source:
      "include/uapi/linux/trace_mmap.h, up to Linux 7.0: \"@Reserved1: Internal use only.\"; V. Donnefort, commit "
      + "7d776a36277f (\"ring-buffer: Add page statistics to the meta-page\"), in Linux 7.1: \"@pages_lost: Number of pages "
      + "overwritten by the writer.\", \"@pages_touched: Number of pages written by the writer.\"",
    procedure: "With overwrite on write three times what fits, and map and acquire; read both words. Compute the "
      + "overwritten sub-buffers from the overrun, and the sub-buffers that the writer entered after the first from the "
      + "number of events.",
    notModelled: "a model's meta page has no bytes",
    reaching: [.eventsOverwritten("sub-buffers overwritten")],
    [
      .kernel: .documented("0 as long as they are reserved; else the sub-buffers overwritten and entered") { seen in
        let overwritten = try seen.number("sub-buffers overwritten")
        switch (try seen.number("word at 64"), try seen.number("word at 72")) {
        case (0, 0): return Answer("0", isExpected: true)
        case (overwritten, try seen.number("sub-buffers entered")):
          return Answer("pages lost and touched", isExpected: true)
        default: return Answer("other numbers", isExpected: false)
        }
      },
      .lttng: .doesNotApply(to: "the meta page", "there is none; \(metadataDescribes)"),
    ])

  static let headerPageType = Claim(
    "header-page-overwrite", .layout, title: "Type of overwrite in events/header_page",
    question: "Does the field overwrite of events/header_page have the size of its type?",
    source: "Commit 1111e9bd83f8 (\"ring-buffer: Report header_page overwrite as char\"), April 2026, in Linux 7.1",
    procedure:
      "Read the type and the size of overwrite from events/header_page; have the decoder's parser read the text.",
    notModelled: "a model has no text of its layout",
    reaching: [
      Mark("text-parsed", "the decoder's parser reads the text") { seen in try seen["parser"] == "works" }
    ],
    [
      .kernel: .documented("yes: char, of 1 byte") { seen in
        let (type, size) = try (seen["type"], seen.number("size"))
        return Answer("\(type), \(size) byte\(size == 1 ? "" : "s")", expected: "char, 1 byte")
      },
      .lttng: .doesNotApply(to: "events/header_page", metadataDescribes),
    ])

  static let acquireRequest = Claim(
    "acquire-request", .layout, title: "Request number of the acquire",
    question: "Which ioctl request acquires?",
    source: "S. Rostedt, commit 4ecaf7e98a3a (\"tracing: Have memmapped ring buffer use ioctl of \"R\" range "
      + "0x20-2F\"), 2024-07-02, in Linux 6.10: from \"T\", 0x1 to \"R\" 0x20; lttng-modules, include/ringbuffer/vfs.h: "
      + "LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF _IO(0xF6, 0x05)",
    procedure:
      "Write 8 events. Make each request, and record whether it handed out the events. Kernel: _IO('T', 1), then "
      + "_IO('R', 0x20). lttng-modules: flush first; _IO(0xF6, 0x05).",
    notModelled: "a model has no ioctl",
    reaching: .nothing,
    [
      .kernel: .documented("_IO('R', 0x20), and _IO('T', 1) does not", request(["_IO('T', 1)", "_IO('R', 0x20)"])),
      .lttngModules: .documented("_IO(0xF6, 0x05)", request(["_IO(0xF6, 0x05)"])),
      .lttngUST: .doesNotApply(to: "an ioctl", "lttng_ust_ctl_get_next_subbuf is a function of a library"),
    ])

  /// The judge of requests of which the last is the documented one.
  private static func request(_ requests: [String]) -> Expectation.Judge {
    { seen in
      let acquiring = try requests.filter { try seen["\($0): events handed out"] == "8" }
      return Answer(acquiring.isEmpty ? "none" : acquiring.joined(separator: ", "), expected: requests.last ?? "")
    }
  }
}
