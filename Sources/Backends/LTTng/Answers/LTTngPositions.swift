import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let positions = Claim(
    "non-destructive-reading", .positions, title: "Can a sub-buffer be read twice before it is consumed?",
    question: "Can a sub-buffer be read by position more than once, without being consumed?",
    source: "lttng-ust, ustctl.c: lttng_ust_ctl_put_subbuf \"Release exclusive sub-buffer access\", without "
      + "put_next's \"move consumer forward\"; lttng-modules, include/ringbuffer/vfs.h: \"Reading sub-buffers without "
      + "consuming them can be performed with:\" the ioctls SNAPSHOT, SNAPSHOT_GET_CONSUMED and SNAPSHOT_GET_PRODUCED, "
      + "and then GET_SUBBUF and PUT_SUBBUF",
    procedure: "Write 500 events; take a snapshot; get_subbuf at its consumed position, put_subbuf, twice; then "
      + "get_next_subbuf.",
    reaching: [.acquired("snapshot")],
    [
      .lttngModules: .documented(
        "GET_SUBBUF at the consumed position works twice, and GET_NEXT_SUBBUF returns the same", readTwice),
      .lttngUST: .documented(
        "get_subbuf at the consumed position works twice, and get_next_subbuf returns the same", readTwice),
    ])

  package static func readTwice(_ seen: Evidence) throws -> Answer {
    let (first, second) = ("get_subbuf at consumed, time 1", "get_subbuf at consumed, time 2")
    for call in [first, second] where try seen.refuses(call) {
      return try Answer("no: \(seen.code(call))", isExpected: false)
    }
    let next = try seen["get_next_subbuf then"]
    return try .yes(next != "none" && seen[first] == next && seen[second] == next)
  }

  package static let snapshotRepeatable = Claim(
    "snapshot-repeatable", .positions, title: "Do two snapshots return the same events?",
    question: "Does a snapshot leave everything in place, so that a second one returns the same events?",
    source:
      "lttng-snapshot(1): \"When LTTng takes a snapshot, it does NOT clear the sub-buffers of the selected recording "
      + "session. In other words, different snapshots of the selected recording session can contain the same event "
      + "records.\"",
    procedure: "Fill half the ring buffer and flush. Twice: take a snapshot, then get_subbuf and put_subbuf at each "
      + "position from the consumed one to the produced one. At last get_next_subbuf and put_next_subbuf until refused.",
    reaching: [.acquired("first snapshot's result", "second snapshot's result")],
    [
      .lttng: .documented("both snapshots, and the reading after them, return all events that were written") { seen in
        let all = try seen["events written"]
        if try seen["first snapshot"] != all || seen["second snapshot"] != all { return .yes(false) }
        return try Answer(seen["get_next_subbuf then"] == all ? "yes" : "yes, but they consume", expected: "yes")
      }
    ])

  package static let snapshotNeedsFull = Claim(
    "snapshot-needs-full", .positions, title: "Snapshot without a full sub-buffer",
    question: "Is a snapshot refused with -EAGAIN as long as no sub-buffer has been ended?",
    source: "lttng-ust and lttng-modules, lib_ring_buffer_snapshot: \"-EAGAIN if there is currently no data to read at "
      + "consumed position\", \"Check that we are not about to read the same subbuffer in which the writer head is.\"",
    procedure: "Take a snapshot of the empty ring buffer, one after 3 events, and one after a flush.",
    reaching: .nothing,
    [
      .lttngModules: .documented(
        "-EAGAIN when empty, -EAGAIN with a partial sub-buffer, 0 after the flush", untilFlush),
      .lttngUST: .documented("-EAGAIN when empty, -EAGAIN with a partial sub-buffer, 0 after the flush", untilFlush),
    ])

  package static func untilFlush(_ seen: Evidence) throws -> Answer {
    let (empty, partial) = try (seen.code("snapshot when empty"), seen.code("snapshot after 3 events"))
    let flushed = try seen.code("snapshot after the flush")
    let answer =
      if empty != partial {
        "\(empty) when empty, then \(partial)"
      } else {
        flushed == "0" ? "\(empty) until a flush" : "\(flushed) even after a flush"
      }
    return Answer(answer, expected: "-EAGAIN until a flush")
  }

  package static let snapshotWhileWritten = Claim(
    "snapshot-while-written", .positions, title: "What does a snapshot lose to one more event?",
    question:
      "In overwrite mode: if the writer writes one more event after a snapshot of a full ring buffer, which of the "
      + "sampled packets can no longer be got, with a flush before the snapshot and without?",
    source:
      "lttng-tools, \"Fix: ust-consumerd: oldest packet lost in snapshot of active channel\", 2026-06-17 (43d9b732b): "
      + "\"The flush advances the producer position, and in overwrite mode this lets producers reclaim and overwrite the oldest "
      + "sub-buffer before the consumer gets a chance to read it.\"",
    procedure:
      "Twice: fill all sub-buffers but half of the last; flush the second time; take a snapshot; write one event; "
      + "get_subbuf and put_subbuf at each position from the consumed one to the produced one.",
    reaching: [.acquired("unflushed: snapshot", "flushed: snapshot")],
    [
      .lttngModules: .assumed(
        "nothing without the flush; with it the oldest packet, by -EAGAIN, and no other", from: "lttng-ust",
        lostToOneEvent),
      .lttngUST: .documented(
        "nothing without the flush; with it the oldest packet, by -EAGAIN, and no other", lostToOneEvent),
    ])

  package static func lostToOneEvent(_ seen: Evidence) throws -> Answer {
    let answer =
      if try seen.number("unflushed: positions refused") != 0 {
        "a packet, even without a flush"
      } else if try seen.number("unflushed: gaps between the events") + seen.number("flushed: gaps between the events")
        != 0
      {
        "other events"
      } else {
        switch try (seen.number("flushed: positions refused"), seen["flushed: first position"]) {
        case (0, _): "nothing"
        case (1, let oldest):
          oldest.hasPrefix("-") ? try "the oldest packet: \(seen.code("flushed: first position"))" : "another packet"
        default: "more than the oldest packet"
        }
      }
    return Answer(answer, expected: "the oldest packet: -EAGAIN")
  }

  package static let samplesAnywhere = Claim(
    "sampled-positions", .positions, title: "Can positions be sampled to the byte at any time?",
    question: "Can the positions be sampled at any time, exact to the byte?",
    source: "lttng-ust, lib_ring_buffer_snapshot_sample_positions: \"the positions are saved regardless of whether the "
      + "consumed and produced positions are in the same subbuffer\", \"This function is meant to provide information on "
      + "the exact producer and consumer positions\"; lttng-modules, include/ringbuffer/vfs.h, SNAPSHOT_SAMPLE_POSITIONS: "
      + "\"regardless of whether or not the two positions are contained within the same sub-buffer.\"",
    procedure: "Sample the positions after the first event and after the second.",
    reaching: .nothing,
    [
      .lttngModules: .documented(
        "both samples work, and the produced position moves by an event, whose header may be an extended one",
        samplesToTheByte),
      .lttngUST: .documented(
        "both samples work, and the produced position moves by an event, whose header may be an extended one",
        samplesToTheByte),
    ])

  package static func samplesToTheByte(_ seen: Evidence) throws -> Answer {
    for call in ["first sample", "second sample"] where try seen[call] != "0" {
      return try Answer("no: \(seen.code(call))", isExpected: false)
    }
    let size = try seen.number("size of an event")
    let step = try seen.number("produced of the second") - seen.number("produced of the first")
    return Answer(step >= size && step < 2 * size ? "yes" : "no, not to the byte", expected: "yes")
  }

  package static let lookAhead = Claim.lookAhead.answered(
    procedure:
      "Fill half the ring buffer; decode all sub-buffers by get_subbuf at each position, the last first; record what "
      + "was consumed; then read in order.",
    [
      .lttng: .assumed(
        "each position is readable; the consumed position does not move, and all events are delivered afterwards"
      ) { seen in
        try Claim.readAhead(seen, isConsumed: seen["consumed position before"] != seen["consumed position after"])
      }
    ])

  package static let outOfBounds = Claim(
    "position-out-of-bounds", .positions, title: "get_subbuf outside of consumed and produced",
    question: "Is get_subbuf refused at positions before the consumed one, and from the produced one on?",
    source:
      "lttng-ust and lttng-modules, lib_ring_buffer_get_subbuf: \"Check that the buffer we are getting is after or "
      + "at consumed_cur position.\"; \"-EAGAIN if there is currently no data to read\"",
    procedure: "Fill three sub-buffers and a half; get_next_subbuf and put_next_subbuf once; get_subbuf one sub-buffer "
      + "before the consumed position, at the produced one, one sub-buffer after it, and a whole ring buffer after it.",
    reaching: [.acquired("snapshot")],
    [
      .lttngModules: .documented("-EAGAIN each time; as a control, the position in between works", outsideOfBounds),
      .lttngUST: .documented("-EAGAIN each time; as a control, the position in between works", outsideOfBounds),
    ])

  package static func outsideOfBounds(_ seen: Evidence) throws -> Answer {
    let outside = [
      "get_subbuf one before consumed", "get_subbuf at produced", "get_subbuf one behind produced",
      "get_subbuf a ring buffer behind produced",
    ]
    let control = "get_subbuf one behind consumed"
    let results = try Set(outside.map { try seen.refuses($0) ? seen.code($0) : "works" })
    let isControlRefused = try seen[control] == "none" || seen.refuses(control)
    let answer =
      if isControlRefused {
        "refused within bounds too"
      } else if results.count == 1 {
        results.first ?? ""
      } else {
        results.contains("works") ? "not always refused" : "refused, with several errnos"
      }
    return Answer(answer, expected: "-EAGAIN")
  }

  package static let positionOverwritten = Claim(
    "position-overwritten", .positions, title: "get_subbuf at an overwritten position",
    question: "Is get_subbuf refused at a position whose sub-buffer the writer has overwritten since?",
    source:
      "lttng-ust and lttng-modules, lib_ring_buffer_get_subbuf: \"Check that the buffer we are getting is after or "
      + "at consumed_cur position.\"; lib_ring_buffer_reserve_push_reader has moved that forward: \"If buffer is in "
      + "overwrite mode, push the reader consumed count if the write position has reached it\"",
    procedure: "Fill three sub-buffers; take a snapshot; write three times what fits; get_subbuf at the snapshot's "
      + "consumed position.",
    reaching: [.positionPushed("consumed position now", beyond: "consumed position then")],
    [
      .lttngModules: .documented("it is refused", overwrittenPosition),
      .lttngUST: .documented("it is refused", overwrittenPosition),
    ])

  package static func overwrittenPosition(_ seen: Evidence) throws -> Answer {
    let call = "get_subbuf at the snapshot's position"
    let isRefused = try seen.refuses(call)
    return try Answer(isRefused ? seen.code(call) : "works", isExpected: isRefused)
  }

  package static let positionHeld = Claim(
    "position-held-while-overwritten", .positions, title: "Is a sub-buffer held by position left intact?",
    question: "In overwrite mode, does a sub-buffer that was got by its position stay unchanged while the writer wraps "
      + "around to that position, and is the position refused after the put?",
    source: "lttng-ust, ustctl.c, lttng_ust_ctl_get_subbuf, and lttng-modules, include/ringbuffer/vfs.h, GET_SUBBUF: "
      + "\"Get exclusive read access to the specified sub-buffer position\"; both, lib_ring_buffer_get_subbuf: \"Check that "
      + "the buffer we are getting is after or at consumed_cur position.\"",
    procedure:
      "Fill three sub-buffers and a bit; get_subbuf at the second one's position; write three times what fits; "
      + "compare the bytes; put_subbuf; get_subbuf at the same position; get_next_subbuf.",
    reaching: [
      .acquired("get_subbuf"), .positionPushed("consumed position then", beyond: "position of get_subbuf"),
    ],
    [
      .lttngModules: .documented("no byte of it changes, and the position is refused after the put", heldPosition),
      .lttngUST: .documented("no byte of it changes, and the position is refused after the put", heldPosition),
    ])

  package static func heldPosition(_ seen: Evidence) throws -> Answer {
    let isIntact = try seen.number("bytes of the held sub-buffer that changed") == 0
    let isRefused = try seen.refuses("get_subbuf at the position after the put")
    let answer = !isIntact ? "no" : isRefused ? "yes, until the put" : "yes, even after the put"
    return Answer(answer, expected: "yes, until the put")
  }

  package static let consumedOnlyForward = Claim(
    "consumed-only-forward", .positions, title: "Does a late put move the consumed position back?",
    question: "In overwrite mode, does a late put move the consumed position back from where the writer pushed it?",
    source:
      "lttng-ust and lttng-modules, lib_ring_buffer_reserve_push_reader: \"If buffer is in overwrite mode, push the "
      + "reader consumed count if the write position has reached it\"; lib_ring_buffer_move_consumer: \"Only push the "
      + "consumed value forward.\"",
    procedure: "Fill three sub-buffers; get_next_subbuf; write three times what fits; put_next_subbuf; sample the "
      + "positions. Not before: a sample changes the position from which put_next_subbuf counts.",
    reaching: [.worked("put_next_subbuf")],
    [
      .lttngModules: .documented("no: after the put it is where the writer pushed it", consumedAfterLatePut),
      .lttngUST: .documented("no: after the put it is where the writer pushed it", consumedAfterLatePut),
    ])

  package static func consumedAfterLatePut(_ seen: Evidence) throws -> Answer {
    let atGet = try seen.number("consumed position at the get")
    let isPushed =
      try seen.number("consumed position after the writing and the put") > atGet + seen.number("size of a sub-buffer")
    return .yes(!isPushed, expected: false)
  }
}

extension LTTngStudy {
  /// Reading by position, and snapshots.
  package var positionsProbes: [Probe] {
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
  package func all(_ subbufferSize: Int) -> StrideTo<UInt> {
    let size = UInt(subbufferSize)
    return stride(from: consumed, to: produced / size * size, by: Int(size))
  }
}

extension LTTngStream {
  /// `get_subbuf` and `put_subbuf`; the events that were found, or the errno, for an observation.
  package func readOnce(at position: UInt) throws(SourceError) -> String {
    let result = unsafeGetSubbuffer(at: position)
    guard result == 0 else { return ErrnoName.result(result) }
    let events = try look().sequences
    try LTTngCall.check(unsafePutSubbuffer(), "put_subbuf")
    return events.asRange
  }

  /// `get_subbuf` and `put_subbuf`; the events that were found, `nil` where it is refused.
  package func events(at position: UInt) throws(SourceError) -> [UInt64]? {
    guard unsafeGetSubbuffer(at: position) == 0 else { return nil }
    let events = try look().sequences
    try LTTngCall.check(unsafePutSubbuffer(), "put_subbuf")
    return events
  }
}
