import CPlatform
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

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

  static let oddSize = Claim.oddSize.answered(
    procedure: "Set sub-buffers of 12 KiB; read the size back, from the file and from the meta page of a mapping.",
    [
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

  static let sizeLimits = Claim.sizeLimits.answered(
    procedure: "Set 0, 1, 128 and 129 pages; map with 128.",
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
        if accepted != ["1 page", "128 pages"] { return Claim.sizes(accepted) }
        let isMapped = try seen["128 pages: meta.subbuf_size"] == seen["128 pages, in bytes"]
        return Answer(isMapped ? "1 to 128 pages" : "meta page reports another size", expected: "1 to 128 pages")
      }
    ])

  static let fewestSubbuffers = Claim.fewestSubbuffers.answered(
    procedure: "Set buffer_size_kb to 1 and map.",
    [
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

  static let largeSubbuffers = Claim.largeSubbuffers.answered(
    procedure:
      "With sub-buffers of 64 KiB write as many events as fill two and a half. Acquire twice; record the events of "
      + "each, and the room after the data of the first.",
    [
      .kernel: .assumed("yes: the first is full, and the second continues after it", Claim.fullAndContiguous)
    ])

  static let largeEvent = Claim.largeEvent.answered(
    procedure:
      "With sub-buffers of 8 KiB, then of 4 KiB: write a small event, one with a payload of 4080 bytes, which with its "
      + "headers is larger than 4096, and another small one; read everything. Then find the longest write that is "
      + "accepted.",
    [
      .kernel: .documented("all three with 8 KiB; with 4 KiB the large one is refused and the others are delivered") {
        seen in
        try Claim.largeEvents(seen, isReported: seen.number("4 KiB: refused") == 1)
      }
    ])
}

extension KernelStudy {
  /// Unusual sizes of sub-buffers.
  var geometryProbes: [Probe] {
    [
      probe(KernelAnswers.countIncludesReader) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("sub-buffers of the writer", ring.configuration.subbufferCount)
        evidence.add("nr_subbufs", mapping.metaPage.subbufferCount)
        try ring.write(ring.eventsPerSubbuffer() * 17 / 2)
        var ids: Set<UInt32> = []
        for _ in 0..<12 { ids.insert(try mapping.getReader().readerID) }
        evidence.add("different ids handed out", ids.count)
        evidence.add("largest id handed out", ids.max() ?? 0)
      },
      probe(KernelAnswers.largeSubbuffers, subbufferSize: 65_536) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(ring.eventsPerSubbuffer() * 5 / 2)
        evidence.add("subbuf_size", try mapping.getReader().subbufferSize)
        let first = try mapping.look()
        evidence.add("bytes of an event", ring.eventSize(payload: ring.usualPayload))
        evidence.add("first", first.sequences.first.map { "\($0)" } ?? "none")
        evidence.add("last of the first", first.sequences.last.map { "\($0)" } ?? "none")
        evidence.add("room in the first", first.room)
        _ = try mapping.getReader()
        let second = try mapping.look()
        evidence.add("first of the second", second.sequences.first.map { "\($0)" } ?? "none")
      },
    ]
  }
}

extension TracefsStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      probe(KernelAnswers.oddSize) { (ring, evidence) throws(SourceError) in
        evidence.add("12 > buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "12"))
        evidence.add("buffer_subbuf_size_kb then", try ring.instance.text("buffer_subbuf_size_kb").oneLine)
        evidence.add("meta.subbuf_size", try ring.map().metaPage.subbufferSize)
      },
      probe(KernelAnswers.sizeLimits) { (ring, evidence) throws(SourceError) in
        let page = Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
        try ring.instance.set("buffer_size_kb", "1")
        for pages in [0, 129, 1, 128] {
          evidence.add(
            "\(pages) page\(pages == 1 ? "" : "s")",
            Attempt.set(ring.instance, "buffer_subbuf_size_kb", String(pages * page)))
        }
        evidence.add("128 pages, in bytes", 128 * page * 1024)
        let meta = try ring.map().metaPage
        evidence.add("128 pages: meta.subbuf_size", meta.subbufferSize)
        evidence.add("128 pages: meta.nr_subbufs", meta.subbufferCount)
      },
      probe(KernelAnswers.fewestSubbuffers) { (ring, evidence) throws(SourceError) in
        evidence.add("1 > buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "1"))
        evidence.add("buffer_size_kb then", try ring.instance.text("buffer_size_kb").oneLine)
        evidence.add("meta.nr_subbufs", try ring.map().metaPage.subbufferCount)
      },
      Probe(KernelAnswers.largeEvent) { (evidence) throws(SourceError) in
        for size in [8192, 4096] {
          let configuration = RingConfiguration(
            mode: .overwrite, subbufferSize: size, producerCPU: producerCPU)
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            let mapping = try ring.map()
            try ring.write(1)
            let large = try ring.write(1, from: 1, payload: 4_080)
            try ring.write(1, from: 2)
            let read = try mapping.readAllUnread()
            evidence.add("\(size / 1024) KiB: refused", large.refused)
            evidence.add("\(size / 1024) KiB: read", read.map { "\($0)" }.joined(separator: ", "))
            try addLargestWrite(ring, "\(size / 1024) KiB: ", &evidence)
          }
        }
      },
    ]
  }

  /// The number of bytes that the longest write to `trace_marker_raw` has that is taken, up to twice a page, and what
  /// one more gets.
  private func addLargestWrite(
    _ ring: TracefsRing, _ prefix: String, _ evidence: inout Evidence
  ) throws(SourceError) {
    // The writer's id and sequence number are in front of the payload.
    let header = UInt32(16)
    var (taken, refused) = (UInt32(0), UInt32(8_192))
    var errno: Int32 = 0
    while refused - taken > 1 {
      let payload = (taken + refused) / 2
      let truth = try ring.write(1, from: 3, payload: payload)
      if truth.refused == 0 { taken = payload } else { (refused, errno) = (payload, truth.firstErrno) }
    }
    evidence.add("\(prefix)longest write that is taken, in bytes", header + taken)
    evidence.add("\(prefix)a longer one", ErrnoName.result(-errno))
  }
}

extension TracefsStudy {
  /// Probes of the sizes of events.
  var liveEventsProbes: [Probe] {
    [
      probe(KernelAnswers.markerSize) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        try onCPU(ring.cpu) { () throws(SourceError) in
          for size in KernelAnswers.markerSizes {
            let written = file.write(zeros: size)
            guard written == size else {
              throw SourceError(call: "write trace_marker_raw", errno: Errno(rawValue: Int32(-written)))
            }
          }
        }
        _ = try mapping.getReader()
        for (size, count) in zip(KernelAnswers.markerSizes, try mapping.markers().dataCounts) {
          evidence.add("\(size) bytes written: bytes of data", count)
        }
      },
      Probe(KernelAnswers.eventLength) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        for payload in Claim.eventPayloads {
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            let mapping = try ring.map()
            try ring.write(1, payload: payload)
            _ = try mapping.getReader()
            let counts = try mapping.markers().dataCounts
            evidence.add("payload of \(payload) bytes: bytes of data", counts.first.map { "\($0)" } ?? "no event")
          }
        }
      },
    ]
  }

  /// Probes of the memory that a writer hands over.
  var liveMemoryProbes: [Probe] {
    [
      probe(KernelAnswers.unreadableMemory) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        let memory = try MarkerMemory()
        for (name, protection) in [("unreadable", PROT_NONE), ("readable", PROT_READ)] {
          try memory.protect(protection)
          // In core, for kernels that copy without page faults.
          if protection == PROT_READ { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let written = try onCPU(ring.cpu) { () throws(SourceError) in
            file.write(memory.start, count: MarkerMemory.markerSize)
          }
          evidence.add("\(name): write", written)
          let before = mapping.metaPage
          let meta = try mapping.getReader()
          evidence.add("\(name): events", meta.read - before.read)
        }
      },
      probe(KernelAnswers.absentPage) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        let memory = try MarkerMemory()
        for name in ["absent", "present"] {
          if name == "present" { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let written = try onCPU(ring.cpu) { () throws(SourceError) in
            file.write(memory.start, count: MarkerMemory.markerSize)
          }
          evidence.add("\(name): write", written)
          let before = mapping.metaPage
          let meta = try mapping.getReader()
          let from = before.readerID == meta.readerID ? before.readerRead : 0
          let data = try mapping.bytes(of: meta.readerID).dropFirst(TracefsRing.headerSize)
            .prefix(Int(meta.readerRead)).dropFirst(Int(from))
          evidence.add("\(name): payload", MarkerMemory.isContained(in: data) ? "as written" : "other bytes")
        }
      },
    ]
  }
}

extension DecodedEvents {
  /// The bytes of data of raw markers after the common fields: the id and the payload.
  fileprivate var dataCounts: [Int] { payloadCounts.map { 4 + $0 } }
}
