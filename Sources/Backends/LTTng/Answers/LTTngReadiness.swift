import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage

extension LTTngAnswers {
  package static let pollinWhenFull = Claim.pollinWhenFull.answered(
    procedure:
      "In discard mode, fill one sub-buffer and poll for POLLIN; write twice what fits; poll for POLLIN, and for POLLIN "
      + "and POLLPRI; flush, and poll again for both; get.",
    [
      .lttng: .documented("yes, as with one full sub-buffer, also when the last one was flushed") { seen in
        guard try Claim.isReadyWhenFull(seen) else { return Answer("no", isExpected: false) }
        if try seen["full and flushed: poll for POLLIN"] == "POLLIN" { return Answer("yes", isExpected: true) }
        let isUrgent = try seen["full and flushed: poll for POLLIN | POLLPRI"] == "POLLPRI"
        return Answer("no, \(isUrgent ? "POLLPRI" : "not ready") once flushed", isExpected: false)
      }
    ])

  package static let neverBlocks =
    "no get waits for data, a reader waits with poll (ring_buffer_vfs.c, GET_NEXT_SUBBUF: \"It never blocks.\")"

  package static let noWaiting =
    "no get waits for data, a reader waits with poll; a get retries a sub-buffer that is not committed for at most "
    + "some 60 ms"

  package static let switchTimer = Claim(
    "switch-timer", .readiness, title: "Does the switch timer deliver a partial sub-buffer?",
    question: "Does the switch timer make a partial sub-buffer readable without a flush, and wake the reader, "
      + "without LTTng's consumer daemon?",
    source: "lttng-concepts(7), Timers, Switch timer: \"When this timer expires, a sub-buffer switch happens\"",
    procedure: "Make the channel with a switch timer of 20 ms; write 3 events; poll the wait fd for at most 5 s; read "
      + "until there are events.",
    notModelled: "a model has no timers",
    reaching: [.control("timer_create"), .eventsWritten()],
    [
      .lttng: .documented("poll reports ready, and the get hands out the events") { seen in
        if try !seen["poll"].contains("POLLIN") { return Answer("no, poll is not ready", isExpected: false) }
        let events = try seen.number("events handed out")
        return Answer(events == 3 ? "yes" : "no, \(events) of 3 events", expected: "yes")
      }
    ])

  package static let readTimer = Claim(
    "read-timer", .readiness, title: "Does the read timer report a full sub-buffer?",
    question: "With a read timer: is the reader woken for a full sub-buffer, without LTTng's consumer daemon?",
    source: "lttng-concepts(7), Timers, Read timer: \"When this timer expires, LTTng checks for full, consumable "
      + "sub-buffers.\", \"When such messages must be avoided, for example in real-time applications, use this timer "
      + "instead.\"",
    procedure:
      "Make the channel with a read timer of 20 ms; fill one and a half sub-buffers; poll the wait fd for at most 5 s; "
      + "read until there are events.",
    notModelled: "a model has no timers",
    reaching: [.control("timer_create"), .eventsWritten()],
    [
      .lttng: .documented("poll reports ready, and the get hands out a full sub-buffer") { seen in
        if try !seen["poll"].contains("POLLIN") { return Answer("no, poll is not ready", isExpected: false) }
        return try Answer(seen.number("events handed out") > 0 ? "yes" : "no, without events", expected: "yes")
      }
    ])

  package static let nothingThere = Claim.nothingThere.answered(
    procedure: "Get on the empty ring buffer; write 8 events, flush and read them; get.",
    [
      .lttngUST: .documented("-EAGAIN", reaching: allEightRead, emptyGets),
      .lttngModules: .documented("-EAGAIN", reaching: allEightRead, emptyGets),
    ])

  package static let allEightRead: [Mark] = [.allRead { seen in try seen.number("events read") == 8 }]

  package static let emptyGets: Expectation.Judge = { seen in
    try Answer(seen.codes(["empty: get_next_subbuf", "all is read: get_next_subbuf"]), expected: "-EAGAIN")
  }

  package static let pollWhenAllIsRead = Claim.pollWhenAllIsRead.answered(
    procedure: "Poll when empty; fill two and a half sub-buffers, poll; read everything, poll.",
    [
      .lttngModules: .assumed(
        "not ready when empty, ready with full sub-buffers, not ready when everything is read", from: "kernel"
      ) { seen in
        try Answer(Claim.pollOfRead(seen), expected: "not ready")
      },
      .lttngUST: .documented(
        "not ready when empty, ready with full sub-buffers, still ready when everything is read: the pipe is not "
          + "emptied"
      ) { seen in
        let data = try seen["with data: poll"]
        let answer = try Claim.pollOfRead(seen)
        let isOtherwiseReady = answer.hasSuffix("ready") && data != "POLLIN"
        return Answer(isOtherwiseReady ? "\(data) with data" : answer, expected: "still ready")
      },
    ])

  package static let wakeUpForEach = Claim(
    "wake-up-for-each", .readiness, title: "Wake-up bytes in the wait pipe",
    question:
      "If everything is committed and the pipe has room: is a byte written to the wait fd for each sub-buffer that is "
      + "delivered, and does it stay there when the sub-buffer is read?",
    source:
      "lttng-ust, lib_ring_buffer_check_deliver_slow, lib_ring_buffer_wakeup: \"Wake-up the other end by writing a "
      + "null byte in the pipe (non-blocking).\", and \"we allow dropping wakeup data, as long as there is wakeup "
      + "data present in the pipe\"; lttng-modules, ringbuffer/config.h: \"RING_BUFFER_WAKEUP_BY_TIMER uses per-cpu "
      + "timers to poll the buffers and wake up readers if data is ready.\"",
    procedure: "Fill three and a half sub-buffers; count the bytes in the pipe; read all sub-buffers; count again.",
    reaching: [.readable { seen in try seen.number("sub-buffers that could be read") > 0 }],
    [
      .lttngModules: .doesNotApply(
        to: "the wait fd", "poll asks the stream itself, and the read timer wakes the reader; there is no pipe"),
      .lttngUST: .assumed("from the comments: one byte for each full sub-buffer, and as many after the reading") {
        seen in
        let bytes = try seen.number("bytes in the pipe")
        if try bytes != seen.number("sub-buffers that could be read") {
          return Answer("not one per sub-buffer", isExpected: false)
        }
        let isKept = try seen.number("bytes in the pipe when all is read") == bytes
        return Answer("one per sub-buffer, reading removes \(isKept ? "none" : "some")", isExpected: isKept)
      },
    ])
}

extension LTTngStudy {
  /// Probes of the time at which a reader learns of data.
  package var readinessProbes: [Probe] {
    [
      probe(LTTngAnswers.nothingThere) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("empty: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        try ring.write(8)
        try stream.flush(producerActive: true)
        evidence.add("events read", try stream.readAll().sequences.count)
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.pollWhenAllIsRead) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("empty: poll", try stream.pollText())
        let one = ring.eventsPerSubbuffer()
        try ring.write(2 * one + one / 2)
        evidence.add("with data: poll", try stream.pollText())
        evidence.add("events read", try stream.readAll().sequences.count)
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.pollinWhenFull, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(ring.eventsPerSubbuffer() + 1)
        evidence.add("one full: poll for POLLIN", try stream.pollText(for: POLLIN))
        try ring.write(2 * ring.eventsPerRing(), from: ring.eventsPerSubbuffer() + 1)
        evidence.add("full: poll for POLLIN", try stream.pollText(for: POLLIN))
        evidence.add("full: poll for POLLIN | POLLPRI", try stream.pollText())
        try stream.flush(producerActive: true)
        evidence.add("full and flushed: poll for POLLIN", try stream.pollText(for: POLLIN))
        evidence.add("full and flushed: poll for POLLIN | POLLPRI", try stream.pollText())
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("full: acquire", ErrnoName.result(got))
        if got == 0 { try stream.putNext() }
      },
      probe(LTTngAnswers.wakeUpForEach) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        try ring.write(3 * one + one / 2)
        evidence.add("bytes in the pipe", try stream.waitByteCount())
        evidence.add("sub-buffers that could be read", try stream.readAll().count)
        evidence.add("bytes in the pipe when all is read", try stream.waitByteCount())
      },
    ]
  }
}

extension LTTngStream {
  /// The number of bytes that are in the pipe that wakes the reader up (`FIONREAD`).
  package func waitByteCount() throws(SourceError) -> Int32 {
    var count: Int32 = 0
    guard ioctl(waitDescriptor, UInt(FIONREAD), &count) == 0 else {
      throw SourceError(call: "ioctl(FIONREAD)", errno: Errno(rawValue: errno))
    }
    return count
  }
}
