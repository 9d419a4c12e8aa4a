import Study

extension Catalogue {
  /// Claims about what is consumed and what remains after a reader or a writer ended.
  static let consumption: [Claim] = [
    .reopened, .deadReader, .consumedAtRelease, .restKept, .releasedIsGone, .idsAnew, .killedOutside, .killedInside,
    .killedInsideTold, .lostBetweenReaders,
  ]
}

extension Claim {
  static let reopened = Claim(
    "reopened-sees-only-new", .consumption, title: "Does the next reader get only the new events?",
    question: "Does a reader that maps the ring buffer after another one left get only events that the other had not "
      + "acquired?",
    source: "S. Rostedt, Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions, 2023-03-29: "
      + "\"It should have only read the last 10 that were not read previously.\"",
    procedure: "Write 8 events; a reader acquires, reads and leaves; write 4 more; a second reader acquires and reads "
      + "from the value of reader.read at its mmap. On LTTng each reader flushes and reads everything.",
    reaching: [
      .allRead { seen in try seen["first reader: events"] == "0 … 7 (8)" }
    ],
    [
      .kernel: .assumed("as in v2: the second reader gets exactly the 4 new events, from reader.read on") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      },
      .lttng: .assumed("the second reader gets exactly the 4 new events", from: "kernel") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      },
    ])

  static let deadReader = Claim(
    "dead-reader-events-again", .consumption, title: "Are a dead reader's events delivered again?",
    question:
      "Does the next reader get the events of a sub-buffer that a reader acquired and neither read nor released?",
    source: "a question; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, advances over the sub-buffer at the "
      + "acquire: \"we assume the latter will read everything\"; lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: "
      + "\"Release exclusive sub-buffer access, move consumer forward.\"; lttng-modules, include/ringbuffer/vfs.h, "
      + "PUT_NEXT_SUBBUF: the same words",
    procedure: "Write 8 events; a reader acquires, and ends without reading or releasing; a second reader acquires; on "
      + "LTTng it then puts without consuming, and gets once more. The mapping or the stream is closed, not the "
      + "process: LTTng's ring buffer would end with it.",
    [
      .kernel: .documented(
        "no, the acquire has consumed them: from reader.read on the next reader gets none",
        reaching: [.subbufferHeld { seen in try !seen["first reader: after its acquire"].hasPrefix("id 0,") }]
      ) { seen in
        try .yes(seen["second reader: events"] != "none", expected: false)
      },
      .lttng: .assumed(
        "from \"move consumer forward\" at the put: yes, without a put nothing is consumed",
        reaching: [
          .subbufferHeld { seen in
            try ["overwrite", "discard"].allSatisfy { try seen["\($0): first reader: events"] != "none" }
          }
        ]
      ) { seen in
        let discard = try deliveredAgain(seen, "discard")
        let overwrite = try deliveredAgain(seen, "overwrite")
        if overwrite != discard { return Answer("overwrite: \(overwrite); discard: \(discard)", expected: "yes") }
        let isAll = try seen["discard: first reader: events"] == "0 … 7 (8)"
        return Answer(overwrite == "yes" && !isAll ? "yes, in part" : overwrite, expected: "yes")
      },
    ])

  private static func deliveredAgain(_ seen: Evidence, _ mode: String) throws -> String {
    let second = try seen["\(mode): second reader: events"]
    if try second == seen["\(mode): first reader: events"] { return "yes" }
    if second.hasPrefix("malformed") { return "invalid memory" }
    if second != "none" { return "in part" }
    let call = "\(mode): second reader: get_next_subbuf"
    return try seen.works(call) ? "no" : "no: \(seen.code(call))"
  }

  static let consumedAtRelease = Claim(
    "consumed-at-release", .consumption, title: "When are events counted as consumed?",
    question: "Does the consumed count grow at the release of a sub-buffer, and not at its acquire?",
    source: "lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: \"Release exclusive sub-buffer access, move consumer "
      + "forward.\"; lttng-modules, include/ringbuffer/vfs.h, PUT_NEXT_SUBBUF: the same words",
    procedure: "Write two and a half sub-buffers; acquire one; release it. The kernel's release is the next ioctl. "
      + "Record meta.read or the consumed position at each point.",
    [
      .kernel: .assumed(
        "meta.read does not count the events of a held sub-buffer before the next ioctl", from: "LTTng",
        reaching: [.eventsDelivered("consumed after the release")]
      ) { seen in
        let isUnchanged = try seen.number("consumed after the acquire") == seen.number("consumed before")
        return Answer(isUnchanged ? "at the release" : "at the acquire", expected: "at the release")
      },
      .lttngModules: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
      .lttngUST: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
    ])

  private static func consumedPosition(_ seen: Evidence) throws -> Answer {
    let before = try seen.number("consumed before")
    if try seen.number("consumed after the acquire") != before {
      return Answer("at the acquire", expected: "at the release")
    }
    let isOneFurther =
      try seen.number("consumed after the release") == before + seen.number("bytes of a sub-buffer")
    return Answer(isOneFurther ? "at the release" : "not by one sub-buffer", expected: "at the release")
  }

  static let restKept = Claim(
    "rest-kept-for-the-next", .consumption, title: "Does the next reader get what the last one left?",
    question: "Does a reader that follows one that left early get everything from there on?",
    source: "a question; S. Rostedt, \(Cited.v2), 2023-03-29: \"It should have only read the last 10 that were not "
      + "read previously.\"",
    procedure: "Write three and a half sub-buffers; a reader acquires one, releases it and leaves; a second reads "
      + "the rest. On the kernel, leaving is the release.",
    reaching: [
      .partRead { seen in
        let first = try seen.number("events of the first reader")
        return try first > 0 && first < seen.number("events written")
      }
    ],
    [
      .kernel: .assumed("the two together get every event once", bothGetAll),
      .lttng: .assumed("the two together get every event once", bothGetAll),
    ])

  private static func bothGetAll(_ seen: Evidence) throws -> Answer {
    if try seen.number("events of the second reader") <= 0 { return Answer("no", expected: "yes") }
    let isEverythingOnce =
      try seen.number("events of both readers") == seen.number("events written")
      && seen.number("gaps between the events") == 0
    return Answer(isEverythingOnce ? "yes" : "only in part", expected: "yes")
  }

  static let releasedIsGone = Claim(
    "released-is-the-writers", .consumption, title: "Can a released sub-buffer still be read?",
    question: "Does a sub-buffer stay valid for the reader after its release?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"the old reader page is now going to be in the writable portion of "
      + "the ring buffer where the writer can write to it\"; Documentation/trace/ring-buffer-design.rst: \"The old reader page will become "
      + "part of the ring buffer\"; lttng-ust and lttng-modules, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: "
      + "\"Check that the buffer we are getting is after or at consumed_cur position.\"",
    procedure: "Acquire a full sub-buffer and release it. On the kernel, then overwrite the ring buffer twice and "
      + "compare its bytes; on LTTng, get it again by its position.",
    [
      .kernel: .documented("no: its bytes change", reaching: [.eventsOverwritten("events overwritten since")]) { seen in
        let isOverwritten = try seen.number("bytes of the released sub-buffer that changed") > 0
        return Answer(isOverwritten ? "no, overwritten" : "yes", expected: "no, overwritten")
      },
      .lttngModules: .documented(
        "no: GET_SUBBUF at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
      .lttngUST: .documented(
        "no: get_subbuf at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
    ])

  private static func releasedPosition(_ seen: Evidence) throws -> Answer {
    let after = try seen.code("get_subbuf at its position after the put")
    return after == "0" ? .yes(true, expected: false) : Answer("no: \(after)", isExpected: true)
  }

  static let idsAnew = Claim(
    "ids-anew-at-mapping", .consumption, title: "When are sub-buffer ids assigned?",
    question:
      "Does the reader sub-buffer keep its id at a second mapping, and is it 0 when all mappings are gone and the "
      + "ring buffer is mapped again?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11: \"each "
      + "subbuf of the ring-buffer, ordered following their unique ID, assigned during the first mapping.\"",
    procedure: "Map, write two and a half sub-buffers and acquire two; map a second time; unmap both; map again.",
    reaching: [
      .subbufferHeld { seen in try seen.number("reader.id before") != 0 }
    ],
    [
      .kernel: .assumed("the same id in a second mapping; 0 after all mappings were gone") { seen in
        let before = try seen.number("reader.id before")
        let isKept = try seen.number("reader.id in a mapping beside it") == before
        let isReset = try seen.number("reader.id when mapped anew") == 0
        let answer = !isKept ? "at each mapping" : isReset ? "at each first mapping" : "once"
        return Answer(answer, expected: "at each first mapping")
      },
      .lttng: .doesNotApply(to: "reader.id", "sub-buffers have no ids for the reader"),
    ])

  static let killedOutside = Claim(
    "writer-killed-outside-a-write", .consumption, title: "Readable events of a writer killed outside a write",
    question: "Are all events of a writer readable after it was killed outside a write?",
    source: "a question; lttng-ust, lib_ring_buffer_get_subbuf: \"In per-PID tracing, the application vanishes with "
      + "the termination, and therefore no more data needs to be written to the buffers.\"",
    procedure: "Write two and a half sub-buffers; kill the writer while it waits; flush if there is a flush, and "
      + "read everything.",
    reaching: [.eventsWritten("events produced")],
    [
      .kernel: .assumed("every event is delivered", deliveredOfKilled),
      .lttng: .assumed(
        "every event is delivered, the partial sub-buffer by flush_buffer(stream, 0)", deliveredOfKilled),
    ])

  private static func deliveredOfKilled(_ seen: Evidence) throws -> Answer {
    let (produced, delivered) = try (seen.number("events produced"), seen.number("events delivered"))
    let answer = delivered == produced ? "all" : delivered == 0 ? "none" : "only some"
    return Answer(answer, expected: "all")
  }

  static let killedInside = Claim(
    "writer-killed-inside-a-write", .consumption, title: "Readable events of a writer killed inside a write",
    question: "What is still readable after a writer was killed between reserve and commit?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is killed (SIGTERM, "
      + "SIGINT, SIGKILL) between reserve and commit ring buffer operation.\" … \"no further buffer data will be "
      + "readable by the consumer daemon\"",
    procedure: "In discard mode write two and a half sub-buffers; make the writer end inside its next write, by a "
      + "payload that cannot be read; flush_buffer(stream, 0), and read until a get is refused.",
    reaching: [.writerEnded],
    [
      .kernel: .doesNotApply(to: "a process that ends between reserve and commit", kernelWrites),
      .lttngModules: .assumed(
        "the packets before it are readable; the one with the uncommitted event is not", from: "lttng-ust",
        packetsBefore),
      .lttngUST: .documented(
        "the packets before it are readable; the one with the uncommitted event is not", packetsBefore),
    ])

  private static let kernelWrites =
    "write(2) reserves and commits in the kernel; a signal acts on the return to user space"

  private static func packetsBefore(_ seen: Evidence) throws -> Answer {
    let packets = try seen.number("packets delivered")
    let isComplete = try seen.number("events delivered") >= seen.number("events produced")
    let isRefused = try seen["get_next_subbuf behind them"] != "0"
    let answer =
      if isComplete {
        "all"
      } else if packets == 0 {
        "none"
      } else if packets != 2 {
        "another number of packets"
      } else {
        isRefused ? "only the packets before it" : "its packet too"
      }
    return Answer(answer, expected: "only the packets before it")
  }

  static let killedInsideTold = Claim(
    "writer-killed-inside-told", .consumption, title: "Reported loss of a writer killed inside a write",
    question: "Do the counters of the readable packets report the committed events that are lost with a writer killed "
      + "inside a write?",
    source: "a question; lttng-concepts(7), Discard mode: \"LTTng increments a count of lost event records when an "
      + "event record is lost and saves this count to the trace\"",
    procedure: "As for a writer killed inside a write.",
    reaching: [.writerEnded, .eventsLost],
    [
      .kernel: .doesNotApply(to: "a process that ends between reserve and commit", kernelWrites),
      .lttng: .assumed("events_discarded of the last packet is the number of lost events") { seen in
        try Answer(seen.report("events_discarded of the last packet", of: seen.lost), expected: "exact")
      },
    ])

  static let lostBetweenReaders = Claim(
    "lost-between-two-readers", .consumption, title: "Loss between two readers, as reported to the second",
    question: "Does a reader that follows one that left learn of the events that were overwritten in between?",
    source: "a question; S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader "
      + "page/sub-buffer when the IOCTL is done and a new reader page is acquired.\"; lttng-concepts(7), Overwrite "
      + "mode: \"a trace reader can use such sequence numbers to report lost packets\"",
    procedure: "Write one and a half sub-buffers; a first reader reads everything, after a flush if there is one, "
      + "and leaves; overwrite the ring buffer twice; a second reader acquires until events are missing.",
    reaching: [.eventsLost("events missing between the two readers")],
    [
      .kernel: .assumed("the header of the first sub-buffer after the gap contains the number of missing events") {
        seen in
        try Answer(
          seen.report("told to the second", of: seen.number("events missing between the two readers")),
          expected: "exact")
      },
      .kernelV11: .assumed("reader.lost_events is the number of missing events") { seen in
        try Answer(
          seen.report("reader.lost_events", of: seen.number("events missing between the two readers")),
          expected: "exact")
      },
      .lttng: .documented(
        "packet_seq_num has a gap between the last packet of the first and the first packet of the second reader"
      ) { seen in
        let hasGap = try seen.number("gap of packet_seq_num") > 0
        return Answer(hasGap ? "packet count only" : "no indication", expected: "packet count only")
      },
    ])
}
