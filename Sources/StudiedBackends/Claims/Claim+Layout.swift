import Study

extension Catalogue {
  /// The layout of the mapped memory, and its extension.
  static let layout: [Claim] = [
    .toldLength, .fieldsInPlace, .olderReader, .lengthsDiffer, .paddingIsZero, .lastWords, .headerPageType,
    .acquireRequest,
  ]
}

extension Claim {
  private static let noMetaPage = "there is none; a trace's metadata describes the header of its packets"

  static let toldLength = Claim(
    "layout-told", .layout, title: "Layout information in the mapping",
    question: "Does the mapped memory contain what a reader needs to check that it has the expected layout?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; include/uapi/linux/trace_mmap.h, @meta_struct_len: \"Size of this structure.\"",
    procedure:
      "Map the ring buffer and read meta_struct_len.",
    [
      .kernel: .documented(
        "meta_struct_len is 80, the size of struct trace_buffer_meta as merged, until data is added",
        reaching: [
          .machine("no-data-added", "the structure of this kernel has no added data") { seen in
            try seen.number("meta_struct_len") <= 80
          }
        ]
      ) { seen in
        try Answer("meta_struct_len is \(seen.number("meta_struct_len"))", expected: "meta_struct_len is 80")
      },
      .kernelV11: .assumed(
        "meta_struct_len is 80, v11's own, as merged too (see lengths-tell-layouts-apart)", reaching: .nothing
      ) { seen in
        try Answer("meta_struct_len is \(seen.number("meta_struct_len"))", expected: "meta_struct_len is 80")
      },
      .lttng: .doesNotApply(
        to: "a length of the mapped structure",
        "a packet begins with a magic number that many layouts share, and the metadata found by its uuid describes it; "
          + "the memory before the packets has a versioned header for lttng-crash(1), struct lttng_crash_abi, which "
          + "ust-ctl.h does not hand to the reader"),
    ])

  static let fieldsInPlace = Claim(
    "fields-in-place", .layout, title: "Do the fields of the meta page agree with other sources?",
    question:
      "Does each field of the meta page but reader.lost_events contain, at the offset of trace_mmap.h, the value known "
      + "from elsewhere?",
    source: "include/uapi/linux/trace_mmap.h, struct trace_buffer_meta, Linux 6.10, and S. Rostedt, \(Cited.v11), "
      + "2024-01-11: \"overrun = overrun\", \"read = read\"; for entries map_test.c, meta_page_check: 16 after 16 "
      + "events",
    procedure: "Map the ring buffer, write 2000 events, acquire. Read each field at its offset, and the same value "
      + "from the files of the instance, the set-up, and the sub-buffer whose first event is the oldest that was not "
      + "overwritten.",
    notModelled: "a model's meta page has no bytes",
    reaching: .nothing,
    [
      .kernel: .documented("yes: each field has the known value; flags is 0") { seen in
        for field in MetaLayout.merged.fieldsKnownFromElsewhere {
          let words = try seen[field].split(separator: ", known ")
          guard words.count == 2 else { throw Undecided("“\(field)” is not known from elsewhere") }
          if words[0] != words[1] { return Answer("no: \(field)", isExpected: false) }
        }
        return try Answer(seen.number("flags") == 0 ? "yes" : "no: flags", expected: "yes")
      },
      .lttng: .doesNotApply(to: "the meta page", noMetaPage),
    ])

  static let olderReader = Claim(
    "older-reader-is-warned", .layout, title: "Can a reader of the v11 layout detect the change?",
    question: "Can a reader that was built for the layout of v11 detect from its own meta_struct_len that the page has "
      + "another layout?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; 2024-01-12: \"It's the second thing the application will look at to know what version it is "
      + "dealing with.\"; layouts by include/uapi/linux/trace_mmap.h in V. Donnefort's v11 (2024-01-11) and as merged",
    procedure:
      "Map the ring buffer, write 2000 events, acquire. Read each field of the page where the layout of v11 has "
      + "it.",
    notModelled: "a model's meta page has no bytes",
    reaching: [
      .machine("layout-as-merged", "the page has the merged layout") { seen in
        try seen["layout of the page"] == "merged"
      }
    ],
    [
      .kernel: .assumed("from \"will change\": yes, it does not read the 80 of its own layout") { seen in
        try .yes(seen.number("v11: meta_struct_len") != 80)
      },
      .lttng: .doesNotApply(to: "the meta page", noMetaPage),
    ])

  static let lengthsDiffer = Claim(
    "lengths-tell-layouts-apart", .layout, title: "Does meta_struct_len identify the layout?",
    question:
      "Does the meta_struct_len of this page differ from that of every other layout that was posted?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; layouts by include/uapi/linux/trace_mmap.h in V. Donnefort's v11 and v12 (January 2024) and as "
      + "merged",
    procedure:
      "Map the ring buffer and read meta_struct_len; compute the lengths of v11 and v12, with longs of 8 bytes.",
    reaching: .nothing,
    [
      .kernel: .assumed(
        "beyond the source, which speaks of added data: yes, it differs from those of v11 and v12, which have other "
          + "fields"
      ) { seen in
        try lengthDiffers(seen, from: ["v11", "v12"])
      },
      .kernelV11: .assumed("yes, it differs from that of v12 and from the merged one") { seen in
        try lengthDiffers(seen, from: ["v12", "merged"])
      },
      .lttng: .doesNotApply(
        to: "meta_struct_len",
        "a trace's metadata describes its packets; struct lttng_crash_abi, for lttng-crash(1), has a version and no "
          + "length"
      ),
    ])

  private static func lengthDiffers(_ seen: Evidence, from others: [String]) throws -> Answer {
    let length = try seen.number("meta_struct_len")
    let equal = try others.first { try seen.number("length of \($0)") == length }
    return Answer(equal.map { "no, \($0) has \(length) too" } ?? "yes", expected: "yes")
  }

  static let paddingIsZero = Claim(
    "meta-page-padding", .layout, title: "Is the padding after the structure zero?",
    question: "Are all bytes of the meta page after meta_struct_len zero?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, data_mmap: \"Verify meta-page padding\"; S. "
      + "Rostedt asked for it: \"Should we make this a test that the entire page is zero?\"",
    procedure: "With sub-buffers of 8 KiB: map the meta page, write 2000 events, acquire; count the bytes after "
      + "meta_struct_len that are not zero.",
    notModelled: "a model's meta page has no bytes",
    reaching: .nothing,
    [
      .kernel: .documented("yes") { seen in try .yes(seen.number("bytes behind it that are not zero") == 0) },
      .lttng: .doesNotApply(to: "the meta page", noMetaPage),
    ])
}
