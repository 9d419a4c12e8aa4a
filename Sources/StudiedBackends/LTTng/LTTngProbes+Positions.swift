import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Reading by position, and snapshots.
  var positionsProbes: [Probe] {
    [
      probe(LTTngAnswers.positions) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        evidence.add("snapshot", ErrnoName.result(stream.snapshot()))
        let positions = try stream.savedPositions()
        evidence.add("consumed, produced", "\(positions.consumed), \(positions.produced)")
        for turn in 1...2 {
          evidence.add("get_subbuf at consumed, time \(turn)", try stream.readOnce(at: positions.consumed))
        }
        try stream.getNext()
        evidence.add("get_next_subbuf then", try stream.look().sequences.asRange)
        try stream.putNext()
      },
      probe(LTTngAnswers.snapshotRepeatable) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(ring.eventsPerRing() / 2)
        try stream.flush(producerActive: true)
        evidence.add("events written", Array(0..<truth.produced).asRange)
        for turn in ["first", "second"] {
          evidence.add("\(turn) snapshot's result", ErrnoName.result(stream.snapshot()))
          let positions = try stream.savedPositions()
          evidence.add("\(turn) snapshot's positions", "\(positions.consumed), \(positions.produced)")
          let all = try positions.all(ring.configuration.subbufferSize).map { (position) throws(SourceError) in
            try stream.events(at: position) ?? []
          }
          evidence.add("\(turn) snapshot", all.flatMap { $0 }.asRange)
        }
        evidence.add("get_next_subbuf then", try stream.readAll().sequences.asRange)
      },
      probe(LTTngAnswers.snapshotNeedsFull) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("snapshot when empty", ErrnoName.result(stream.snapshot()))
        try ring.write(3)
        evidence.add("snapshot after 3 events", ErrnoName.result(stream.snapshot()))
        try stream.flush(producerActive: true)
        evidence.add("snapshot after the flush", ErrnoName.result(stream.snapshot()))
      },
      Probe(LTTngAnswers.snapshotWhileWritten) { (evidence) throws(SourceError) in
        for isFlushed in [false, true] {
          try evidence.named(isFlushed ? "flushed: " : "unflushed: ") { (evidence) throws(SourceError) in
            let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
            try withProbeRing(configuration) { (ring) throws(SourceError) in
              try observeSnapshot(of: ring, isFlushed: isFlushed, &evidence)
            }
          }
        }
      },
      probe(LTTngAnswers.samplesAnywhere) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        for (turn, sequence) in [("first", UInt64(0)), ("second", 1)] {
          try ring.write(1, from: sequence)
          evidence.add("\(turn) sample", ErrnoName.result(stream.snapshotSamplePositions()))
          let positions = try stream.savedPositions()
          evidence.add("consumed of the \(turn)", positions.consumed)
          evidence.add("produced of the \(turn)", positions.produced)
        }
        evidence.add("size of an event", ring.eventSize(payload: 16))
      },
      probe(LTTngAnswers.lookAhead) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(ring.eventsPerRing() / 2)
        try stream.flush(producerActive: true)
        evidence.add("events written", Array(0..<truth.produced).asRange)
        let positions = try stream.positions()
        evidence.add("consumed position before", positions.consumed)
        var seen: [UInt64] = []
        for position in positions.all(ring.configuration.subbufferSize).reversed() {
          seen = try (stream.events(at: position) ?? []) + seen
        }
        evidence.add("events seen ahead", seen.asRange)
        evidence.add("consumed position after", try stream.positions().consumed)
        evidence.add("events read afterwards", try stream.readAll().sequences.asRange)
      },
      probe(LTTngAnswers.outOfBounds) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        try ring.write(3 * one + one / 2)
        try stream.getNext()
        try stream.putNext()
        evidence.add("snapshot", ErrnoName.result(stream.snapshot()))
        let positions = try stream.savedPositions()
        evidence.add("consumed, produced", "\(positions.consumed), \(positions.produced)")
        let size = UInt(ring.configuration.subbufferSize)
        evidence.add("get_subbuf one behind consumed", try stream.readOnce(at: positions.consumed &+ size))
        evidence.add("get_subbuf one before consumed", try stream.readOnce(at: positions.consumed &- size))
        evidence.add("get_subbuf at produced", try stream.readOnce(at: positions.produced))
        evidence.add("get_subbuf one behind produced", try stream.readOnce(at: positions.produced &+ size))
        evidence.add(
          "get_subbuf a ring buffer behind produced",
          try stream.readOnce(at: positions.produced &+ UInt(ring.configuration.capacity)))
      },
      probe(LTTngAnswers.positionOverwritten) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerSubbuffer() + 1)
        evidence.add("snapshot", ErrnoName.result(stream.snapshot()))
        let then = try stream.savedPositions().consumed
        evidence.add("consumed position then", then)
        try ring.write(3 * ring.eventsPerRing(), from: truth.produced)
        evidence.add("consumed position now", try stream.positions().consumed)
        evidence.add("get_subbuf at the snapshot's position", try stream.readOnce(at: then))
        evidence.add("get_next_subbuf afterwards", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.positionHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerSubbuffer() + 1)
        let position = try stream.positions().consumed &+ UInt(ring.configuration.subbufferSize)
        evidence.add("position of get_subbuf", position)
        evidence.add("get_subbuf", ErrnoName.result(stream.unsafeGetSubbuffer(at: position)))
        let before = try stream.look()
        evidence.add("held", before.sequences.asRange)
        try ring.write(3 * ring.eventsPerRing(), from: truth.produced)
        evidence.add("consumed position then", try stream.positions().consumed)
        let changed = zip(before.bytes, try stream.look().bytes).count { $0 != $1 }
        evidence.add("bytes of the held sub-buffer that changed", changed)
        evidence.add("put_subbuf", ErrnoName.result(stream.unsafePutSubbuffer()))
        evidence.add(
          "get_subbuf at the position after the put", ErrnoName.result(stream.unsafeGetSubbuffer(at: position)))
        evidence.add("get_next_subbuf afterwards", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.consumedOnlyForward) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3 * ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        evidence.add("consumed position at the get", try stream.savedPositions().consumed)
        try ring.write(3 * ring.eventsPerRing(), from: truth.produced)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("consumed position after the writing and the put", try stream.positions().consumed)
        evidence.add("size of a sub-buffer", ring.configuration.subbufferSize)
      },
    ]
  }

  /// Takes a snapshot of a full ring buffer, has one event written, and reads at each position of the snapshot.
  private func observeSnapshot(
    of ring: Ring, isFlushed: Bool, _ evidence: inout Evidence
  ) throws(SourceError) {
    let stream = try ring.stream()
    let written = try ring.write(ring.eventsPerRing() - ring.eventsPerSubbuffer() / 2).produced
    if isFlushed { try stream.flush(producerActive: true) }
    evidence.add("snapshot", ErrnoName.result(stream.snapshot()))
    let positions = try stream.savedPositions()
    evidence.add("snapshot's positions", "\(positions.consumed), \(positions.produced)")
    try ring.write(1, from: written)
    var results: [String] = []
    var events: [UInt64] = []
    for position in positions.all(ring.configuration.subbufferSize) {
      let result = stream.unsafeGetSubbuffer(at: position)
      results.append(ErrnoName.result(result))
      guard result == 0 else { continue }
      events += try stream.look().sequences
      try LTTngCall.check(stream.unsafePutSubbuffer(), "put_subbuf")
    }
    evidence.add("positions", results.count)
    evidence.add("positions refused", results.count { $0 != "0" })
    evidence.add("first position", results.first ?? "none")
    evidence.add("events", events.asRange)
    evidence.add("gaps between the events", events.gapCount)
    evidence.add("consumed position then", try stream.positions().consumed)
  }
}

extension Positions {
  /// The positions of the sub-buffers from the consumed one up to the produced one.
  func all(_ subbufferSize: Int) -> StrideTo<UInt> {
    let size = UInt(subbufferSize)
    return stride(from: consumed, to: produced / size * size, by: Int(size))
  }
}

extension LTTngStream {
  /// `get_subbuf` and `put_subbuf`; the events that were found, or the errno, for an observation.
  func readOnce(at position: UInt) throws(SourceError) -> String {
    let result = unsafeGetSubbuffer(at: position)
    guard result == 0 else { return ErrnoName.result(result) }
    let events = try look().sequences
    try LTTngCall.check(unsafePutSubbuffer(), "put_subbuf")
    return events.asRange
  }

  /// `get_subbuf` and `put_subbuf`; the events that were found, `nil` where it is refused.
  func events(at position: UInt) throws(SourceError) -> [UInt64]? {
    guard unsafeGetSubbuffer(at: position) == 0 else { return nil }
    let events = try look().sequences
    try LTTngCall.check(unsafePutSubbuffer(), "put_subbuf")
    return events
  }
}
