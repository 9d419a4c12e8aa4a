import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Probes of losses and their reports to the reader.
  var lossesProbes: [Probe] {
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
