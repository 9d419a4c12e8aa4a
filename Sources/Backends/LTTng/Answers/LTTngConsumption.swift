import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let reopened = Claim.reopened.answered(
    procedure:
      "Write 8 events; a reader flushes, reads everything and leaves; write 4 more; a second reader flushes and reads "
      + "everything.",
    [
      .lttng: .assumed("the second reader gets exactly the 4 new events", from: "kernel") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      }
    ])

  package static let deadReader = Claim.deadReader.answered(
    procedure: "Write 8 events; a reader gets, and ends without reading or putting; a second reader gets, puts without "
      + "consuming, and gets once more. The stream is closed, not the process: the ring buffer would end with it.",
    [
      .lttng: .assumed(
        "from \"move consumer forward\" at the put: yes, without a put nothing is consumed",
        reaching: [
          .subbufferHeld { seen in
            try ["overwrite", "discard"].allSatisfy { try seen["\($0): first reader: events"] != "none" }
          }
        ]
      ) { seen in
        let discard = try deliveredAgain(seen, "discard")
        let overwrite = try deliveredAgain(seen, "overwrite")
        if overwrite != discard { return Answer("overwrite: \(overwrite); discard: \(discard)", expected: "yes") }
        let isAll = try seen["discard: first reader: events"] == "0 … 7 (8)"
        return Answer(overwrite == "yes" && !isAll ? "yes, in part" : overwrite, expected: "yes")
      }
    ])

  package static func deliveredAgain(_ seen: Evidence, _ mode: String) throws -> String {
    let second = try seen["\(mode): second reader: events"]
    if try second == seen["\(mode): first reader: events"] { return "yes" }
    if second.hasPrefix("malformed") { return "invalid memory" }
    if second != "none" { return "in part" }
    let call = "\(mode): second reader: get_next_subbuf"
    return try seen.works(call) ? "no" : "no: \(seen.code(call))"
  }

  package static let consumedAtRelease = Claim.consumedAtRelease.answered(
    procedure: "Write two and a half sub-buffers; get one; put it. Record the consumed position at each point.",
    [
      .lttngModules: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
      .lttngUST: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
    ])

  package static func consumedPosition(_ seen: Evidence) throws -> Answer {
    let before = try seen.number("consumed before")
    if try seen.number("consumed after the acquire") != before {
      return Answer("at the acquire", expected: "at the release")
    }
    let isOneFurther =
      try seen.number("consumed after the release") == before + seen.number("bytes of a sub-buffer")
    return Answer(isOneFurther ? "at the release" : "not by one sub-buffer", expected: "at the release")
  }

  package static let restKept = Claim.restKept.answered(
    procedure: "Write three and a half sub-buffers; a reader gets one, puts it and leaves; a second reads the rest.",
    [
      .lttng: .assumed("the two together get every event once", Claim.bothGetAll)
    ])

  package static let releasedIsGone = Claim.releasedIsGone.answered(
    procedure: "Get a full sub-buffer and put it; get it again by its position.",
    [
      .lttngModules: .documented(
        "no: GET_SUBBUF at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
      .lttngUST: .documented(
        "no: get_subbuf at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
    ])

  package static func releasedPosition(_ seen: Evidence) throws -> Answer {
    let after = try seen.code("get_subbuf at its position after the put")
    return after == "0" ? .yes(true, expected: false) : Answer("no: \(after)", isExpected: true)
  }

  package static let killedOutside = Claim.killedOutside.answered(
    procedure: "Write two and a half sub-buffers; kill the writer while it waits; flush, and read everything.",
    [
      .lttng: .assumed(
        "every event is delivered, the partial sub-buffer by flush_buffer(stream, 0)", Claim.deliveredOfKilled)
    ])

  package static let killedInside = Claim(
    "writer-killed-inside-a-write", .consumption, title: "Readable events of a writer killed inside a write",
    question: "What is still readable after a writer was killed between reserve and commit?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is killed (SIGTERM, "
      + "SIGINT, SIGKILL) between reserve and commit ring buffer operation.\" … \"no further buffer data will be "
      + "readable by the consumer daemon\"",
    procedure: "In discard mode write two and a half sub-buffers; make the writer end inside its next write, by a "
      + "payload that cannot be read; flush_buffer(stream, 0), and read until a get is refused.",
    reaching: [.writerEnded],
    [
      .lttngModules: .assumed(
        "the packets before it are readable; the one with the uncommitted event is not", from: "lttng-ust",
        packetsBefore),
      .lttngUST: .documented(
        "the packets before it are readable; the one with the uncommitted event is not", packetsBefore),
    ])

  package static func packetsBefore(_ seen: Evidence) throws -> Answer {
    let packets = try seen.number("packets delivered")
    let isComplete = try seen.number("events delivered") >= seen.number("events produced")
    let isRefused = try seen["get_next_subbuf behind them"] != "0"
    let answer =
      if isComplete {
        "all"
      } else if packets == 0 {
        "none"
      } else if packets != 2 {
        "another number of packets"
      } else {
        isRefused ? "only the packets before it" : "its packet too"
      }
    return Answer(answer, expected: "only the packets before it")
  }

  package static let killedInsideTold = Claim(
    "writer-killed-inside-told", .consumption, title: "Reported loss of a writer killed inside a write",
    question: "Do the counters of the readable packets report the committed events that are lost with a writer killed "
      + "inside a write?",
    source: "a question; lttng-concepts(7), Discard mode: \"LTTng increments a count of lost event records when an "
      + "event record is lost and saves this count to the trace\"",
    procedure: "As for a writer killed inside a write.",
    reaching: [.writerEnded, .eventsLost],
    [
      .lttng: .assumed("events_discarded of the last packet is the number of lost events") { seen in
        try Answer(seen.report("events_discarded of the last packet", of: seen.lost), expected: "exact")
      }
    ])

  package static let lostBetweenReaders = Claim.lostBetweenReaders.answered(
    procedure:
      "Write one and a half sub-buffers; a first reader flushes, reads everything and leaves; overwrite the ring buffer "
      + "twice; a second reader gets until events are missing.",
    [
      .lttng: .documented(
        "packet_seq_num has a gap between the last packet of the first and the first packet of the second reader"
      ) { seen in
        let hasGap = try seen.number("gap of packet_seq_num") > 0
        return Answer(hasGap ? "packet count only" : "no indication", expected: "packet count only")
      }
    ])
}

extension LTTngStudy {
  /// Probes of consumption: the events that are gone after a reader has gone.
  package var consumptionProbes: [Probe] {
    [
      probe(LTTngAnswers.reopened) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try flushAndReadAll(ring).asRange)
        try ring.write(4, from: 8)
        evidence.add("second reader: events", try flushAndReadAll(ring).asRange)
      },
      probeInBothModes(LTTngAnswers.deadReader) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try getAndLeave(ring).asRange)
        let stream = try ring.stream()
        evidence.add("second reader: flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("second reader: get_next_subbuf", ErrnoName.result(got))
        evidence.add("second reader: events", got == 0 ? stream.eventsText : "none")
        guard got == 0 else { return }
        evidence.add("second reader: put_subbuf", ErrnoName.result(stream.unsafePutSubbuffer()))
        let gotAgain = stream.unsafeGetNextSubbuffer()
        evidence.add("second reader: get_next_subbuf after it", ErrnoName.result(gotAgain))
        evidence.add("second reader: events after it", gotAgain == 0 ? stream.eventsText : "none")
      },
      probe(LTTngAnswers.consumedAtRelease) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(2 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
        evidence.add("bytes of a sub-buffer", ring.configuration.subbufferSize)
        evidence.add("consumed before", try stream.positions().consumed)
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("consumed after the acquire", try stream.positions().consumed)
        try stream.putNext()
        evidence.add("consumed after the release", try stream.positions().consumed)
      },
      probe(LTTngAnswers.restKept) { (ring, evidence) throws(SourceError) in
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", try ring.write(3 * perSubbuffer + perSubbuffer / 2).produced)
        let first = try getPutAndLeave(ring)
        let second = try flushAndReadAll(ring)
        evidence.add("events of the first reader", first.count)
        evidence.add("events of the second reader", second.count)
        evidence.add("events of both readers", first.count + second.count)
        evidence.add("gaps between the events", (first + second).gapCount)
      },
      probe(LTTngAnswers.releasedIsGone) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(3 * ring.eventsPerSubbuffer())
        let position = try stream.positions().consumed
        evidence.add("get_subbuf at its position before", ErrnoName.result(stream.unsafeGetSubbuffer(at: position)))
        evidence.add("put_subbuf", ErrnoName.result(stream.unsafePutSubbuffer()))
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        try stream.putNext()
        let again = stream.unsafeGetSubbuffer(at: position)
        evidence.add("get_subbuf at its position after the put", ErrnoName.result(again))
        if again == 0 { _ = stream.unsafePutSubbuffer() }
      },
      probe(LTTngAnswers.lostBetweenReaders) { (ring, evidence) throws(SourceError) in
        let perSubbuffer = ring.eventsPerSubbuffer()
        let written = try ring.write(perSubbuffer + perSubbuffer / 2).produced
        let last = try flushAndGetAll(ring).last
        evidence.add("first reader: last packet", last?.packetSequenceNumber ?? .max)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        guard let last, let behind = try flushAndGetAll(ring).first else { return }
        evidence.add("second reader: first packet", behind.packetSequenceNumber)
        evidence.add("events missing between the two readers", last.sequences.missing(before: behind.sequences))
        evidence.add("gap of packet_seq_num", behind.packetSequenceNumber &- last.packetSequenceNumber &- 1)
        evidence.add("events_discarded", behind.eventsDiscarded)
      },
      probe(LTTngAnswers.killedOutside) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let perSubbuffer = ring.eventsPerSubbuffer()
        let produced = try ring.write(2 * perSubbuffer + perSubbuffer / 2).produced
        ring.endWriter()
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: false)))
        evidence.addDelivered(try stream.readAll().sequences, of: produced)
      },
      probe(LTTngAnswers.killedInside, mode: .discard) { (ring, evidence) throws(SourceError) in
        try observeDeathInsideWrite(ring, &evidence)
      },
      probe(LTTngAnswers.killedInsideTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        try observeDeathInsideWrite(ring, &evidence)
      },
    ]
  }

  /// A reader that ends the partial sub-buffer, reads everything and leaves.
  private func flushAndReadAll(_ ring: Ring) throws(SourceError) -> [UInt64] {
    try flushAndGetAll(ring).sequences
  }

  /// The same, with all of each packet.
  private func flushAndGetAll(_ ring: Ring) throws(SourceError) -> [LTTngLook] {
    let stream = try ring.stream()
    _ = stream.flushBuffer(producerActive: true)
    return try stream.readAll()
  }

  /// A reader that gets a sub-buffer and leaves without having put it.
  /// - Returns: what was in it.
  private func getAndLeave(_ ring: Ring) throws(SourceError) -> [UInt64] {
    let stream = try ring.stream()
    _ = stream.flushBuffer(producerActive: true)
    return stream.unsafeGetNextSubbuffer() == 0 ? try stream.look().sequences : []
  }

  /// A reader that gets and puts one sub-buffer and leaves.
  private func getPutAndLeave(_ ring: Ring) throws(SourceError) -> [UInt64] {
    let stream = try ring.stream()
    guard stream.unsafeGetNextSubbuffer() == 0 else { return [] }
    let sequences = try stream.look().sequences
    try stream.putNext()
    return sequences
  }

  /// Observes the readable data after the writer ended between reserve and commit, in its third sub-buffer.
  private func observeDeathInsideWrite(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let stream = try ring.stream()
    let perSubbuffer = ring.eventsPerSubbuffer()
    let committed = try ring.write(2 * perSubbuffer + perSubbuffer / 2).produced
    evidence.add("the writer", try ring.endWriterInsideWrite(sequence: committed))
    evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: false)))
    let packets = try stream.readAll()
    evidence.addDelivered(packets.sequences, of: committed)
    evidence.add("packets delivered", packets.count)
    evidence.add("events_discarded of the last packet", packets.last?.eventsDiscarded ?? 0)
    evidence.add("get_next_subbuf behind them", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
    let positions = try stream.positions()
    evidence.add("positions", "consumed \(positions.consumed), produced \(positions.produced)")
  }
}
