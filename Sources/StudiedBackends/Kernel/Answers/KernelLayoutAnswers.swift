import Study

extension KernelAnswers {
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
      }
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
      }
    ])

  static let acquireRequest = Claim.acquireRequest.answered([
    .kernel: .documented("_IO('R', 0x20), and _IO('T', 1) does not", Claim.request(["_IO('T', 1)", "_IO('R', 0x20)"]))
  ])

  static let toldLength = Claim(
    "layout-told", .layout, title: "Layout information in the mapping",
    question: "Does the mapped memory contain what a reader needs to check that it has the expected layout?",
    source:
      "S. Rostedt, \(Cited.v11), 2024-01-11: \"this structure is \"meta_struct_len\" which will change if we add new "
      + "data to it\"; include/uapi/linux/trace_mmap.h, @meta_struct_len: \"Size of this structure.\"",
    procedure: "Map the ring buffer and read meta_struct_len.",
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
      }
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
      }
    ])

  static let lengthsDiffer = Claim(
    "lengths-tell-layouts-apart", .layout, title: "Does meta_struct_len identify the layout?",
    question: "Does the meta_struct_len of this page differ from that of every other layout that was posted?",
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
    ])

  static func lengthDiffers(_ seen: Evidence, from others: [String]) throws -> Answer {
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
      .kernel: .documented("yes") { seen in try .yes(seen.number("bytes behind it that are not zero") == 0) }
    ])
}
