import Study

extension Catalogue {
  /// The layout of what is mapped, and how it may grow.
  static let layout: [Claim] = [.toldLength, .fieldsInPlace, .olderReader, .lengthsDiffer, .paddingIsZero]
}

extension Claim {
  static let toldLength = Claim(
    "layout-told", .layout, title: "The memory tells its layout",
    question: "Can a reader see from the mapped memory alone that it is laid out as the reader was built for?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; include/uapi/linux/trace_mmap.h, @meta_struct_len: \"Size of this structure.\"",
    procedure:
      "Map the ring buffer and read meta_struct_len.",
    [
      .kernel: .stated("meta_struct_len is 80, the size of struct trace_buffer_meta as merged, until data is added") {
        seen in
        let length = try seen.number("meta_struct_len")
        try seen.require(length <= 80, "the structure of this kernel is longer: the reader is told so")
        return length == 80
      },
      .kernelV11: .taken("no more than v11's own: it is 80, which is as merged too (see lengths-tell-layouts-apart)") {
        seen in
        try seen.number("meta_struct_len") == 80
      },
      .lttng: .doesNotApply(
        to: "a length of the mapped structure",
        "a packet begins with a magic number that many layouts share, and the metadata found by its uuid describes it; "
          + "the memory before the packets has a versioned header for lttng-crash(1), struct lttng_crash_abi, which "
          + "ust-ctl.h does not hand to the reader"),
    ])

  static let fieldsInPlace = Claim(
    "fields-in-place", .layout, title: "Each field is where it was declared",
    question:
      "Does each field of the meta page but reader.lost_events hold, at the offset of trace_mmap.h, what is known of it "
      + "from elsewhere?",
    source: "include/uapi/linux/trace_mmap.h, struct trace_buffer_meta, Linux 6.10, and S. Rostedt, \(Cited.v11), "
      + "2024-01-11: \"overrun = overrun\", \"read = read\"; of entries map_test.c, meta_page_check: 16 after 16 events",
    procedure: "Map the ring buffer, write 2000 events, acquire. Read each field at its offset, and the same from the "
      + "files of the instance, the set-up, and the sub-buffer whose first event is the oldest that was not overwritten.",
    notModelled: "a model's meta page has no bytes",
    [
      .kernel: .stated("each field is what it is known to be; flags is 0") { seen in
        for field in MetaLayout.merged.fieldsKnownFromElsewhere {
          let words = try seen[field].split(separator: ", known ")
          guard words.count == 2 else { throw Undecided("“\(field)” is not known from elsewhere") }
          if words[0] != words[1] { return false }
        }
        return try seen.number("flags") == 0
      },
      .lttng: .doesNotApply(
        to: "the meta page", "there is none; a trace's metadata describes the header of its packets"),
    ])

  static let olderReader = Claim(
    "older-reader-is-warned", .layout, title: "A reader of an older layout is warned",
    question: "Can a reader that was built for the layout of v11 tell from its own meta_struct_len that the page is "
      + "another?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; 2024-01-12: \"It's the second thing the application will look at to know what version it is "
      + "dealing with.\"; layouts by include/uapi/linux/trace_mmap.h in V. Donnefort's v11 (2024-01-11) and as merged",
    procedure:
      "Map the ring buffer, write 2000 events, acquire. Read each field of the page where the layout of v11 has "
      + "it.",
    notModelled: "a model's meta page has no bytes",
    [
      .kernel: .taken("from \"will change\": what the reader takes for meta_struct_len is not the 80 of its own layout")
      {
        seen in
        try seen.require(seen["layout of the page"] == "merged", "the page is not of the merged layout")
        return try seen.number("v11: meta_struct_len") != 80
      },
      .lttng: .doesNotApply(
        to: "the meta page", "there is none; a trace's metadata describes the header of its packets"),
    ])

  static let lengthsDiffer = Claim(
    "lengths-tell-layouts-apart", .layout, title: "meta_struct_len tells layouts apart",
    question:
      "Is the meta_struct_len of this page other than that of every layout that was posted and is not the same?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; layouts by include/uapi/linux/trace_mmap.h in V. Donnefort's v11 and v12 (January 2024) and as "
      + "merged",
    procedure:
      "Map the ring buffer and read meta_struct_len; lay the fields of v11 and v12 out, with longs of 8 bytes.",
    [
      .kernel: .taken(
        "further than the source goes, which speaks of data that is added: it differs from v11's and v12's, whose fields "
          + "are others"
      ) { seen in
        let length = try seen.number("meta_struct_len")
        return try length != seen.number("length of v11") && length != seen.number("length of v12")
      },
      .kernelV11: .taken("likewise: it differs from v12's and from the one as merged") { seen in
        let length = try seen.number("meta_struct_len")
        return try length != seen.number("length of v12") && length != seen.number("length of merged")
      },
      .lttng: .doesNotApply(
        to: "meta_struct_len",
        "a trace's metadata describes its packets; struct lttng_crash_abi, for lttng-crash(1), has a version and no length"
      ),
    ])

  static let paddingIsZero = Claim(
    "meta-page-padding", .layout, title: "Behind the structure the meta page is zero",
    question: "Are all bytes of the meta page behind meta_struct_len zero?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, data_mmap: \"Verify meta-page padding\"; S. "
      + "Rostedt asked for it: \"Should we make this a test that the entire page is zero?\"",
    procedure: "With sub-buffers of 8 KiB: map the meta page, write 2000 events, acquire; count the bytes behind "
      + "meta_struct_len that are not zero.",
    notModelled: "a model's meta page has no bytes",
    [
      .kernel: .stated("none of them is set") { seen in try seen.number("bytes behind it that are not zero") == 0 },
      .lttng: .doesNotApply(
        to: "the meta page", "there is none; a trace's metadata describes the header of its packets"),
    ])
}
