import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let finalized = Claim(
    "eagain-and-enodata", .finalisation, title: "Empty acquire before and after the end of the stream",
    question: "What does an acquire return if there is nothing to read: before and after the end of the writer?",
    source: "lttng-ust, lib_ring_buffer_get_subbuf: \"Returns -ENODATA if buffer is finalized, -EAGAIN if there is "
      + "currently no data to read\"; nothing in v2.13.5 sets finalized; lttng-modules, the same words, and "
      + "channel_destroy: \"when readers have completed data consumption of finalized channels, get_subbuf() will "
      + "return -ENODATA\"",
    procedure:
      "Write 8 events, less than a sub-buffer, and get. End the writer (lttng-modules: the session); LTTng-UST: "
      + "flush_buffer(stream, 0). Read everything and get again.",
    reaching: .nothing,
    [
      .lttngModules: .documented("-EAGAIN during the session; -ENODATA when it has ended and everything is read") {
        seen in
        try emptyAcquires(seen, before: "session there: get_next_subbuf")
      },
      .lttngUST: .assumed(
        "the end of the process finalizes the buffer: -EAGAIN while it runs, -ENODATA when everything is read"
      ) { seen in
        try emptyAcquires(seen, before: "process runs: get_next_subbuf")
      },
    ])

  package static func emptyAcquires(_ seen: Evidence, before: String) throws -> Answer {
    let codes = try [seen.code(before), seen.code("all is read: get_next_subbuf")]
    return Answer(
      codes[0] == codes[1] ? "\(codes[0]) both times" : codes.joined(separator: ", then "),
      expected: "-EAGAIN, then -ENODATA")
  }

  package static let endToldByPoll = Claim.endToldByPoll.answered(
    procedure: "Write 8 events (LTTng-UST: close this process's own write end of the pipe first) and poll. End the "
      + "writer (lttng-modules: the session) and poll. lttng-modules: read everything and poll.",
    [
      .lttngModules: .assumed(
        "as the consumer daemon expects: POLLHUP when the session has ended and everything is read, and not before"
      ) { seen in
        if try seen["session there: poll"].contains("POLLHUP") {
          return Answer("POLLHUP before the end", isExpected: false)
        }
        guard try seen["all is read: poll"].contains("POLLHUP") else { return Answer("no POLLHUP", isExpected: false) }
        let isAtOnce = try seen["session ended: poll"].contains("POLLHUP")
        return Answer(isAtOnce ? "POLLHUP at once" : "POLLHUP when all is read", isExpected: true)
      },
      .lttngUST: .documented("POLLHUP when the writer has ended, and not before") { seen in
        if try seen["writer lives: poll"].contains("POLLHUP") {
          return Answer("POLLHUP before the end", isExpected: false)
        }
        let isReported = try seen["writer has ended: poll"].contains("POLLHUP")
        return Answer(isReported ? "POLLHUP at once" : "no POLLHUP", expected: "POLLHUP at once")
      },
    ])

  package static let restAfterEnd = Claim.restAfterEnd.answered(
    procedure:
      "Fill two and a half sub-buffers. End the writer (lttng-modules: the session); LTTng-UST: flush_buffer(stream, "
      + "0). Read everything.",
    [
      .lttngModules: .assumed("all of them: the end of the session ends the partial sub-buffer", Claim.allAreThere),
      .lttngUST: .assumed("as the consumer daemon does: all of them, after a flush") { seen in
        let all = try Claim.allAreThere(seen)
        let before = try? seen.number("events delivered before the flush")
        guard all.isExpected, let before, try before < seen.number("events delivered") else { return all }
        return Answer("yes, after a flush", isExpected: true)
      },
    ])

  package static let recordingOffTold = Claim.recordingOffTold.answered(
    procedure:
      "Write 8 events and read everything; get and poll with a timeout of 0. Switch recording off by stop_session; get "
      + "and poll again.",
    [
      .lttng: .assumed(
        "yes: the acquire or poll returns something else than before",
        reaching: [.recordingOff { seen in try seen.number("bytes produced by 8 events then") == 0 }],
        Claim.offIsReported
      )
    ])

  package static let flushOfEmpty = Claim(
    "flush-of-empty", .finalisation, title: "Final flush of an empty sub-buffer",
    question: "Does flush_buffer(stream, 0) end a sub-buffer without events, so that a packet reports the time up to "
      + "the end? (lttng-modules: FLUSH_EMPTY)",
    source:
      "lttng-ust, lib_ring_buffer_try_switch_slow: \"Ensure we flush the header of an empty subbuffer when doing the "
      + "finalize (SWITCH_FLUSH). This ensures that we end up knowing the total data gathering duration even if there "
      + "were no records saved after the last buffer switch.\"; lttng-modules, ring_buffer_frontend.c, the same "
      + "words, and include/ringbuffer/vfs.h, FLUSH_EMPTY: \"Flush the current sub-buffer, even if empty.\"",
    procedure: "Write 8 events, flush_buffer(stream, 0), read; flush_buffer(stream, 0), get_next_subbuf.",
    reaching: [
      .acquired("first get_next_subbuf"), .allRead { seen in try seen.number("events of the first packet") == 8 },
    ],
    [
      .lttngUST: .documented(
        "the second get returns a packet without events that ends later than the first", emptyPacket),
      .lttngModules: .documented(
        "the second get returns a packet without events that ends later than the first", emptyPacket),
    ])

  package static let emptyPacket: Expectation.Judge = { seen in
    guard try seen["second get_next_subbuf"] == "0" else {
      return try Answer("no packet: \(seen.code("second get_next_subbuf"))", isExpected: false)
    }
    if try seen.number("events of the second packet") != 0 { return Answer("a packet with events", isExpected: false) }
    let isLater = try seen.number("end of the second packet") >= seen.number("end of the first packet")
    return Answer(isLater ? "a packet without events" : "a packet that ends earlier", isExpected: isLater)
  }

  package static let flushOnlyWithEvents = Claim(
    "flush-only-with-events", .finalisation, title: "Ordinary flush of an empty sub-buffer",
    question: "When all events are read: does flush_buffer(stream, 1) leave a sub-buffer without events alone? "
      + "(lttng-modules: FLUSH)",
    source: "lttng-ust, lib_ring_buffer_try_switch_slow: \"In SWITCH_ACTIVE mode, switch the buffer when it contains "
      + "events.\"; lttng-modules, ring_buffer_frontend.c, the same words, and include/ringbuffer/vfs.h, FLUSH: "
      + "\"Flush the current sub-buffer, if non-empty.\"",
    procedure: "Write 8 events, flush, read everything; flush again, get_next_subbuf.",
    reaching: [.allRead { seen in try seen.number("events delivered") == 8 }],
    [
      .lttngUST: .documented("no packet: the get returns -EAGAIN", noPacketAfterReading),
      .lttngModules: .documented("no packet: the get returns -EAGAIN", noPacketAfterReading),
    ])

  package static let noPacketAfterReading: Expectation.Judge = { seen in
    try Answer(packet("flushed again: get_next_subbuf", seen), expected: "no packet")
  }

  package static let flushOfNew = Claim(
    "flush-of-new-ring-buffer", .finalisation, title: "Ordinary flush before the first event",
    question: "Does flush_buffer(stream, 1) leave a ring buffer alone that never had an event?",
    source:
      "two comments of both lttng-ust 2.13 and lttng-modules 2.13: lib_ring_buffer_try_switch_slow: \"In SWITCH_ACTIVE "
      + "mode, switch the buffer when it contains events.\"; lib_ring_buffer_create: \"Write the subbuffer header for "
      + "first subbuffer so we know the total duration of data gathering.\"; lttng-ust, 81b931f1, in 2.15.0: \"Don't produce "
      + "an initial packet header on ring-buffer creation\"",
    procedure: "flush_buffer(stream, 1) and get_next_subbuf on the new ring buffer.",
    reaching: [.worked("flush_buffer")],
    [
      .lttng: .assumed("as the first comment states: no packet, the get returns -EAGAIN", noPacketOfNew),
      .lttngUST2_15: .documented("no packet, the get returns -EAGAIN", noPacketOfNew),
    ])

  package static let noPacketOfNew: Expectation.Judge = { seen in
    let packet = try packet("flushed: get_next_subbuf", seen)
    let isEmpty = try packet == "a packet" && seen.number("events of that packet") == 0
    return Answer(isEmpty ? "a packet without events" : packet, expected: "no packet")
  }

  package static let finalFlushOfNew = Claim(
    "final-flush-of-new-ring-buffer", .finalisation, title: "Final flush before the first event",
    question:
      "Does flush_buffer(stream, 0) of a ring buffer that never had an event give a packet without events that begins "
      + "when the ring buffer was made? (lttng-modules: FLUSH_EMPTY)",
    source:
      "lttng-ust and lttng-modules, lib_ring_buffer_try_switch_slow: \"Ensure we flush the header of an empty subbuffer when "
      + "doing the finalize (SWITCH_FLUSH).\"; lib_ring_buffer_create: \"Write the subbuffer header for first subbuffer so we "
      + "know the total duration of data gathering.\"; lttng-ust, 81b931f1, in 2.15.0: \"To reduce the memory usage and preserve "
      + "the current user-visible behaviour, the header is only inserted when entering the sub-buffer on the first go-around\", "
      + "\"The header then uses the channel backend's `start_timestamp`.\"",
    procedure:
      "flush_buffer(stream, 0) and get_next_subbuf on the new ring buffer; compare the times of beginning and end. A "
      + "packet that the flush begins and ends has one time: it reads the clock once.",
    reaching: [.worked("flush_buffer")],
    [
      .lttng: .documented("a packet without events, which begins before the flush") { seen in
        let packet = try packet("flushed: get_next_subbuf", seen)
        if packet != "a packet" { return Answer(packet, isExpected: false) }
        if try seen.number("events of that packet") != 0 { return Answer("a packet with events", isExpected: false) }
        let isEarlier = try seen.number("beginning of that packet") < seen.number("end of that packet")
        return Answer(
          isEarlier ? "yes, since its creation" : "yes, since the flush", expected: "yes, since its creation")
      }
    ])

  package static let populateOfNew = Claim(
    "populate-of-new-ring-buffer", .finalisation, title: "Flush or populate before the first event",
    question:
      "Does flush_events_or_populate_packet of a ring buffer that never had an event end a packet in it or make one "
      + "outside it, and not both?",
    source:
      "lttng-ust, ust-ctl.h, since 2.14: \"Perform an active flush, populating a packet if there was not packet delivery "
      + "performed during the flush\"; lttng-modules, include/ringbuffer/vfs.h, FLUSH_OR_POPULATE_PACKET: \"Flush the current "
      + "sub-buffer or populate a packet.\"",
    procedure: "flush_events_or_populate_packet and get_next_subbuf on the new ring buffer.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: .nothing,
    [
      .lttng: .doesNotApply(
        to: "flush_events_or_populate_packet", "the call exists since lttng-ust and lttng-modules 2.14"),
      .lttngUST2_14: .documented("one of the two", oneOfNew),
      .lttngModules2_14: .documented("one of the two", oneOfNew),
    ])

  package static let oneOfNew: Expectation.Judge = { seen in
    let isFlushed = try packet("get_next_subbuf", seen) == "a packet"
    let answer =
      switch (isFlushed, try seen["populated"] == "yes") {
      case (true, false): "a packet in the ring buffer"
      case (false, true): "a packet outside of it"
      case (true, true): "both"
      case (false, false): "neither"
      }
    return try Answer(answer, isExpected: isFlushed != (seen["populated"] == "yes"))
  }

  /// The result of a get after a flush.
  package static func packet(_ get: String, _ seen: Evidence) throws -> String {
    switch try seen.code(get) {
    case "0": "a packet"
    case "-EAGAIN": "no packet"
    case let code: "no packet: \(code)"
    }
  }
}

extension LTTngStudy {
  /// The end of a ring buffer's life.
  package var finalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.finalized) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("process runs: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("process runs: poll of the wait fd", try stream.pollText())
        ring.endWriter()
        try stream.flush(producerActive: false)
        let last = stream.unsafeGetNextSubbuffer()
        evidence.add("process ended: flush_buffer(stream, 0), get_next_subbuf", ErrnoName.result(last))
        if last == 0 { try stream.putNext() }
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("all is read: poll of the wait fd", try stream.pollText())
      },
      probe(LTTngAnswers.endToldByPoll) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("writer lives: poll", try stream.pollText())
        ring.endWriter()
        evidence.add("writer has ended: poll", try stream.pollText())
      },
      probe(LTTngAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.endWriter()
        let full = try stream.readAll()
        evidence.add("events delivered before the flush", full.sequences.count)
        try stream.flush(producerActive: false)
        evidence.addDelivered(try (full + stream.readAll()).sequences, of: truth.produced)
      },
      probe(LTTngAnswers.flushOfEmpty) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        for turn in ["first", "second"] {
          try stream.flush(producerActive: false)
          let result = stream.unsafeGetNextSubbuffer()
          evidence.add("\(turn) get_next_subbuf", ErrnoName.result(result))
          guard result == 0 else { return }
          let packet = try stream.look()
          evidence.add("events of the \(turn) packet", packet.sequences.count)
          evidence.add("end of the \(turn) packet", packet.timestamps.end)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.flushOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("flushed: get_next_subbuf", ErrnoName.result(got))
        if got == 0 {
          evidence.add("events of that packet", try stream.look().sequences.count)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.finalFlushOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: false)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("flushed: get_next_subbuf", ErrnoName.result(got))
        if got == 0 {
          let packet = try stream.look()
          evidence.add("events of that packet", packet.sequences.count)
          evidence.add("beginning of that packet", packet.timestamps.begin)
          evidence.add("end of that packet", packet.timestamps.end)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.flushOnlyWithEvents) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("events delivered", try stream.readAll().sequences.count)
        evidence.add("flush_buffer again", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("flushed again: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
    ]
  }
}
