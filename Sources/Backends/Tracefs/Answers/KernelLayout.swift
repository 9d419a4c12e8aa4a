import Glibc
import Platform
import Results
import Study
import SubbufferSource
import TracefsABI

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

  static let acquireRequest = Claim.acquireRequest.answered(
    procedure: "Write 8 events. Make _IO('T', 1), then _IO('R', 0x20), and record which handed out the events.",
    [
      .kernel: .documented(
        "_IO('R', 0x20), and _IO('T', 1) does not", Claim.request(["_IO('T', 1)", "_IO('R', 0x20)"]))
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
        for field in MetaPageLayout.merged.fieldsKnownFromElsewhere {
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

extension KernelStudy {
  /// The layout of the meta page, and how it grows.
  var layoutProbes: [Probe] {
    [
      probe(KernelAnswers.toldLength) { (ring, evidence) throws(SourceError) in
        evidence.add("meta_struct_len", try ring.map().metaPage.metaStructLength)
      },
      probe(KernelAnswers.lengthsDiffer) { (ring, evidence) throws(SourceError) in
        evidence.add("meta_struct_len", try ring.map().metaPage.metaStructLength)
        for layout in [MetaPageLayout.v11, .v12, .merged] {
          evidence.add("length of \(layout.name)", layout.length)
        }
      },
    ]
  }
}

extension TracefsStudy {
  /// The bytes of the meta page.
  var liveLayoutProbes: [Probe] {
    [
      probe(KernelAnswers.fieldsInPlace) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        let written = try ring.write(2_000)
        _ = try page.mapping.getReader()
        let stats = try ring.stats()
        var known: [String: UInt64] = [
          "meta_page_size": UInt64(sysconf(Int32(_SC_PAGESIZE))),
          "meta_struct_len": UInt64(MetaPageLayout.merged.length),
          "subbuf_size": UInt64(ring.configuration.subbufferSize),
          "nr_subbufs": UInt64(ring.configuration.subbufferCount + 1), "entries": written.accepted,
          "overrun": stats.overrun, "read": stats.readEvents,
        ]
        for id in 0..<UInt32(page.mapping.geometry.subbufferCount) {
          let look = try page.mapping.look(at: id, from: 0, end: nil)
          if look.sequences.first == stats.overrun {
            known["reader.id"] = UInt64(id)
            known["reader.read"] = UInt64(look.dataCount)
          }
        }
        for name in MetaPageLayout.merged.fieldsKnownFromElsewhere {
          let value = MetaPageLayout.merged.value(name, at: page.start)
          evidence.add(name, "\(value), known \(known[name].map(String.init) ?? "nothing")")
        }
        evidence.add("flags", MetaPageLayout.merged.value("flags", at: page.start))
      },
      probe(KernelAnswers.olderReader) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        try ring.write(2_000)
        _ = try page.mapping.getReader()
        let length = MetaPageLayout.merged.value("meta_struct_len", at: page.start)
        evidence.add("layout of the page", length == MetaPageLayout.merged.length ? "merged" : "unknown")
        // The features that a reader needs; the report shows ten observations.
        let needed = [
          "entries", "overrun", "read", "reader.id", "reader.read", "subbuf_size", "nr_subbufs", "meta_page_size",
          "meta_struct_len",
        ]
        for field in needed { evidence.add("v11: \(field)", MetaPageLayout.v11.value(field, at: page.start)) }
      },
      probe(KernelAnswers.paddingIsZero, subbufferSize: 8192) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let length = Int(mapping.metaPage.metaPageSize)
        let file = try RingBufferFile(ring)
        let page = try WholeMapping(file.descriptor, length: length)
        try ring.write(2_000)
        let used = Int(try mapping.getReader().metaStructLength)
        evidence.add("meta_page_size", length)
        evidence.add("meta_struct_len", used)
        let bytes = UnsafeRawBufferPointer(start: page.start, count: length)
        evidence.add("bytes behind it that are not zero", bytes.dropFirst(used).count { $0 != 0 })
      },
      probe(KernelAnswers.lastWords) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        let written = try ring.write(3 * ring.eventsPerRing())
        let meta = try page.mapping.getReader()
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", written.accepted)
        evidence.add("events of a sub-buffer", perSubbuffer)
        evidence.add("meta.overrun", meta.overrun)
        evidence.add("sub-buffers overwritten", meta.overrun / perSubbuffer)
        evidence.add("sub-buffers entered", (written.accepted - 1) / perSubbuffer)
        evidence.add("word at 64", MetaPageLayout.merged.value("Reserved1", at: page.start))
        evidence.add("word at 72", MetaPageLayout.merged.value("Reserved2", at: page.start))
      },
      probe(KernelAnswers.headerPageType) { (ring, evidence) throws(SourceError) in
        let text = try ring.tracefs.text("events/header_page")
        let line = text.split(separator: "\n").first { $0.contains("overwrite") }.map(String.init) ?? ""
        evidence.add("line", line.oneLine)
        // field: TYPE overwrite; offset:N; size:N; signed:N;
        let words = line.oneLine.split(separator: " ")
        let size = words.first { $0.hasPrefix("size:") }?.dropFirst(5).prefix { $0.isNumber }
        evidence.add("type", words.count > 1 ? String(words[1]) : "none")
        evidence.add("size", size.map(String.init) ?? "none")
        evidence.add("parser", outcome { () throws(SourceError) in _ = try FtracePageDecoder(ring.tracefs) })
      },
      probe(KernelAnswers.acquireRequest) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(8)
        for (name, request) in [
          ("_IO('T', 1)", TracefsRequest.io("T", 1)), ("_IO('R', 0x20)", TracefsRequest.io("R", 0x20)),
        ] {
          let before = mapping.metaPage.read
          evidence.add(name, ErrnoName.result(TracefsRequest.call(mapping.ring.descriptor.rawValue, request)))
          evidence.add("\(name): events handed out", mapping.metaPage.read - before)
        }
      },
    ]
  }
}

/// The meta page mapped once more, for its bytes, besides a mapping of everything.
private struct MetaBytes: ~Copyable {
  let mapping: TracefsMapping
  private let page: WholeMapping
  var start: UnsafeRawPointer { UnsafeRawPointer(page.start) }

  init(_ ring: TracefsRing) throws(SourceError) {
    let page = try WholeMapping(
      path: ring.instance.ringBufferPath(cpu: ring.cpu), length: Int(sysconf(Int32(_SC_PAGESIZE))))
    mapping = try ring.map()
    self.page = page
  }
}
