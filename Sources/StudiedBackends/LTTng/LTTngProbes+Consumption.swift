import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Probes of consumption: the events that are gone after a reader has gone.
  var consumptionProbes: [Probe] {
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
