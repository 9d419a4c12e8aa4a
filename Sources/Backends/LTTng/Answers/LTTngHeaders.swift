import CTFPackets
import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let packetHeader =
    "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Header Description: \"Trace UUID, used to ensure the "
    + "event packet match the metadata used.\""

  package static let since2_14 = "the call exists since lttng-ust and lttng-modules 2.14"

  package static let populate = "flush_events_or_populate_packet"

  /// A packet was made outside the ring buffer.
  package static let populated = Mark("packet-populated", "a packet was populated") { seen in
    try seen["populated"] == "yes"
  }

  package static let idsOfEmpty = Claim(
    "ids-of-empty-packets", .headers, title: "Ids of packets without events",
    question:
      "Do packets without events, the first one of a new ring buffer among them, have the UUID, the stream id and the "
      + "stream instance id of the channel, as packets with events have?",
    source: packetHeader + "; lttng-ust, ringbuffer-clients/template.h, and lttng-modules, lttng-ring-buffer-client.h, "
      + "client_buffer_begin, which fills in all three",
    procedure:
      "LTTng-UST: make a channel with the id 7. flush_buffer(stream, 0) on the new ring buffer, read; write 8 events, "
      + "flush, read; flush_buffer(stream, 0), read. Compare the three headers, and with get_stream_id and get_instance_id.",
    notModelled: "the header of the model has no ids",
    reaching: [
      .acquired("new: get_next_subbuf", "with events: get_next_subbuf", "emptied: get_next_subbuf"),
      Mark("without-and-with-events", "there were packets without events, and one with events") { seen in
        try seen.number("new: events") == 0 && seen.number("with events: events") == 8
          && seen.number("emptied: events") == 0
      },
    ],
    [
      .lttng: .documented("all three headers have the ids of the stream, and a UUID that is not 0") { seen in
        let ids = try ["new", "with events", "emptied"].map { try seen["\($0): ids"] }
        return try sameIDs(ids, ofStream: seen["ids of the stream"])
      }
    ])

  /// Compares ids of packets, written as "UUID, stream S, instance I", with each other and with "stream S, instance I".
  package static func sameIDs(_ ids: [String], ofStream stream: String) throws -> Answer {
    let uuids = ids.map { $0.prefix { $0 != "," } }
    let zeros = "-0"
    let answer =
      if uuids.contains(where: { $0.allSatisfy(zeros.contains) }) {
        "no: the UUID is 0"
      } else if !ids.allSatisfy({ $0.hasSuffix(", \(stream)") }) {
        "no: another stream"
      } else {
        Set(uuids).count == 1 ? "yes" : "no: another UUID"
      }
    return Answer(answer, expected: "yes")
  }

  package static let populatedIDs = Claim(
    "ids-of-populated-packet", .headers, title: "Ids of a populated packet",
    question:
      "Does a packet that flush_events_or_populate_packet makes outside the ring buffer have the UUID, the stream id and "
      + "the stream instance id of the packets in it?",
    source: packetHeader
      + "; lttng-modules, \"Fix: ring buffer: zeroed UUID in populated empty packet headers\", 2026-07-16 "
      + "(1d85bf72), in 2.16.0; lttng-ust, \"Fix: stream instance id mismatch for populated packets in per-channel "
      + "ringbuffers\", 2026-04-22 (674d30c2)",
    procedure: "Write 8 events, flush, read; flush_events_or_populate_packet. Compare both headers.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [.acquired("with events: get_next_subbuf"), populated],
    [
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("both headers have the same ids", idsOfPopulated),
      .lttngModules2_14: .documented("both headers have the same ids", idsOfPopulated),
    ])

  package static let idsOfPopulated: Expectation.Judge = { seen in
    try sameIDs([seen["with events: ids"], seen["populated: ids"]], ofStream: seen["ids of the stream"])
  }

  package static let populatedNumber = Claim(
    "number-of-populated-packet", .headers, title: "packet_seq_num of a populated packet",
    question: "Is packet_seq_num of a populated packet that of the next packet of the stream?",
    source:
      "lttng-ust, ustctl.c, lttng_ust_ctl_flush_events_or_populate_packet: \"To compute the sequence number that the "
      + "terminal packet should have, the produced position that was sampled is used to infer the current subbuffer index.\", "
      + "\"If a later packet uses the same sequence number, readers should discard the earlier duplicates\"",
    procedure:
      "Over two and a half laps: write a few events, flush, read, flush_events_or_populate_packet. Compare each number "
      + "with that of the packet before it.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [
      populated,
      .writerWrapped { seen in try seen.number("packets") > 2 * seen.number("sub-buffers") },
    ],
    [
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("always the number of the last packet plus 1", nextNumber),
      .lttngModules2_14: .assumed("always the number of the last packet plus 1", from: "lttng-ust", nextNumber),
    ])

  package static let nextNumber: Expectation.Judge = { seen in
    let wrong = try (seen.number("not the next number, first lap"), seen.number("not the next number, later"))
    let answer =
      switch wrong {
      case (0, 0): "the next one"
      case (0, _): "in later laps another one"
      default: "another one"
      }
    return Answer(answer, expected: "the next one")
  }

  package static let populatedCount = Claim(
    "count-of-populated-packet", .headers, title: "events_discarded of a populated packet",
    question: "Does a populated packet have the number of events that the stream has discarded?",
    source: "\(Cited.ctf): \"Snapshot of a per-stream free-running counter\"; lttng-ust, ustctl.c, "
      + "lttng_ust_ctl_flush_events_or_populate_packet, which passes current_events_discarded to packet_initialize",
    procedure:
      "In discard mode write twice what fits and read everything; flush_buffer(stream, 0), read the packet with the "
      + "last count; flush_events_or_populate_packet.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [.eventsDropped("events_discarded of the last packet"), populated],
    [
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("the same as the last packet: nothing was discarded since", countOfPopulated),
      .lttngModules2_14: .documented("the same as the last packet: nothing was discarded since", countOfPopulated),
    ])

  package static let countOfPopulated: Expectation.Judge = { seen in
    let last = try seen.number("events_discarded of the last packet")
    return try Answer(seen.report("events_discarded of the populated packet", of: last), expected: "exact")
  }

  package static let flagMeansMissed = Claim.flagMeansMissed.answered([
    .lttng: .documented(
      "packet_seq_num has a gap if events are missing before, and only then", reaching: Claim.lossesAndOthers,
      Claim.markedWhereMissing)
  ])

  package static let countBesideGap = Claim.countBesideGap.answered(
    procedure:
      "Three times lose events, in discard mode, and read everything. Record the size of each gap and the increase of "
      + "events_discarded in the packets on both sides of it. The events leave room at the end of a packet.",
    [
      .lttng: .documented(
        "events_discarded grows by the size of each gap at the packet before it", reaching: [.packetsFull(false)]
      ) { seen in
        try Claim.sideOfCount(seen, .before)
      }
    ])

  package static let countBesideGapOfFull = Claim(
    "count-beside-the-gap-of-full", .headers, title: "Side of the loss count if a packet is filled exactly",
    question: "If the last event of a packet ends with the sub-buffer, is the count of the events that were "
      + "discarded after it in that packet?",
    source: "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream "
      + "after the last event in the event packet\"; its note on full buffers: \"all we know\" may be \"that it is somewhere "
      + "between the beginning and the end of the packet\"",
    procedure: "Three times write twice what fits in discard mode, with events that fill a sub-buffer to its last "
      + "byte, and read everything. Record the size of each gap and the increase of events_discarded at the packets "
      + "on both sides of it.",
    reaching: [.losses("gaps", atLeast: 2), .packetsFull(true)],
    [
      .lttng: .assumed("without the note: events_discarded grows by the size of each gap at the packet before it") {
        seen in
        try Claim.sideOfCount(seen, .before)
      }
    ])

  package static let countStays = Claim(
    "count-of-a-complete-packet", .headers, title: "Do later losses change a complete packet's count?",
    question:
      "Does events_discarded of a packet that is complete change while more events are discarded: of one that is held, "
      + "and of those that are not yet read?",
    source:
      "\(Cited.ctf): \"counting the number of events discarded that were supposed to be written in the stream after the "
      + "last event in the event packet\"; lttng-ust f17f3fdf and lttng-modules 4ad4ea4c, \"Fix: Sample discarded packet "
      + "counters per sub-buffer\", 2025-06: \"The `events_discarded` value of a sub-buffer should be the number of packets "
      + "discarded in between the start timestamp and end timestamp of the packet.\"",
    procedure:
      "In discard mode write twice what fits; get the first packet and keep it; write twice what fits; read its header "
      + "again, put it, and read the others: all but the last were complete before the first loss.",
    reaching: [
      .subbufferHeld { seen in try seen.number("events of the held packet") > 0 },
      .eventsDropped("events_discarded of the last packet"),
    ],
    [
      .lttng: .documented("no: the held one and all others that were complete have 0") { seen in
        let isHeldChanged = try seen["events_discarded of the held packet"] != seen["the same after more losses"]
        let isUnreadChanged = try seen.number("complete, unread packets with another count than 0") != 0
        let answer =
          switch (isHeldChanged, isUnreadChanged) {
          case (false, false): "no"
          case (true, false): "yes, if held"
          case (false, true): "yes, if unread"
          case (true, true): "yes"
          }
        return Answer(answer, expected: "no")
      }
    ])

  package static let timesInOrder = Claim.timesInOrder.answered(
    procedure: "Write five and a half sub-buffers, flush, and compare the times of all headers and events.",
    [
      .lttng: .documented("the same, and no packet ends before its last event") { seen in
        let begins = try Claim.timesOfHeaders(seen)
        let isEndEarly = try seen.number("ended before their last event") != 0
        return Answer(begins == "yes" && isEndEarly ? "no, the end is early" : begins, expected: "yes")
      }
    ])

  package static let packetNumbers = Claim(
    "packet-numbers-contiguous", .headers, title: "Are packet numbers contiguous without losses?",
    question:
      "If nothing is lost, is each packet's number one more than that of the previous packet, over several laps "
      + "and with flushed packets in between?",
    source: "lttng-concepts(7), Overwrite mode: \"Since LTTng 2.8, with this mode, LTTng writes to a given "
      + "sub-buffer its sequence number within its data stream.\"",
    procedure: "In both modes, over three laps: write one and a half sub-buffers, flush, and read everything.",
    reaching: [
      .writerWrapped { seen in try ["overwrite", "discard"].allSatisfy { try seen.number("\($0): packets") > 16 } }
    ],
    [
      .lttng: .assumed("in both modes, from 0 on, without a gap") { seen in
        for mode in ["overwrite", "discard"] {
          let packets = try seen.number("\(mode): packets")
          if try seen.number("\(mode): first packet_seq_num") != 0
            || seen.number("\(mode): last packet_seq_num") != packets - 1
            || seen.number("\(mode): gaps of packet_seq_num") != 0
          {
            return Answer("no, not in \(mode) mode", expected: "yes")
          }
        }
        return Answer("yes", expected: "yes")
      }
    ])

  package static let packetSize = Claim(
    "packet-size-is-padded", .headers, title: "Is packet_size the content padded to whole pages?",
    question: "In a packet that was flushed before it was full: does content_size end at the last event, and is "
      + "packet_size whole pages?",
    source: "lttng-ust, ringbuffer-clients/template.h, client_buffer_end: content_size is data_size, packet_size "
      + "LTTNG_UST_PAGE_ALIGN(data_size), both in bits; lttng-modules, lttng-ring-buffer-client.h, client_buffer_end: the "
      + "same with PAGE_ALIGN(data_size)",
    procedure: "Write 16 events into sub-buffers of 16384 bytes, flush and get.",
    reaching: [.acquired("get_next_subbuf")],
    [
      .lttng: .assumed(
        "from the code: the 16 events end at content_size, and packet_size is content_size rounded up to 4096 bytes"
      ) { seen in
        // The decoder refuses a content that does not end with an event.
        if try seen.number("events in front of content_size") != 16 {
          return Answer("no, content_size is wrong", expected: "yes")
        }
        let padded = try (seen.number("content_size in bytes") + 4095) / 4096 * 4096
        return try .yes(seen.number("packet_size in bytes") == padded)
      }
    ])

  package static let dataSizeWithLoss = Claim.dataSizeWithLoss.answered([
    .lttng: .assumed("the same number of events have the same content_size", Claim.sizeAfterLoss)
  ])
}

extension LTTngStudy {
  /// Flags and counts in the header of a sub-buffer.
  package var headersProbes: [Probe] {
    [
      probe(LTTngAnswers.flagMeansMissed) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        var produced: UInt64 = 0
        var packets: [LTTngLook] = []
        for count in loadsWithAndWithoutLoss(ring.eventsPerRing(), ring.eventsPerSubbuffer()) {
          produced += try ring.write(count, from: produced).produced
          _ = stream.flushBuffer(producerActive: true)
          packets += try stream.readAll()
        }
        let missing = packets.missingBefore.map { $0 > 0 }
        let marked = packets.hasNumberGapBefore
        evidence.add("sub-buffers handed out", packets.count)
        evidence.add("with events missing before", missing.count { $0 })
        evidence.add("marked, of those", zip(missing, marked).count { $0 && $1 })
        evidence.add("marked, of the others", zip(missing, marked).count { !$0 && $1 })
      },
      probe(LTTngAnswers.countBesideGap, mode: .discard) { (ring, evidence) throws(SourceError) in
        try observeGaps(ring, &evidence) { $0 >= 8 }
      },
      probe(LTTngAnswers.countBesideGapOfFull, mode: .discard) { (ring, evidence) throws(SourceError) in
        try observeGaps(ring, &evidence) { $0 == 0 }
      },
      probe(LTTngAnswers.countStays, mode: .discard) { (ring, evidence) throws(SourceError) in
        guard let payload = ring.payload(leaving: { $0 >= 8 }) else { return }
        let stream = try ring.stream()
        let load = 2 * ring.eventsPerRing(payload: payload)
        try ring.write(load, payload: payload)
        try stream.getNext()
        let held = try stream.look()
        evidence.add("events of the held packet", held.sequences.count)
        evidence.add("events_discarded of the held packet", held.eventsDiscarded)
        try ring.write(load, from: load, payload: payload)
        evidence.add("the same after more losses", try stream.look().eventsDiscarded)
        try stream.putNext()
        try stream.flush(producerActive: true)
        let rest = try stream.readAll()
        evidence.add("events_discarded of the others", rest.discardedText)
        evidence.add(
          "complete, unread packets with another count than 0", rest.dropLast().count { $0.eventsDiscarded != 0 })
        evidence.add("events_discarded of the last packet", rest.last?.eventsDiscarded ?? 0)
      },
      probe(LTTngAnswers.timesInOrder) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let perSubbuffer = ring.eventsPerSubbuffer()
        try ring.write(5 * perSubbuffer + perSubbuffer / 2)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let packets = try stream.readAll()
        evidence.add("sub-buffers handed out", packets.count)
        evidence.add("later than their first event", packets.count { $0.timestamps.begin > $0.times.first ?? .max })
        evidence.add(
          "earlier than the last event before",
          zip(packets, packets.dropFirst()).count { before, next in next.timestamps.begin < before.times.last ?? 0 })
        evidence.add("ended before their last event", packets.count { $0.timestamps.end < $0.times.last ?? 0 })
        evidence.add(
          "first of them: begin, first event, last event, end",
          packets.first.map {
            "\($0.timestamps.begin), \($0.times.first ?? 0), \($0.times.last ?? 0), \($0.timestamps.end)"
          } ?? "none")
      },
      probeInBothModes(LTTngAnswers.packetNumbers) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let perSubbuffer = ring.eventsPerSubbuffer()
        var produced: UInt64 = 0
        var numbers: [UInt64] = []
        for _ in 0..<2 * ring.configuration.subbufferCount {
          produced += try ring.write(perSubbuffer + perSubbuffer / 2, from: produced).produced
          _ = stream.flushBuffer(producerActive: true)
          numbers += try stream.readAll().map(\.packetSequenceNumber)
        }
        evidence.add("packets", numbers.count)
        evidence.add("first packet_seq_num", numbers.first.map(String.init) ?? "none")
        evidence.add("last packet_seq_num", numbers.last.map(String.init) ?? "none")
        evidence.add("gaps of packet_seq_num", numbers.gapCount)
      },
      probe(LTTngAnswers.packetSize, subbufferSize: 16_384) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(16)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let look = try stream.look()
        evidence.add("events in front of content_size", look.sequences.count)
        evidence.add("content_size in bytes", look.contentCount)
        evidence.add("packet_size in bytes", look.packetCount)
        try stream.putNext()
      },
      probe(LTTngAnswers.dataSizeWithLoss) { (ring, evidence) throws(SourceError) in
        guard let payload = ring.payload(leaving: { $0 >= 8 }) else { return }
        let stream = try ring.stream()
        let written = try ring.write(3 * ring.eventsPerSubbuffer(payload: payload), payload: payload).produced
        var packets = try stream.readAll().prefix(2)
        try ring.write(2 * ring.eventsPerRing(payload: payload), from: written, payload: payload)
        packets += try stream.readAll().prefix(1)
        guard packets.count == 3 else { return }
        evidence.add("nothing lost: events", packets[1].sequences.count)
        evidence.add("nothing lost: bytes of data", packets[1].contentCount)
        evidence.add("after a loss: events missing before", Array(packets).missingBefore[2])
        evidence.add("after a loss: events", packets[2].sequences.count)
        evidence.add("after a loss: bytes of data", packets[2].contentCount)
      },
    ]
  }

  /// Each gap between two packets, and what the headers at its two sides count.
  /// - Parameter isWanted: whether N bytes are to be left at the end of a sub-buffer.
  private func observeGaps(
    _ ring: Ring, _ evidence: inout Evidence, _ isWanted: (Int) -> Bool
  ) throws(SourceError) {
    guard let payload = ring.payload(leaving: isWanted) else { return }
    let (_, packets) = try discardThreeTimes(ring, payload: payload)
    let counts = [0] + packets.map(\.eventsDiscarded)
    var gaps = 0
    for (index, missing) in packets.missingBefore.enumerated() where missing > 0 && index > 0 {
      gaps += 1
      evidence.add("bytes free before gap \(gaps)", ring.configuration.subbufferSize - packets[index - 1].contentCount)
      evidence.add("size of gap \(gaps)", missing)
      evidence.add("count before gap \(gaps)", counts[index] &- counts[index - 1])
      evidence.add("count behind gap \(gaps)", counts[index + 1] &- counts[index])
    }
    evidence.add("gaps", gaps)
  }
}

extension [LTTngLook] {
  /// The number of sequence numbers missing before the first event of each packet.
  fileprivate var missingBefore: [UInt64] {
    var next: UInt64 = 0
    return map { packet in
      defer { if let last = packet.sequences.last { next = last &+ 1 } }
      return packet.sequences.first.map { $0 &- next } ?? 0
    }
  }

  /// `true` if each packet's number is another than the one after the packet before it.
  fileprivate var hasNumberGapBefore: [Bool] {
    var next: UInt64 = 0
    return map { packet in
      defer { next = packet.packetSequenceNumber &+ 1 }
      return packet.packetSequenceNumber != next
    }
  }
}

extension LTTngStudy where Ring.Stream: LiveLTTngStream {
  /// Probes of packets outside the ring buffer.
  package var populatedPacketProbes: [Probe] {
    [
      probe(LTTngAnswers.populateOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addPopulated(try stream.flushOrPopulate())
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.populatedIDs) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try evidence.addIDs("with events", of: stream) { (stream) throws(SourceError) in
          try stream.flush(producerActive: true)
        }
        let packet = try stream.flushOrPopulate()
        evidence.addPopulated(packet)
        if let packet { evidence.add("populated: ids", packet.ids) }
      },
      probe(LTTngAnswers.populatedNumber) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let count = UInt64(ring.configuration.subbufferCount)
        var (last, populated): ([UInt64], [UInt64]) = ([], [])
        for packet in 0..<2 * count + count / 2 {
          try ring.write(8, from: 8 * packet)
          try stream.flush(producerActive: true)
          last.append(try stream.readOne().packetSequenceNumber)
          if let header = try stream.flushOrPopulate() { populated.append(header.packetSequenceNumber) }
        }
        evidence.add("populated", last.count == populated.count ? "yes" : "no")
        evidence.add("packets", last.count)
        evidence.add("sub-buffers", count)
        evidence.add("packet_seq_num of the packets", last.asList)
        evidence.add("packet_seq_num of a populated packet after each", populated.asList)
        let isWrong = zip(last, populated).map { $1 != $0 &+ 1 }
        evidence.add("not the next number, first lap", isWrong.prefix(Int(count)).count { $0 })
        evidence.add("not the next number, later", isWrong.dropFirst(Int(count)).count { $0 })
      },
      probe(LTTngAnswers.populatedCount, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(2 * ring.eventsPerRing())
        _ = try stream.readAll()
        try stream.flush(producerActive: false)
        let last = try stream.readOne()
        evidence.add("events_discarded of the last packet", last.eventsDiscarded)
        let packet = try stream.flushOrPopulate()
        evidence.addPopulated(packet)
        if let packet { evidence.add("events_discarded of the populated packet", packet.eventsDiscarded) }
      },
    ]
  }

  /// Flushes a new ring buffer, one with 8 events and an emptied one, and writes down the ids of the packets.
  package func observeIDs(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let stream = try ring.stream()
    try evidence.addIDs("new", of: stream) { (stream) throws(SourceError) in try stream.flush(producerActive: false) }
    try ring.write(8)
    try evidence.addIDs("with events", of: stream) { (stream) throws(SourceError) in
      try stream.flush(producerActive: true)
    }
    try evidence.addIDs("emptied", of: stream) { (stream) throws(SourceError) in
      try stream.flush(producerActive: false)
    }
  }
}

extension Evidence {
  fileprivate mutating func addPopulated(_ packet: PacketHeader?) {
    add("populated", packet == nil ? "no" : "yes")
  }

  /// Flushes, gets, and writes down the ids and the number of events of the packet.
  fileprivate mutating func addIDs<Stream: LiveLTTngStream>(
    _ name: String, of stream: Stream, _ flush: (Stream) throws(SourceError) -> Void
  ) throws(SourceError) {
    try flush(stream)
    let got = stream.unsafeGetNextSubbuffer()
    add("\(name): get_next_subbuf", ErrnoName.result(got))
    guard got == 0 else { return }
    add("\(name): ids", try stream.header().ids)
    add("\(name): events", try stream.look().sequences.count)
    try stream.putNext()
    if !observations.contains(where: { $0.name == "ids of the stream" }) {
      add("ids of the stream", try stream.ids())
    }
  }
}

extension [UInt64] {
  /// All numbers, for an observation.
  fileprivate var asList: String { map(String.init).joined(separator: ", ") }
}
