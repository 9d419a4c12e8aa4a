import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let eventLength = Claim.eventLength.answered([
    .lttng: .documented("yes: the content of the packet grows by one with each byte", Claim.lengthsOfFour)
  ])

  package static let oddSize = Claim.oddSize.answered(
    procedure: "Create a channel with sub-buffers of 12 KiB, in each mode, and one of 8 KiB as a control.",
    [
      .lttngUST: .documented("it is refused in both modes; 8 KiB, as a control, is accepted", oddChannels),
      .lttngModules: .documented("it is refused in both modes; 8 KiB, as a control, is accepted", oddChannels),
    ])

  package static let oddChannels: Expectation.Judge = { seen in
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

  package static let sizeLimits = Claim.sizeLimits.answered(
    procedure: "Create channels with half a page, one page, and 128 pages.",
    [
      .lttng: .assumed(
        "as the code has it: less than a page is refused; one page and more are accepted", reaching: .nothing
      ) { seen in
        let accepted = try ["1 page", "128 pages"].filter { try seen[$0] == "accepted" }
        if try seen["half a page"] != "refused" { return Claim.sizes(["half a page"] + accepted) }
        return accepted.count == 2 ? Answer("1 page or more", isExpected: true) : Claim.sizes(accepted)
      }
    ])

  package static let fewestSubbuffers = Claim.fewestSubbuffers.answered(
    procedure: "Create channels with one, two and three sub-buffers in each mode.",
    [
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

  package static func fewest(_ seen: Evidence, inDiscard expected: Int) throws -> Answer {
    let isThreeRefused = try seen["3, overwrite"] == "refused" && seen["3, discard"] == "refused"
    if !isThreeRefused { return Answer("3 are accepted too", isExpected: false) }
    let least = try ["discard", "overwrite"].map { mode in
      if try seen["1, \(mode)"] == "accepted" { return "1" }
      return try seen["1, \(mode)"] == "refused" && seen["2, \(mode)"] == "accepted" ? "2" : "more"
    }
    return Answer(
      "\(least[0]) in discard, \(least[1]) in overwrite", expected: "\(expected) in discard, 2 in overwrite")
  }

  package static let largeSubbuffers = Claim.largeSubbuffers.answered(
    procedure:
      "With sub-buffers of 64 KiB write as many events as fill two and a half. Get twice, with a put in between; record "
      + "the events of each, and the room after the data of the first.",
    [
      .lttng: .assumed("yes: the first is full, and the second continues after it", Claim.fullAndContiguous)
    ])

  package static let largeEvent = Claim.largeEvent.answered(
    procedure:
      "With sub-buffers of 8 KiB, then of 4 KiB: write a small event, one with a payload of 4080 bytes, which with its "
      + "headers is larger than 4096, and another small one; read everything.",
    [
      .lttng: .assumed(
        "all three with 8 KiB; with 4 KiB the large one is dropped and the others are delivered", from: "kernel"
      ) { seen in
        try Claim.largeEvents(seen, isReported: true)
      }
    ])
}

extension LTTngStudy {
  /// Unusual sizes of sub-buffers.
  package var geometryProbes: [Probe] {
    [
      probe(LTTngAnswers.largeSubbuffers, subbufferSize: 65_536) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(ring.eventsPerSubbuffer() * 5 / 2)
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let first = try stream.look()
        try stream.putNext()
        evidence.add("bytes of an event", ring.eventSize(payload: 16))
        evidence.add("first", first.sequences.first.map { "\($0)" } ?? "none")
        evidence.add("last of the first", first.sequences.last.map { "\($0)" } ?? "none")
        evidence.add("room in the first", first.packetCount - first.contentCount)
        evidence.add("get_next_subbuf again", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let second = try stream.look()
        try stream.putNext()
        evidence.add("first of the second", second.sequences.first.map { "\($0)" } ?? "none")
      }
    ]
  }

  /// The length of an event, on a live ring buffer.
  package var eventLengthProbe: Probe {
    Probe(LTTngAnswers.eventLength) { (evidence) throws(SourceError) in
      for payload in Claim.eventPayloads {
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        try withProbeRing(configuration) { (ring) throws(SourceError) in
          let stream = try ring.stream()
          try ring.write(1, payload: payload)
          try stream.flush(producerActive: true)
          try stream.getNext()
          evidence.add("payload of \(payload) bytes: bytes of data", try stream.look().contentCount - ring.headerSize)
          try stream.putNext()
        }
      }
    }
  }
}
