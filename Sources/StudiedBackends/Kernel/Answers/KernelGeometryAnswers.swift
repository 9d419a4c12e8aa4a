import Study

extension KernelAnswers {
  static let markerSize = Claim(
    "raw-marker-size", .geometry, title: "Bytes of a raw marker beyond those written",
    question: "Does an event of trace_marker_raw have exactly as many bytes of data as were written?",
    source:
      "S. Rostedt, commit 54b91e54b113 (\"tracing: Stop fortify-string from warning in tracing_mark_raw_write()\"), "
      + "2025-10-11, in Linux 6.18: \"cnt includes the 'id' and the buffer data, so adding cnt to the size of *entry "
      + "actually allocates too much on the ring buffer\"",
    procedure: "Write raw markers of 20, 24, 40, 100 and 200 bytes; map the ring buffer and acquire; record the bytes "
      + "of data of each event after its common fields.",
    notModelled: "a model's events have a layout of their own",
    reaching: .nothing,
    [
      .kernel: .documented("yes: none are added") { seen in
        let surplus = try markerSizes.map { try Int64($0) - seen.number("\($0) bytes written: bytes of data") }
        let added = Set(surplus.map { -$0 })
        guard let all = added.first, added.count == 1 else { return Answer("differs by size", isExpected: false) }
        return Answer(all == 0 ? "none" : "\(all)", expected: "none")
      }
    ])

  /// Sizes of raw markers that are multiples of the alignment, on both sides of RB_MAX_SMALL_DATA.
  static let markerSizes = [20, 24, 40, 100, 200]

  static let eventLength = Claim.eventLength.answered([
    .kernel: .documented("yes: array[0] grows by one with each byte", Claim.lengthsOfFour)
  ])

  static let oddSize = Claim.oddSize.answered([
    .kernel: .documented("it is refused, or is 12 KiB or more, and file and meta page agree") { seen in
      if try seen.refuses("12 > buffer_subbuf_size_kb") { return Answer("refused", isExpected: true) }
      let size = try seen.number("meta.subbuf_size")
      if size < 12 * 1024 { return Answer("made smaller", isExpected: false) }
      if try size != seen.number("buffer_subbuf_size_kb then") &* 1024 {
        return Answer("meta page and file differ", isExpected: false)
      }
      return Answer(size == 12 * 1024 ? "accepted" : "rounded up to \(size / 1024) KiB", isExpected: true)
    }
  ])

  static let sizeLimits = Claim.sizeLimits.answered([
    .kernel: .documented(
      "1 and 128 pages are accepted, and 128 can be mapped; 0 and 129 are refused",
      reaching: [
        .machine("memory-in-one-piece", "there is enough memory in one piece for 128 pages") { seen in
          try !seen.refuses("128 pages", with: "ENOMEM")
        }
      ]
    ) { seen in
      let accepted = try ["0 pages", "1 page", "128 pages", "129 pages"].filter { try seen.works($0) }
      if accepted != ["1 page", "128 pages"] { return Claim.sizes(accepted) }
      let isMapped = try seen["128 pages: meta.subbuf_size"] == seen["128 pages, in bytes"]
      return Answer(isMapped ? "1 to 128 pages" : "meta page reports another size", expected: "1 to 128 pages")
    }
  ])

  static let fewestSubbuffers = Claim.fewestSubbuffers.answered([
    .kernel: .documented("two, and the reader's: nr_subbufs is 3") { seen in
      try Answer("\(seen.number("meta.nr_subbufs") - 1)", expected: "2")
    }
  ])

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
      }
    ])

  static let largeSubbuffers = Claim.largeSubbuffers.answered([
    .kernel: .assumed("yes: the first is full, and the second continues after it", Claim.fullAndContiguous)
  ])

  static let largeEvent = Claim.largeEvent.answered([
    .kernel: .documented("all three with 8 KiB; with 4 KiB the large one is refused and the others are delivered") {
      seen in
      try Claim.largeEvents(seen, isReported: seen.number("4 KiB: refused") == 1)
    }
  ])
}
