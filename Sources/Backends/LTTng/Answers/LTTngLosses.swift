import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let countNeverFalls = Claim(
    "discarded-count-never-falls", .losses, title: "Does events_discarded ever fall?",
    question: "If a flush ends a sub-buffer whose last event is not committed yet: is events_discarded of that "
      + "packet less than that of the previous packet?",
    source: "\(Cited.ctf): \"Snapshot of a per-stream free-running counter\"; lttng-ust, "
      + "ringbuffer-clients/template.h, and lttng-modules, lttng-ring-buffer-client.h, events_discarded: \"Events lost in "
      + "this subbuffer since the beginning of the trace. (may overflow)\"; lttng-ust, \"Fix: Sample discarded packet "
      + "counters per sub-buffer\", 2025-06-05, in 2.14.0: \"Trace readers expect that the value of `events_discarded` "
      + "increases from sub-buffer to sub-buffer.\"",
    procedure: "In discard mode write twice what fits and read everything. Write 4 events; make the writer stay "
      + "inside the write of one more, before its commit; flush_buffer(stream, 1); let it commit. Write 4 more, "
      + "flush, and read everything.",
    reaching: [
      .eventsDropped("events_discarded of the packet before it"),
      .writerInsideWrite { seen in try seen.number("packets got while the event is not committed") == 0 },
    ],
    [
      .lttng: .documented("no packet's events_discarded is less than that of the previous packet") { seen in
        try .yes(seen.number("counts that fell") != 0, expected: false)
      }
    ])

  package static let countOfLate = Claim(
    "count-of-a-late-packet", .losses, title: "events_discarded of a packet that is completed late",
    question:
      "If the last event of a packet is committed after later packets were filled and events were discarded: is "
      + "events_discarded of that packet the count at its end, and not that at its completion?",
    source:
      "lttng-ust f17f3fdf (1f8630c4 in 2.14.0), \"Fix: Sample discarded packet counters per sub-buffer\", 2025-06-05: \"If, "
      + "in the above example, events started to only be discarded after packet 4 is closed due to wrap-around, sub-buffer 1 "
      + "would close with a higher events discarded value than in sub-buffers 2, 3, and 4.\"; \(Cited.ctf): \"counting the number "
      + "of events discarded that were supposed to be written in the stream after the last event in the event packet\"",
    procedure:
      "In discard mode write 4 events; make the writer stay inside the write of one more, before its commit, and write, "
      + "in a signal handler there, twice what fits; let it commit; flush, and read everything.",
    reaching: [
      .writerInsideWrite { seen in
        try seen.number("events written while one is not committed") > 0
          && seen["get_next_subbuf then"].hasPrefix("-EAGAIN")
      },
      .eventsDropped("events_discarded of the last packet"),
    ],
    [
      .lttng: .documented("0: nothing was discarded before its end") { seen in
        let (late, last) = try (
          seen.number("events_discarded of the late packet"), seen.number("events_discarded of the last packet")
        )
        let answer = late == 0 ? "that of its end" : late == last ? "that of its completion" : "another count"
        return Answer(answer, expected: "that of its end")
      }
    ])

  package static let overwriteBesideUncommitted = Claim.overwriteBesideUncommitted.answered(
    procedure:
      "In overwrite mode write 4 events; make the writer stay inside the write of one more, before its commit, and "
      + "write, in a signal handler there, twice what fits; let it commit. Write 4 more, flush, and read everything.",
    [
      .lttngModules: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        reaching: lossInsideWrite, droppedBesideUncommitted),
      .lttngUST: .documented(
        "they are dropped, in one gap, and events_discarded is their number, without the overwritten ones",
        reaching: lossInsideWrite, droppedBesideUncommitted),
    ])

  package static let lossInsideWrite: [Mark] = [
    .writerInsideWrite { seen in try seen.number("events written while one is not committed") > 0 }, .eventsLost,
  ]

  package static func droppedBesideUncommitted(_ seen: Evidence) throws -> Answer {
    let lost = try seen.lost
    let discarded = try seen.number("events_discarded of the last packet")
    let gaps = try seen.number("gaps between the delivered")
    let isCounted = try seen.number("first delivered") + discarded == lost
    let answer =
      if gaps != 1 {
        gaps == 0 ? "not dropped" : "dropped in several gaps"
      } else if discarded <= 0 {
        "dropped, not counted"
      } else {
        isCounted ? "dropped, counted exactly" : "dropped, counted wrongly"
      }
    return Answer(answer, expected: "dropped, counted exactly")
  }

  package static let discardDropsNewest = Claim.discardDropsNewest.answered(
    procedure: "Write three times what fits without a reader; flush, and read everything.",
    [
      .lttng: .documented("the oldest are complete, from the first on without a gap", Claim.newestLost)
    ])

  package static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered(
    procedure: "Write three times what fits without a reader; flush, and read everything.",
    [
      .lttng: .documented("the newest are complete, up to the last without a gap", Claim.oldestLost)
    ])

  package static let discardCapacity = Claim.discardCapacity.answered(
    procedure:
      "Write three times what fits; flush, and read everything. The number of filled sub-buffers is the number of "
      + "delivered events divided by those of the fullest, rounded up.",
    [
      .lttng: .assumed("all sub-buffers of the channel: in discard mode the reader has none of its own") { seen in
        let (filled, all) = try (
          seen.number("sub-buffers that were filled"), seen.number("sub-buffers of the channel")
        )
        return Answer(filled == all ? "all" : filled < all ? "fewer" : "more", expected: "all")
      }
    ])

  package static let roomAfterRelease = Claim.roomAfterRelease.answered([
    .lttng: .documented("nothing after the get, a sub-buffer's worth after the put") { seen in
      let written = try seen.number("bytes produced after put_next_subbuf")
      let isOne =
        try abs(written - seen.number("size of a sub-buffer")) < seen.number("size of an event")
      let answer =
        switch try (
          seen.number("bytes produced while it is full"), seen.number("bytes produced after get_next_subbuf")
        ) {
        case (0, 0): isOne ? "the release" : "another amount of room"
        case (0, _): "the acquire"
        default: "none, it is not full"
        }
      return Answer(answer, expected: "the release")
    }
  ])

  package static let writerTold = Claim.writerTold.answered(
    procedure:
      "Write twice what fits without a reader; count the writes that failed, and compare with events_discarded.",
    [
      .lttngModules: .assumed(
        "as many writes fail as events are dropped", from: "kernel",
        reaching: [.eventsDropped("events_discarded of the last packet")]
      ) { seen in
        let dropped = try seen.number("events_discarded of the last packet")
        let failed = try seen.number("writes that failed")
        return Answer(failed == dropped ? "yes" : Claim.learned(failed), expected: "yes")
      },
      .lttngUST: .doesNotApply(
        to: "the result of a write", "a tracepoint is a function without a result: the traced program learns nothing"),
    ])

  package static let discardCounted = Claim.discardCounted.answered(
    procedure:
      "Write three times what fits without a reader; read everything. Flush the stream and read again: only a later "
      + "event, or the end of the stream, closes a packet with the last count.",
    [
      .lttng: .documented(
        "the count of lost event records, events_discarded of the last packet, is the number of dropped events"
      ) { seen in
        try Answer(seen.report("events_discarded of the last packet", of: seen.lost), expected: "exact")
      }
    ])

  package static let overwriteUncounted = Claim.overwriteUncounted.answered(
    procedure: "Write three times what fits without a reader; flush, and read everything.",
    [
      .lttng: .documented("events_discarded is not the number of lost events; only packet_seq_num has a gap") { seen in
        let report = try seen.report("events_discarded of the last packet", of: seen.lost)
        if report == "exact" { return Answer(report, isExpected: false) }
        let hasGap = try seen.number("packets missing before the first") > 0
        return Answer(hasGap ? "packet count only" : "no indication", isExpected: hasGap)
      }
    ])

  package static let receivedPlusDiscarded = Claim.receivedPlusDiscarded.answered(
    procedure: "Three times: write twice what fits, then read everything. Flush the stream at the end and read again.",
    [
      .lttngModules: .assumed(
        "received plus events_discarded of the last packet is the sum", from: "lttng-ust", receivedAndDiscarded),
      .lttngUST: .documented("received plus events_discarded of the last packet is the sum", receivedAndDiscarded),
    ])

  package static func receivedAndDiscarded(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("events_discarded of the last packet") == seen.lost)
  }

  package static let gapTimesEvents = Claim(
    "packet-gap-times-events", .losses, title: "Loss computed from the number of missing packets",
    question: "In overwrite mode, is the number of missing packets times the events of a full one the number of lost "
      + "events, if all events have one size?",
    source:
      "a question; lttng-concepts(7), Overwrite mode: \"a trace reader can use such sequence numbers to report lost "
      + "packets\"",
    procedure: "Write three times what fits and a few more, flush, read everything.",
    reaching: [.eventsLost],
    [
      .lttng: .assumed("exactly the number") { seen in
        let (packets, events) = try (
          seen.number("packets missing before the first"), seen.number("events of a full packet")
        )
        return try Answer(computed(packets, events, seen.lost), expected: "exact")
      }
    ])

  /// Compares a number of packets times their events with the number of lost events. Packets of equal events differ by
  /// one event if the header of an event is an extended one.
  package static func computed(_ packets: Int64, _ events: Int64, _ lost: Int64) -> String {
    let difference = (packets &* events &- lost).magnitude
    return difference == 0 ? "exact" : difference <= packets ? "approximate" : "wrong"
  }

  package static let lossBetweenAcquires = Claim.lossBetweenAcquires.answered([
    .lttng: .documented("the gap of packet_seq_num is the number of packets whose events are missing") { seen in
      let missing = try seen.number("events missing between the two")
      let gap = try seen.number("gap of packet_seq_num")
      let answer =
        switch try computed(gap, seen.number("events of the first"), missing) {
        case _ where gap == 0: "no indication"
        case "exact": "packet count only"
        default: "wrong packet count"
        }
      return Answer(answer, expected: "packet count only")
    }
  ])
}

extension LTTngStudy {
  /// Probes of losses and their reports to the reader.
  package var lossesProbes: [Probe] {
    [
      probe(LTTngAnswers.discardCounted, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing())
        let full = try stream.readAll()
        try stream.flush(producerActive: false)
        let all = try full + stream.readAll()
        evidence.addDelivered(all.sequences, of: truth.produced)
        evidence.add("events_discarded of the packets that were full", full.discardedText)
        evidence.add("events_discarded of the last packet", all.last?.eventsDiscarded ?? 0)
      },
      probe(LTTngAnswers.overwriteUncounted) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing())
        try stream.flush(producerActive: true)
        let all = try stream.readAll()
        evidence.addDelivered(all.sequences, of: truth.produced)
        evidence.add("packet_seq_num", all.map(\.packetSequenceNumber).asRange)
        evidence.add("packets missing before the first", all.first?.packetSequenceNumber ?? 0)
        evidence.add("events_discarded of the last packet", all.last?.eventsDiscarded ?? 0)
      },
      probe(LTTngAnswers.receivedPlusDiscarded, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        var produced: UInt64 = 0
        var packets: [LTTngLook] = []
        for _ in 1...3 {
          produced += try ring.write(2 * ring.eventsPerRing(), from: produced).produced
          packets += try stream.readAll()
        }
        try stream.flush(producerActive: false)
        packets += try stream.readAll()
        evidence.addDelivered(packets.sequences, of: produced)
        evidence.add("events_discarded of the last packet", packets.last?.eventsDiscarded ?? 0)
      },
      probe(LTTngAnswers.gapTimesEvents) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing() + 5)
        try stream.flush(producerActive: true)
        let packets = try stream.readAll()
        evidence.addDelivered(packets.sequences, of: truth.produced)
        evidence.add("packets missing before the first", packets.first?.packetSequenceNumber ?? 0)
        evidence.add("events of a full packet", packets.first?.sequences.count ?? 0)
      },
      probe(LTTngAnswers.lossBetweenAcquires) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let before = try ring.write(2 * ring.eventsPerRing())
        try stream.getNext()
        let first = try stream.look()
        try ring.write(3 * ring.eventsPerRing(), from: before.produced)
        try stream.putNext()
        try stream.getNext()
        let second = try stream.look()
        try stream.putNext()
        evidence.add("events of the first", first.sequences.count)
        evidence.add("packet_seq_num of the first", first.packetSequenceNumber)
        evidence.add("packet_seq_num of the second", second.packetSequenceNumber)
        evidence.add("gap of packet_seq_num", second.packetSequenceNumber &- first.packetSequenceNumber &- 1)
        evidence.add("events missing between the two", first.sequences.missing(before: second.sequences))
        evidence.add("events_discarded of the second", second.eventsDiscarded)
      },
      probe(LTTngAnswers.discardDropsNewest, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing())
        try stream.flush(producerActive: true)
        evidence.addDelivered(try stream.readAll().sequences, of: truth.produced)
      },
      probe(LTTngAnswers.overwriteDropsOldest) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing())
        try stream.flush(producerActive: true)
        evidence.addDelivered(try stream.readAll().sequences, of: truth.produced)
      },
      probe(LTTngAnswers.discardCapacity, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerRing())
        try stream.flush(producerActive: true)
        let packets = try stream.readAll()
        evidence.addDelivered(packets.sequences, of: truth.produced)
        evidence.addFilled(packets.map(\.sequences))
        evidence.add("sub-buffers of the channel", ring.configuration.subbufferCount)
      },
      probe(LTTngAnswers.roomAfterRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let ringful = 2 * ring.eventsPerRing()
        try ring.write(ringful)
        evidence.add("bytes produced while it is full", try bytesProduced(ring, stream, from: ringful))
        try stream.getNext()
        evidence.add("bytes produced after get_next_subbuf", try bytesProduced(ring, stream, from: 2 * ringful))
        try stream.putNext()
        evidence.add("bytes produced after put_next_subbuf", try bytesProduced(ring, stream, from: 3 * ringful))
        evidence.add("size of a sub-buffer", ring.configuration.subbufferSize)
        evidence.add("size of an event", ring.eventSize(payload: 16))
      },
      probe(LTTngAnswers.countNeverFalls, mode: .discard) { (ring, evidence) throws(SourceError) in
        // A packet that is filled to its last byte was counted before what is lost after it.
        guard let payload = ring.payload(leaving: { $0 >= 8 }) else { return }
        let stream = try ring.stream()
        var produced = try ring.write(2 * ring.eventsPerRing(payload: payload), payload: payload).produced
        var packets = try stream.readAll()
        produced += try ring.write(4, from: produced, payload: payload).produced
        var early: [LTTngLook] = []
        try ring.withUncommittedEvent(sequence: produced, payload: payload) { () throws(SourceError) in
          packets += try stream.readAll()
          try stream.flush(producerActive: true)
          early = try stream.readAll()
        }
        evidence.add("events_discarded of the packet before it", packets.last?.eventsDiscarded ?? 0)
        packets += try early + stream.readAll()
        produced += try 1 + ring.write(4, from: produced + 1, payload: payload).produced
        try stream.flush(producerActive: true)
        packets += try stream.readAll()
        let counts = packets.map(\.eventsDiscarded)
        evidence.add("events produced", produced)
        evidence.add("events delivered", packets.sequences.count)
        evidence.add("packets got while the event is not committed", early.count)
        evidence.add("events_discarded of the last three packets", Array(packets.suffix(3)).discardedText)
        evidence.add(
          "events of the last three packets", packets.suffix(3).map(\.sequences.asRange).joined(separator: ", "))
        evidence.add("counts that fell", zip(counts, counts.dropFirst()).count { $0 > $1 })
      },
      probe(LTTngAnswers.countOfLate, mode: .discard) { (ring, evidence) throws(SourceError) in
        // A packet that is filled to its last byte was counted before what is lost after it.
        guard let payload = ring.payload(leaving: { $0 >= 8 }) else { return }
        let stream = try ring.stream()
        let held = try ring.write(4, payload: payload).produced
        try ring.withUncommittedEvent(sequence: held, payload: payload) { () throws(SourceError) in
          let written =
            try ring.write(2 * ring.eventsPerRing(payload: payload), from: held + 1, payload: payload).produced
          evidence.add("events written while one is not committed", written)
          let got = stream.unsafeGetNextSubbuffer()
          evidence.add("get_next_subbuf then", ErrnoName.result(got))
          if got == 0 { try stream.putNext() }
        }
        try stream.flush(producerActive: true)
        let packets = try stream.readAll()
        let late = packets.first { $0.sequences.contains(held) }
        evidence.add("events_discarded of the packets", packets.discardedText)
        evidence.add("events of the late packet", late?.sequences.asRange ?? "none")
        evidence.add("events_discarded of the late packet", late.map { "\($0.eventsDiscarded)" } ?? "none")
        evidence.add("events_discarded of the last packet", packets.last?.eventsDiscarded ?? 0)
      },
      probe(LTTngAnswers.overwriteBesideUncommitted) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        var produced = try ring.write(4).produced
        let held = produced
        try ring.withUncommittedEvent(sequence: held, payload: 16) { () throws(SourceError) in
          produced += try 1 + ring.write(2 * ring.eventsPerRing(), from: held + 1).produced
          evidence.add("events written while one is not committed", produced - held - 1)
          let got = stream.unsafeGetNextSubbuffer()
          evidence.add("get_next_subbuf then", ErrnoName.result(got))
          if got == 0 { try stream.putNext() }
        }
        produced += try ring.write(4, from: produced).produced
        try stream.flush(producerActive: true)
        let packets = try stream.readAll()
        evidence.addDelivered(packets.sequences, of: produced)
        evidence.add("events of the last packet", packets.last?.sequences.asRange ?? "none")
        evidence.add("events_discarded of the last packet", packets.last?.eventsDiscarded ?? 0)
      },
    ]
  }

  /// Has twice written what fits.
  /// - Returns: by how much the produced position moved.
  private func bytesProduced(
    _ ring: Ring, _ stream: Ring.Stream, from first: UInt64
  ) throws(SourceError) -> UInt {
    let before = try stream.positions().produced
    try ring.write(2 * ring.eventsPerRing(), from: first)
    return try stream.positions().produced &- before
  }
}
