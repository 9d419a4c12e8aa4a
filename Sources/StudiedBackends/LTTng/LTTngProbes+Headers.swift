import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Flags and counts in the header of a sub-buffer.
  var headersProbes: [Probe] {
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
