import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  /// The answer of an lttng-modules channel that `CHAN_WARN_ON` has disabled.
  private static let disablesChannel = "disables the channel (-EIO)"

  package static let noDescriptor =
    "the functions of the library take a stream, which always has its mapping"

  package static let noMappingNeeded = "no ioctl of a stream needs a mapping (ring_buffer_vfs.c)"

  package static let gettersWithoutGet = Claim(
    "getters-without-get", .misuse, title: "A getter of a packet that is not held",
    question: "Are the getters of the current packet refused if no packet is held?",
    source:
      "lttng-ust, include/lttng/ust-ctl.h: \"Getters which need to be used on the current packet (between get/put or "
      + "get_next/put_next.\"; lttng-modules, include/lttng/abi.h: \"Operations applying to the current sub-buffer "
      + "need to occur between a get/put or get_next/put_next ioctl pair.\"",
    procedure: "On the new ring buffer, and after one get and put: get_events_discarded, get_sequence_number, "
      + "get_content_size, get_mmap_read_offset.",
    notModelled: "the library answers, not its memory",
    reaching: .nothing,
    [
      .lttng: .assumed("from \"need to\": they are refused otherwise") { seen in
        let isRefused = { (value: String) in value.hasPrefix("refused") }
        let before = try seen.all("before a get: ")
        if try before.allSatisfy(isRefused) && seen.all("after the put: ").allSatisfy(isRefused) {
          return Answer("refused", isExpected: true)
        }
        if seen.isSwitchedOff { return Answer(disablesChannel, isExpected: false) }
        let isPartly = try before.contains(where: isRefused) || seen.all("after the put: ").contains(where: isRefused)
        return Answer(isPartly ? "refused in part" : "returns a value", isExpected: false)
      }
    ])

  package static let unknownRequest = Claim.unknownRequest.answered(
    procedure: "Three unknown requests on a stream; read the consumed position.",
    [
      .lttngModules: .assumed("-ENOTTY each time, and nothing is consumed", from: "kernel") { seen in
        try Claim.unknownRequests(seen, isConsumed: seen["consumed position"] != "0")
      },
      .lttngUST: .doesNotApply(
        to: "the number of a request", "the calls are functions with names, which the linker checks"),
    ])

  package static let putTwice = Claim(
    "put-twice", .misuse, title: "A second release of one acquire",
    question: "What does a second put_next_subbuf after one get_next_subbuf do?",
    source:
      "undocumented; lttng-ust and lttng-modules, lib_ring_buffer_put_subbuf: \"Reader puts a subbuffer it did not "
      + "get.\", then a warning; lttng-modules, frontend_types.h: \"Issue warnings and disable channels upon internal "
      + "error.\"",
    procedure: "Fill three and a half sub-buffers; get_next_subbuf, put_next_subbuf twice; sample the positions; "
      + "get_next_subbuf.",
    reaching: [
      .subbufferHeld { seen in
        try ["overwrite", "discard"].allSatisfy { try seen.number("\($0): events of the first") > 0 }
      }
    ],
    [
      .lttng: .assumed(
        "from the first warning: the second put changes nothing, and the next get returns the second sub-buffer"
      ) { seen in
        if seen.isSwitchedOff { return Answer(disablesChannel, isExpected: false) }
        let answer = try seen.inBothModes { mode in
          if try seen.number("\(mode)consumed position") != seen.number("\(mode)size of a sub-buffer") {
            return "moves the consumed position"
          }
          let isSecond = try seen.number("\(mode)first event then") == seen.number("\(mode)events of the first")
          return isSecond ? "no effect" : "skips events"
        }
        return Answer(answer, expected: "no effect")
      }
    ])

  package static let putNextAfterGetAt = Claim(
    "put-next-after-get-at", .misuse, title: "put_next_subbuf after get_subbuf of the second sub-buffer",
    question: "After get_subbuf at a later position: which sub-buffer does put_next_subbuf consume?",
    source: "undocumented; lttng-ust, ustctl.c: lttng_ust_ctl_put_next_subbuf \"Release exclusive sub-buffer "
      + "access, move consumer forward.\", the same words in lttng-modules, vfs.h; both move the position of the last "
      + "snapshot (cons_snapshot)",
    procedure: "Fill three and a half sub-buffers; take a snapshot; get_subbuf one sub-buffer after the consumed "
      + "position; put_next_subbuf; sample the positions.",
    reaching: [.acquired("snapshot", "get_subbuf")],
    [
      .lttng: .assumed("the one that was got: the consumed position moves past it") { seen in
        let consumed = try seen.number("consumed position after put_next_subbuf")
        let (got, size) = try (seen.number("position of get_subbuf"), seen.number("size of a sub-buffer"))
        if consumed == got + size { return Answer("consumes up to that one", isExpected: true) }
        return Answer(consumed == size ? "consumes only the first" : "consumes something else", isExpected: false)
      }
    ])

  package static let getAtWhileHeld = Claim(
    "get-at-while-held", .misuse, title: "get_subbuf while another sub-buffer is held",
    question: "What does get_subbuf do while another sub-buffer is held?",
    source: "undocumented; lttng-ust, ustctl.c: lttng_ust_ctl_get_subbuf \"Get exclusive read access to the specified "
      + "sub-buffer position\"; backend_internal.h, update_read_sb_index: a warning; lttng-modules, "
      + "ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Reader is trying to get a subbuffer twice.\", a "
      + "warning and -EBUSY",
    procedure:
      "Fill three and a half sub-buffers; get_next_subbuf; get_subbuf one sub-buffer after it; put_next_subbuf; "
      + "flush; read everything.",
    reaching: [
      .subbufferHeld { seen in
        try ["overwrite", "discard"].allSatisfy { try seen.number("\($0): events of the first") > 0 }
      }
    ],
    [
      .lttng: .assumed("it is refused, and all events but those of the first sub-buffer are readable afterwards") {
        seen in
        if seen.isSwitchedOff { return try Answer(refusedAndDisabled(seen), isExpected: false) }
        let answer = try seen.inBothModes { mode in
          let expected = try seen.number("\(mode)events written") - seen.number("\(mode)events of the first")
          // A text instead of a number: reading ended with an error.
          if try Int64(seen["\(mode)events read afterwards"]) != expected { return "loses events" }
          return try seen.refuses("\(mode)get_subbuf") ? "refused" : "accepted"
        }
        return Answer(answer, expected: "refused")
      }
    ])

  package static func refusedAndDisabled(_ seen: Evidence) throws -> String {
    let code = try seen.code("overwrite: get_subbuf")
    return code == "0" ? disablesChannel : "\(code), disables the channel"
  }

  package static let sampleWhileHeld = Claim(
    "sample-while-held", .misuse, title: "Do samples between get and put change what is consumed?",
    question:
      "In overwrite mode: does sampling the positions while a sub-buffer is held change what put_next_subbuf consumes?",
    source: "a question of this study; lttng-ust, ustctl.c, lttng_ust_ctl_snapshot_sample_positions and frontend.h, "
      + "lib_ring_buffer_put_next_subbuf, both use buf->cons_snapshot (lttng-modules: the same); "
      + "lib_ring_buffer_snapshot_sample_positions: \"This "
      + "function is meant to provide information on the exact producer and consumer positions\"",
    procedure:
      "Fill three and a half sub-buffers; get_next_subbuf; write three times what fits, which pushes the consumed "
      + "position; sample the positions; put_next_subbuf; sample again.",
    reaching: [.positionPushed("consumed position after the writing", beyond: "consumed position at the get")],
    [
      .lttng: .assumed("no: the put consumes nothing beyond the position to which the writer pushed the reader") {
        seen in
        let pushed = try seen.number("consumed position after the writing")
        let consumed = try seen.number("consumed position after the put")
        if consumed == pushed { return Answer("no", isExpected: true) }
        return Answer(consumed > pushed ? "yes, unread events too" : "yes, it moves back", isExpected: false)
      }
    ])

  package static let clearWhileHeld = Claim(
    "clear-while-held", .misuse, title: "A clear while a sub-buffer is held",
    question: "What does clear_buffer do while a sub-buffer is held?",
    source: "undocumented; lttng-ust and lttng-modules, frontend_internal.h, lib_ring_buffer_clear_reader: \"Move "
      + "consumed position to the beginning of subbuffer in which the write offset is. Should only be used on ring "
      + "buffers that are not actively being written into\"",
    procedure: "Fill three and a half sub-buffers; get_next_subbuf; clear_buffer; look at the held sub-buffer again; "
      + "put_next_subbuf; get_next_subbuf; write 8 events, flush, read.",
    reaching: .nothing,
    [
      .lttng: .assumed("the held sub-buffer is intact, all else is gone, and later events are readable") { seen in
        let answer = try seen.inBothModes { mode in
          let code = try seen.code("\(mode)clear_buffer")
          if code != "0" { return code }
          if try seen.number("\(mode)bytes of the held sub-buffer that changed") != 0 { return "changes it" }
          if try seen.code("\(mode)get_next_subbuf after the put") != "-EAGAIN" { return "leaves others" }
          let isReadable = try seen.number("\(mode)events read of 8 that were written afterwards") == 8
          return isReadable ? "clears all but that one" : "later events lost"
        }
        return Answer(answer, expected: "clears all but that one")
      }
    ])

  package static let unalignedPosition = Claim(
    "unaligned-position", .misuse, title: "get_subbuf at a position inside a sub-buffer",
    question: "Is get_subbuf refused at a position in the middle of a sub-buffer?",
    source: "undocumented; lttng-ust, ustctl.c: lttng_ust_ctl_get_subbuf \"Get exclusive read access to the "
      + "specified sub-buffer position\", the same words in lttng-modules, vfs.h",
    procedure: "Fill three and a half sub-buffers; get_subbuf one byte after the consumed position, put_subbuf; in the "
      + "middle of the second, put_subbuf; flush; read everything.",
    reaching: [.eventsWritten("overwrite: events written"), .eventsWritten("discard: events written")],
    [
      .lttng: .assumed("it is refused, and all events are readable afterwards") { seen in
        let answer = try seen.inBothModes { mode in
          if try seen["\(mode)events read afterwards"] != seen["\(mode)events written"] { return "loses events" }
          let refused = try [
            seen.refuses("\(mode)get_subbuf at consumed + 1"),
            seen.refuses("\(mode)get_subbuf in the middle of the second"),
          ]
          return !refused.contains(false)
            ? "refused" : refused.contains(true) ? "partly refused" : "accepted, rounded down"
        }
        return Answer(answer, expected: "refused")
      }
    ])

  package static let putOnEmpty = Claim(
    "release-on-empty", .misuse, title: "A release on the empty ring buffer",
    question: "Is a put_next_subbuf on the new, empty ring buffer harmless: are all later events recorded?",
    source:
      "undocumented; lttng-ust, frontend_internal.h, lib_ring_buffer_clear_reader: a consumed position \"further than "
      + "the write offset\" \"breaks ring buffer algorithm guarantees\"; lttng-modules, frontend_types.h: \"Issue "
      + "warnings and disable channels upon internal error.\"",
    procedure:
      "put_next_subbuf on the new ring buffer; fill two and a half sub-buffers; flush; sample the positions; read "
      + "everything.",
    reaching: .nothing,
    [
      .lttng: .assumed("yes: all events are readable") { seen in
        try effect(seen) { mode in try eventsAfterPut(seen, mode) }
      }
    ])

  package static let putOnPartial = Claim(
    "release-on-partial", .misuse, title: "A release while only a partial sub-buffer has events",
    question:
      "Is a put_next_subbuf without a get harmless while the writer's sub-buffer is the only one with events: does "
      + "the writer go on, and are all events recorded?",
    source:
      "undocumented; lttng-ust and lttng-modules, lib_ring_buffer_put_subbuf: \"Reader puts a subbuffer it did not get.\", "
      + "then a warning; lttng-ust from 2.15.0 on (570d7352), frontend_internal.h, lib_ring_buffer_reserve_push_reader: "
      + "\"This path is only reachable from overwrite mode buffers.\", then an assertion; lttng-modules, frontend_types.h: "
      + "\"Issue warnings and disable channels upon internal error.\"",
    procedure:
      "Write 8 events; put_next_subbuf without a get; sample the positions; fill two and a half sub-buffers; flush; "
      + "read everything.",
    reaching: [
      Mark("partial-alone", "the writer's sub-buffer was the only one with events") { seen in
        try ["overwrite", "discard"].allSatisfy { mode in
          let produced = try seen.number("\(mode): produced position")
          return try produced > 0 && produced < seen.number("\(mode): size of a sub-buffer")
        }
      }
    ],
    [
      .lttng: .assumed("from the first warning: it changes nothing, and all events are readable") { seen in
        try effect(seen) { mode in
          try seen["\(mode)the writer"] == "runs" ? eventsAfterPut(seen, mode) : "kills writer"
        }
      }
    ])

  /// The effect of a put without a get, by mode.
  package static func effect(_ seen: Evidence, _ ofMode: (String) throws -> String) throws -> Answer {
    if seen.isSwitchedOff { return Answer(disablesChannel, isExpected: false) }
    let answer = try seen.inBothModes(ofMode)
    // If the modes differ there is room for two words each.
    let long = ["all lost": "all later events are lost", "some lost": "some later events are lost"]
    return Answer(long[answer] ?? answer, expected: "no effect")
  }

  package static func eventsAfterPut(_ seen: Evidence, _ mode: String) throws -> String {
    if try seen["\(mode)events delivered"].contains("malformed") { return "invalid memory" }
    let delivered = try seen.number("\(mode)events delivered")
    if try delivered == seen.number("\(mode)events produced") { return "no effect" }
    return delivered == 0 ? "all lost" : "some lost"
  }

  package static let recordingAfterMisuse = Claim.recordingAfterMisuse.answered(
    procedure:
      "Fill two and a half sub-buffers; get_next_subbuf twice; put_next_subbuf twice; then write 8 events, flush and "
      + "read.",
    [
      .lttng: .assumed("all 8 events are readable") { seen in
        if seen.isSwitchedOff { return Answer("no, the channel is disabled", isExpected: false) }
        let isReadable =
          try seen.number("overwrite: events read of 8 that were written afterwards") == 8
          && seen.number("discard: events read of 8 that were written afterwards") == 8
        return Answer(isReadable ? "yes" : "no, events are lost", expected: "yes")
      }
    ])

  package static let copiesInProcess = Expectation.doesNotApply(
    to: "a payload that the kernel copies",
    "the tracer copies in the application, where such a load is a page fault of the application")

  package static let unreadableMemory = Claim.unreadableMemory.answered([
    .lttngModules: .documented("-EFAULT, and no event", Claim.unreadable),
    .lttngUST: copiesInProcess,
  ])

  package static let absentPage = Claim.absentPage.answered([
    .lttngModules: .assumed("yes, since the source is another ABI's: the event has the contents", Claim.arrives),
    .lttngUST: copiesInProcess,
  ])

  package static let doubleAcquire = Claim.doubleAcquire.answered(
    procedure: "Write 500 events; get twice; put_next_subbuf once, and get again.",
    [
      .lttng: .assumed(
        "from the warning, and from ust-ctl.h's getters \"between get/put or get_next/put_next\": it is refused",
        reaching: [.acquired("overwrite: first get_next_subbuf", "discard: first get_next_subbuf")]
      ) { seen in
        let second = ["overwrite: second get_next_subbuf", "discard: second get_next_subbuf"]
        guard try second.allSatisfy({ try seen.refuses($0) }) else {
          return try Answer(seen.inBothModes { mode in try secondGet(seen, mode) }, isExpected: false)
        }
        let next = try seen.codes(["overwrite: get_next_subbuf then", "discard: get_next_subbuf then"])
        let codes = try seen.codes(second)
        return Answer(next == "-EIO" ? "\(codes), disables the channel" : codes, isExpected: true)
      }
    ])

  package static func secondGet(_ seen: Evidence, _ mode: String) throws -> String {
    let code = try seen.code("\(mode)second get_next_subbuf")
    if code != "0" { return code }
    let held = try seen["\(mode)held after the second"]
    if held.contains("malformed") { return "invalid memory" }
    return try held == seen["\(mode)held after it"] ? "same again" : "next sub-buffer"
  }

  package static let releaseWithoutAcquire = Claim(
    "release-without-acquire", .misuse, title: "A release without an acquire",
    question: "What does a release without an acquire do?",
    source: "undocumented; lttng-ust and lttng-modules, lib_ring_buffer_put_subbuf: \"Reader puts a subbuffer it did "
      + "not get.\", then a warning; lttng-modules, frontend_types.h: \"Issue warnings and disable channels upon "
      + "internal error.\"",
    procedure:
      "Write 500 events and flush; sample the positions; put_next_subbuf without a get; sample them again; get.",
    reaching: .nothing,
    [
      .lttng: .assumed("from the first warning: it changes nothing, and the first event can still be read") { seen in
        if seen.isSwitchedOff { return Answer(disablesChannel, isExpected: false) }
        let answer = try seen.inBothModes { mode in
          switch try seen["\(mode)first event that can be read then"] {
          case "0": "no effect"
          case "none": "nothing is readable"
          default: "skips an unread sub-buffer"
          }
        }
        return Answer(answer, expected: "no effect")
      }
    ])
}

extension LTTngStudy {
  /// Calls in the wrong order.
  package var misuseProbes: [Probe] {
    getAndPutProbes + [
      probeInBothModes(LTTngAnswers.doubleAcquire) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        evidence.add("first get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held after it", stream.lookText)
        evidence.add("second get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held after the second", stream.lookText)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("get_next_subbuf then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held then", stream.lookText)
      },
      probeInBothModes(LTTngAnswers.releaseWithoutAcquire) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        try stream.flush(producerActive: true)
        let before = try stream.positions()
        evidence.add("put_next_subbuf without a get", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        let after = try stream.positions()
        evidence.add("consumed position", "\(before.consumed) → \(after.consumed)")
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("get_next_subbuf then", ErrnoName.result(got))
        let events = got == 0 ? try stream.look().sequences : []
        evidence.add("events handed out", events.asRange)
        evidence.add("first event that can be read then", events.first.map(String.init) ?? "none")
        if got == 0 { try stream.putNext() }
      },
    ]
  }
}

extension LTTngStudy {
  /// Get and put in the wrong order.
  package var getAndPutProbes: [Probe] {
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
