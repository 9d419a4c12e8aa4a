import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Get and put in the wrong order.
  var getAndPutProbes: [Probe] {
    [
      probeInBothModes(LTTngAnswers.putTwice) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream()
        try stream.getNext()
        evidence.add("events of the first", try stream.look().sequences.count)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("put_next_subbuf again", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        evidence.add("consumed position", try stream.positions().consumed)
        evidence.add("size of a sub-buffer", ring.configuration.subbufferSize)
        try stream.getNext()
        evidence.add("first event then", try stream.look().sequences.first.map(String.init) ?? "none")
        try stream.putNext()
      },
      probe(LTTngAnswers.putNextAfterGetAt) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream()
        evidence.add("snapshot", ErrnoName.result(stream.snapshot()))
        let position = try stream.savedPositions().consumed &+ UInt(ring.configuration.subbufferSize)
        evidence.add("position of get_subbuf", position)
        evidence.add("get_subbuf", ErrnoName.result(stream.unsafeGetSubbuffer(at: position)))
        evidence.add("held after it", stream.lookText)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("consumed position after put_next_subbuf", try stream.positions().consumed)
        evidence.add("size of a sub-buffer", ring.configuration.subbufferSize)
      },
      probeInBothModes(LTTngAnswers.getAtWhileHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream(&evidence)
        try stream.getNext()
        evidence.add("events of the first", try stream.look().sequences.count)
        let position = try stream.savedPositions().consumed &+ UInt(ring.configuration.subbufferSize)
        evidence.add("get_subbuf", ErrnoName.result(stream.unsafeGetSubbuffer(at: position)))
        evidence.add("held after it", stream.lookText)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        evidence.addRest(of: stream)
      },
      probe(LTTngAnswers.sampleWhileHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream()
        try stream.getNext()
        evidence.add("consumed position at the get", try stream.savedPositions().consumed)
        try ring.write(3 * ring.eventsPerRing(), from: 4 * ring.eventsPerSubbuffer())
        evidence.add("consumed position after the writing", try stream.positions().consumed)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("consumed position after the put", try stream.positions().consumed)
      },
      probeInBothModes(LTTngAnswers.clearWhileHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream()
        try stream.getNext()
        let before = try stream.look()
        evidence.add("clear_buffer", ErrnoName.result(stream.clearBuffer()))
        let after = try stream.look()
        evidence.add("bytes of the held sub-buffer that changed", zip(before.bytes, after.bytes).count { $0 != $1 })
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("get_next_subbuf after the put", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        try evidence.addRecording(ring, stream)
      },
      probeInBothModes(LTTngAnswers.unalignedPosition) { (ring, evidence) throws(SourceError) in
        let stream = try ring.filledStream(&evidence)
        let consumed = try stream.positions().consumed
        evidence.add("get_subbuf at consumed + 1", stream.tryReading(at: consumed &+ 1))
        let size = UInt(ring.configuration.subbufferSize)
        evidence.add("get_subbuf in the middle of the second", stream.tryReading(at: consumed &+ size &+ size / 2))
        evidence.addRest(of: stream)
      },
      probeInBothModes(LTTngAnswers.putOnEmpty) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        try stream.flush(producerActive: true)
        let positions = try stream.positions()
        evidence.add("consumed, produced", "\(positions.consumed), \(positions.produced)")
        evidence.add("events produced", truth.produced)
        evidence.addDelivered(by: stream)
      },
      probeInBothModes(LTTngAnswers.putOnPartial) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        var produced = try ring.write(8).produced
        evidence.add("produced position", try stream.positions().produced)
        evidence.add("size of a sub-buffer", ring.configuration.subbufferSize)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        evidence.add("consumed position after the put", try stream.positions().consumed)
        let one = ring.eventsPerSubbuffer()
        do throws(SourceError) {
          produced += try ring.write(2 * one + one / 2, from: produced).produced
          evidence.add("the writer", "runs")
          evidence.add("events produced", produced)
        } catch {
          guard let ending = ring.writerEnding else { throw error }
          evidence.add("the writer", ending)
        }
        try stream.flush(producerActive: true)
        let positions = try stream.positions()
        evidence.add("consumed, produced", "\(positions.consumed), \(positions.produced)")
        evidence.addDelivered(by: stream)
      },
      probeInBothModes(LTTngAnswers.recordingAfterMisuse) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        try ring.write(2 * one + one / 2)
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("get_next_subbuf again", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("put_next_subbuf again", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        try evidence.addRecording(ring, stream)
      },
    ]
  }
}

extension LTTngRing {
  /// A stream with three full sub-buffers and a fourth that is filled by half.
  fileprivate func filledStream() throws(SourceError) -> Stream {
    let stream = try stream()
    try write(3 * eventsPerSubbuffer() + eventsPerSubbuffer() / 2)
    return stream
  }

  /// The same, with how many events were written as evidence.
  fileprivate func filledStream(_ evidence: inout Evidence) throws(SourceError) -> Stream {
    evidence.add("events written", 3 * eventsPerSubbuffer() + eventsPerSubbuffer() / 2)
    return try filledStream()
  }
}

extension LTTngStream {
  /// `get_subbuf` and `put_subbuf` where that may go wrong: what was found, or the errno, for an observation.
  fileprivate func tryReading(at position: UInt) -> String {
    let result = unsafeGetSubbuffer(at: position)
    guard result == 0 else { return ErrnoName.result(result) }
    return "\(lookText), put_subbuf \(ErrnoName.result(unsafePutSubbuffer()))"
  }
}

extension Evidence {
  /// Ends the partial sub-buffer, and writes down what can still be read by gets and puts, up to a sub-buffer that is no
  /// packet.
  fileprivate mutating func addRest(of stream: some LTTngStream) {
    do throws(SourceError) {
      try stream.flush(producerActive: true)
      let rest = try stream.readAll().sequences
      add("events read afterwards", rest.count)
      add("first and last of them", rest.asRange)
    } catch {
      add("events read afterwards", "\(error)")
    }
  }

  /// Writes down how many events can still be read, or why a packet cannot be.
  fileprivate mutating func addDelivered(by stream: some LTTngStream) {
    do throws(SourceError) {
      let packets = try stream.readAll()
      add("events delivered", packets.sequences.count)
      add("events_discarded of the packets", packets.discardedText)
    } catch {
      add("events delivered", error.detail)
    }
  }

  /// Has 8 events written and flushed, and writes down how many of them can be read.
  fileprivate mutating func addRecording(_ ring: some LTTngRing, _ stream: some LTTngStream) throws(SourceError) {
    let first: UInt64 = 1_000_000
    try ring.write(8, from: first)
    try stream.flush(producerActive: true)
    let read = try stream.readAll().sequences.filter { $0 >= first }
    add("events read of 8 that were written afterwards", read.count)
  }
}
