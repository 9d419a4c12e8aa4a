import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let held = Claim.held.answered([
    .lttngModules: .documented(
      "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
    .lttngUST: .documented(
      "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
  ])

  package static let wrappedWhileHeld: [Mark] = [
    .acquired("get_next_subbuf"), .writerWrapped { seen in try seen.number("bytes produced meanwhile") > 2 * 8 * 4096 },
  ]

  package static func exclusiveAccess(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
  }

  package static let partialInvisible = Claim.partialInvisible.answered(
    procedure: "Write fewer events than fill a sub-buffer and get; call flush_buffer, and get again.",
    [
      .lttng: .documented("get_next_subbuf is refused before the flush and hands out all events after it") { seen in
        let answer =
          if try seen["get_next_subbuf before the flush"] == "0" {
            "yes"
          } else if try seen["get_next_subbuf after flush_buffer"] != "0" {
            "no, not after a flush either"
          } else if try seen.number("events handed out") != seen.number("events written") {
            "in part, after a flush"
          } else {
            "only after a flush"
          }
        return Answer(answer, expected: "only after a flush")
      }
    ])

  package static let commitAdvances = Claim.commitAdvances.answered(
    procedure:
      "Write a few events, less than a sub-buffer, flush and get; write 4 more; decode the same sub-buffer up to the "
      + "size in its header, without another get.",
    [
      .lttng: .assumed("the content size has grown and covers the 4 events", from: "kernel", Claim.lateEvents)
    ])

  package static let whereItIs = Claim.whereItIs.answered([
    .lttngModules: .documented(
      "a get returns 0, and GET_MMAP_READ_OFFSET another offset for each sub-buffer", secondCall),
    .lttngUST: .assumed(
      "a get returns 0, and get_mmap_read_offset another offset for each sub-buffer", from: "lttng-modules",
      secondCall),
  ])

  package static func secondCall(_ seen: Evidence) throws -> Answer {
    let expected = "a second call returns the offset"
    if try seen["get_next_subbuf returned"] != "0, 0, 0" { return Answer("the get returns it", expected: expected) }
    return try Answer(
      Claim.areDistinct(seen["get_mmap_read_offset returned"], 3) ? expected : "not by the offset", expected: expected)
  }

  package static let onceInOrder = Claim.onceInOrder.answered(
    procedure: "Many times: write from one event to two sub-buffers of events, flush, read everything.",
    [
      .lttngModules: .documented("the delivered events are the produced ones, without a gap", Claim.everyEventOnce),
      .lttngUST: .assumed(
        "the delivered events are the produced ones, without a gap", from: "lttng-modules", Claim.everyEventOnce),
    ])

  package static let extraSubbuffer = Claim.extraSubbuffer.answered([
    .lttng: .documented(
      "overwrite mode: the reader was at one offset more than the writer has sub-buffers; discard mode: at as many"
    ) { seen in
      try Answer(seen.inBothModes { mode in try Claim.extra(seen, mode) }, expected: "overwrite: yes; discard: no")
    },
    .lttngUST2_15: .documented(
      "one more in the mapping, in both modes; overwrite mode: the reader was at all offsets; discard mode: at as many as "
        + "the writer has sub-buffers, since the put exchanges it back"
    ) { seen in
      try Answer(seen.inBothModes { mode in try Claim.extra(seen, mode) }, expected: "overwrite: yes; discard: unused")
    },
  ])
}

extension LTTngStudy {
  /// Probes of the data that a get hands over.
  package var handOverProbes: [Probe] {
    [
      probe(LTTngAnswers.held) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(1_000)
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let before = try stream.look()
        let positions = try stream.positions()
        evidence.add("held", "packet \(before.packetSequenceNumber), events \(before.sequences.asRange)")
        try ring.write(4_000, from: 1_000)
        evidence.add("bytes produced meanwhile", try stream.positions().produced &- positions.produced)
        let after = try stream.look()
        evidence.add("bytes of the held sub-buffer that changed", zip(before.bytes, after.bytes).count { $0 != $1 })
        try stream.putNext()
      },
      probe(LTTngAnswers.partialInvisible) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("events written", try ring.write(16).produced)
        evidence.add("get_next_subbuf before the flush", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("get_next_subbuf after flush_buffer", ErrnoName.result(got))
        guard got == 0 else { return }
        evidence.add("events handed out", try stream.look().sequences.count)
        try stream.putNext()
      },
      probe(LTTngAnswers.commitAdvances) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(16)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let first = try stream.look()
        evidence.add("bytes of data after the acquire", first.contentCount)
        try ring.write(4, from: 16)
        let later = try stream.look()
        evidence.add("bytes of data later, without an acquire", later.contentCount)
        evidence.add("new events", later.sequences.count - first.sequences.count)
        try stream.putNext()
      },
      probe(LTTngAnswers.whereItIs) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(4 * ring.eventsPerSubbuffer())
        var results: [String] = []
        var offsets: [String] = []
        var events: [String] = []
        for _ in 1...3 {
          results.append(ErrnoName.result(stream.unsafeGetNextSubbuffer()))
          offsets.append(String(try stream.unsafeGetMmapReadOffset()))
          events.append(stream.eventsText)
          try stream.putNext()
        }
        evidence.add("get_next_subbuf returned", results.joined(separator: ", "))
        evidence.add("get_mmap_read_offset returned", offsets.joined(separator: ", "))
        evidence.add("events there", events.joined(separator: ", "))
      },
      probe(LTTngAnswers.onceInOrder) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let perSubbuffer = ring.eventsPerSubbuffer()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, perSubbuffer / 2, perSubbuffer + 3, 2 * perSubbuffer] {
            produced += try ring.write(count, from: produced).produced
            _ = stream.flushBuffer(producerActive: true)
            delivered += try stream.readAll().sequences
          }
        }
        evidence.add("events that fit", ring.eventsPerRing())
        evidence.addDelivered(delivered, of: produced)
      },
      probeInBothModes(LTTngAnswers.extraSubbuffer) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let turns = 3 * (ring.configuration.subbufferCount + 1)
        var offsets: Set<UInt> = []
        var produced: UInt64 = 0
        for _ in 0..<turns {
          produced += try ring.write(ring.eventsPerSubbuffer(), from: produced).produced
          _ = stream.flushBuffer(producerActive: true)
          while stream.unsafeGetNextSubbuffer() == 0 {
            offsets.insert(try stream.unsafeGetMmapReadOffset())
            try stream.putNext()
          }
        }
        evidence.add("the writer's sub-buffers", ring.configuration.subbufferCount)
        evidence.add("sub-buffers in the mapping", try stream.getMmapLength() / UInt(ring.configuration.subbufferSize))
        evidence.add("places, with nothing written while one is held", offsets.count)
        offsets = []
        produced += try ring.write(2 * ring.eventsPerSubbuffer(), from: produced).produced
        for _ in 0..<turns where stream.unsafeGetNextSubbuffer() == 0 {
          offsets.insert(try stream.unsafeGetMmapReadOffset())
          produced += try ring.write(ring.eventsPerRing() + ring.eventsPerSubbuffer(), from: produced).produced
          try stream.putNext()
        }
        evidence.add("different places", offsets.count)
      },
    ]
  }
}
