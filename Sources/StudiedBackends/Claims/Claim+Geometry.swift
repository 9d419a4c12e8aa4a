import Study

extension Catalogue {
  /// The size and number of sub-buffers.
  static let geometry: [Claim] = [
    .oddSize, .sizeLimits, .fewestSubbuffers, .countIncludesReader, .largeSubbuffers, .largeEvent, .markerSize,
    .eventLength,
  ]
}

extension Claim {
  static let oddSize = Claim(
    "odd-subbuffer-size", .geometry, title: "A sub-buffer size of 12 KiB",
    question: "What happens to a sub-buffer size that is not a power of two?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: it is \"the minimum size of the subbuffer. The kernel "
      + "may make it bigger due to the implementation details, or simply fail the operation\"; lttng-ust, "
      + "ring_buffer_backend.c, channel_backend_init: \"Make sure the number of subbuffers and subbuffer size are "
      + "power of 2, and nonzero.\"; lttng-modules, the same: \"size of sub-buffers (> PAGE_SIZE, power of 2)\"",
    procedure: "Kernel: set sub-buffers of 12 KiB; read the size back, from the file and from the meta page of a "
      + "mapping. LTTng: create a channel with them, in each mode, and one of 8 KiB as a control.",
    notModelled: "a model is made with a size that it accepts",
    reaching: .nothing,
    [
      .kernel: .documented("it is refused, or is 12 KiB or more, and file and meta page agree") { seen in
        if try seen.refuses("12 > buffer_subbuf_size_kb") { return Answer("refused", isExpected: true) }
        let size = try seen.number("meta.subbuf_size")
        if size < 12 * 1024 { return Answer("made smaller", isExpected: false) }
        if try size != seen.number("buffer_subbuf_size_kb then") &* 1024 {
          return Answer("meta page and file differ", isExpected: false)
        }
        return Answer(size == 12 * 1024 ? "accepted" : "rounded up to \(size / 1024) KiB", isExpected: true)
      },
      .lttngUST: .documented("it is refused in both modes; 8 KiB, as a control, is accepted", oddChannels),
      .lttngModules: .documented("it is refused in both modes; 8 KiB, as a control, is accepted", oddChannels),
    ])

  private static let oddChannels: Expectation.Judge = { seen in
    let modes = ["overwrite", "discard"]
    if try !modes.allSatisfy({ try seen["8192, \($0)"] == "accepted" }) {
      return Answer("refused, 8 KiB too", isExpected: false)
    }
    let refused = try modes.filter { try seen["12288, \($0)"] == "refused" }
    switch refused.count {
    case 2: return Answer("refused", isExpected: true)
    case 0: return Answer("accepted", isExpected: false)
    default: return Answer("refused in \(refused[0]) mode", isExpected: false)
    }
  }

  static let sizeLimits = Claim(
    "subbuffer-size-limits", .geometry, title: "Accepted sub-buffer sizes",
    question: "Between which sizes are sub-buffers accepted?",
    source: "kernel/trace/trace.c, buffer_subbuf_size_write: \"limit between 1 and 128 system pages\"; lttng-ust and "
      + "lttng-modules, ring_buffer_backend.c, channel_backend_init: \"Check that the subbuffer size is larger than a "
      + "page.\", next to code that refuses less than a page",
    procedure:
      "Kernel: set 0, 1, 128 and 129 pages; map with 128. LTTng: create channels with half a page, one page, "
      + "and 128 pages.",
    notModelled: "a model is made with a size that it accepts",
    [
      .kernel: .documented(
        "1 and 128 pages are accepted, and 128 can be mapped; 0 and 129 are refused",
        reaching: [
          .machine("memory-in-one-piece", "there is enough memory in one piece for 128 pages") { seen in
            try !seen.refuses("128 pages", with: "ENOMEM")
          }
        ]
      ) { seen in
        let accepted = try ["0 pages", "1 page", "128 pages", "129 pages"].filter { try seen.works($0) }
        if accepted != ["1 page", "128 pages"] { return sizes(accepted) }
        let isMapped = try seen["128 pages: meta.subbuf_size"] == seen["128 pages, in bytes"]
        return Answer(isMapped ? "1 to 128 pages" : "meta page reports another size", expected: "1 to 128 pages")
      },
      .lttng: .assumed(
        "as the code has it: less than a page is refused; one page and more are accepted", reaching: .nothing
      ) { seen in
        let accepted = try ["1 page", "128 pages"].filter { try seen[$0] == "accepted" }
        if try seen["half a page"] != "refused" { return sizes(["half a page"] + accepted) }
        return accepted.count == 2 ? Answer("1 page or more", isExpected: true) : sizes(accepted)
      },
    ])

  /// An unexpected set of sizes: "only 0, 1, 128".
  private static func sizes(_ accepted: [String]) -> Answer {
    let numbers = accepted.map { $0.split(separator: " ").first ?? "" }
    return Answer(accepted.isEmpty ? "none" : "only \(numbers.joined(separator: ", "))", isExpected: false)
  }

  static let fewestSubbuffers = Claim(
    "fewest-subbuffers", .geometry, title: "Least number of sub-buffers of the writer",
    question: "How few sub-buffers may a writer have?",
    source: "kernel/trace/ring_buffer.c, ring_buffer_resize: \"we need a minimum of two pages\"; lttng-ust and "
      + "lttng-modules, ring_buffer_backend.c, channel_backend_init: \"Overwrite mode buffers require at least 2 "
      + "subbuffers per buffer.\", and in lttng-ust from 2.15.0 on: \"Require at least 2 subbuffers per buffer.\" "
      + "(f8767b70)",
    procedure:
      "Kernel: set buffer_size_kb to 1 and map. LTTng: create channels with one, two and three sub-buffers in each "
      + "mode.",
    notModelled: "a model is made with a number that it accepts",
    reaching: .nothing,
    [
      .kernel: .documented("two, and the reader's: nr_subbufs is 3") { seen in
        try Answer("\(seen.number("meta.nr_subbufs") - 1)", expected: "2")
      },
      .lttngUST: .documented(
        "one in discard and two in overwrite mode; three, not a power of two, are refused"
      ) { seen in try fewest(seen, inDiscard: 1) },
      .lttngUST2_15: .documented("two in both modes; three, not a power of two, are refused") { seen in
        try fewest(seen, inDiscard: 2)
      },
      .lttngModules: .documented(
        "one in discard and two in overwrite mode; three, not a power of two, are refused"
      ) { seen in try fewest(seen, inDiscard: 1) },
    ])

  private static func fewest(_ seen: Evidence, inDiscard expected: Int) throws -> Answer {
    let isThreeRefused = try seen["3, overwrite"] == "refused" && seen["3, discard"] == "refused"
    if !isThreeRefused { return Answer("3 are accepted too", isExpected: false) }
    let least = try ["discard", "overwrite"].map { mode in
      if try seen["1, \(mode)"] == "accepted" { return "1" }
      return try seen["1, \(mode)"] == "refused" && seen["2, \(mode)"] == "accepted" ? "2" : "more"
    }
    return Answer(
      "\(least[0]) in discard, \(least[1]) in overwrite", expected: "\(expected) in discard, 2 in overwrite")
  }

  static let countIncludesReader = Claim(
    "count-includes-reader", .geometry, title: "nr_subbufs, with 8 sub-buffers of the writer",
    question: "Is nr_subbufs one more than the number of sub-buffers of the writer?",
    source:
      "include/uapi/linux/trace_mmap.h, @nr_subbufs: \"Number of subbfs in the ring-buffer, including the reader.\"",
    procedure:
      "Set up 8 sub-buffers of 4 KiB; map; write as many events as fill 8 and half of another, with overwrite on; "
      + "read nr_subbufs, and count the different sub-buffers that acquires hand out.",
    reaching: .nothing,
    [
      .kernel: .documented("nr_subbufs is 9, and ids are below it") { seen in
        let (count, writers) = try (seen.number("nr_subbufs"), seen.number("sub-buffers of the writer"))
        if count != writers + 1 { return Answer("\(count) for \(writers)", isExpected: false) }
        let isBelow = try seen.number("largest id handed out") < count
        return Answer(isBelow ? "\(count) for \(writers)" : "an id is not below it", isExpected: isBelow)
      },
      .lttng: .doesNotApply(
        to: "nr_subbufs",
        "the reader made the channel and knows; get_mmap_len returns the bytes of all sub-buffers, including the reader's"
      ),
    ])

  static let largeSubbuffers = Claim(
    "subbuffers-of-many-pages", .geometry, title: "Are sub-buffers of 64 KiB full and contiguous?",
    question: "Are sub-buffers of 64 KiB filled to their end, and does each continue where the one before ends?",
    source:
      "Documentation/trace/ring-buffer-map.rst: sub-buffer id is at meta_page_size + id × subbuf_size; map_test.c, "
      + "FIXTURE_VARIANT_ADD(map, subbuf_size_8k); LTTng: ust-ctl.h, subbuf_size",
    procedure: "With sub-buffers of 64 KiB write as many events as fill two and a half. Acquire twice (and release "
      + "in between); record the events of each, and the room after the data of the first.",
    reaching: .nothing,
    [
      .kernel: .assumed("yes: the first is full, and the second continues after it", fullAndContiguous),
      .lttng: .assumed("yes: the first is full, and the second continues after it", fullAndContiguous),
    ])

  private static let fullAndContiguous: Expectation.Judge = { seen in
    if try seen.number("room in the first") >= seen.number("bytes of an event") {
      return Answer("not full", isExpected: false)
    }
    let isContiguous =
      try seen.number("first of the second") == seen.number("last of the first") + 1 && seen["first"] == "0"
    return Answer(isContiguous ? "yes" : "events are missing", expected: "yes")
  }

  static let largeEvent = Claim(
    "event-larger-than-a-page", .geometry, title: "An event larger than a page, sub-buffers of 8 KiB",
    question:
      "Is an event of more than 4096 bytes delivered through sub-buffers of 8 KiB, and what happens to it with 4 KiB?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"Changing the sub buffer size allows for events to be "
      + "larger than the page size.\", \"An event can not be bigger than the size of the sub buffer.\"; lttng-ust and "
      + "lttng-modules, ring_buffer_frontend.c: \"Record too big for subbuffers, report error, don't complete the "
      + "sub-buffer switch.\"",
    procedure: "With sub-buffers of 8 KiB, then of 4 KiB: write a small event, one with a payload of 4080 bytes, which "
      + "with its headers is larger than 4096, and another small one; read everything. Kernel: then find the longest "
      + "write that is accepted.",
    notModelled: "the writers of the models have no events of this size",
    reaching: .nothing,
    [
      .kernel: .documented("all three with 8 KiB; with 4 KiB the large one is refused and the others are delivered") {
        seen in
        try largeEvents(seen, isReported: seen.number("4 KiB: refused") == 1)
      },
      .lttng: .assumed(
        "all three with 8 KiB; with 4 KiB the large one is dropped and the others are delivered", from: "kernel"
      ) { seen in
        try largeEvents(seen, isReported: true)
      },
    ])

  private static func largeEvents(_ seen: Evidence, isReported: Bool) throws -> Answer {
    switch try seen["8 KiB: read"] {
    case "0, 1, 2": break
    case "0, 2":
      let isRefused = (try? seen.number("8 KiB: refused")) == 1
      return Answer(isRefused ? "refused" : "dropped", isExpected: false)
    default: return Answer("other events are lost", isExpected: false)
    }
    switch try seen["4 KiB: read"] {
    case "0, 1, 2": return Answer("delivered, with 4 KiB too", isExpected: false)
    case "0, 2": return Answer(isReported ? "delivered" : "delivered, 4 KiB drops silently", isExpected: isReported)
    default: return Answer("delivered, 4 KiB loses others", isExpected: false)
    }
  }
}
