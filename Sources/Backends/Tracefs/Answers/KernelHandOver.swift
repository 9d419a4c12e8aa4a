import Platform
import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let firstAcquire = Claim(
    "first-acquire-counts", .handOver, title: "Counters after the first acquire of 16 events",
    question: "After an acquire on the empty ring buffer and 16 events: does an acquire show entries 16, overrun 0, "
      + "read 16 and id 1, and the next acquire the same?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10",
    procedure: "Map the empty ring buffer and acquire; write 16 events; acquire twice. Record the counters of the "
      + "meta page after each acquire.",
    reaching: .nothing,
    [
      .kernel: .documented("id 0 before; entries 16, overrun 0, read 16, id 1 after each of the two acquires") { seen in
        let first = try seen["first ioctl after them"]
        let asInSelftest = "entries 16, read 16, id 1"
        if try !seen["before the events"].hasSuffix("id 0") { return Answer("id not 0 before", expected: asInSelftest) }
        if try seen["second ioctl"] != first { return Answer("second acquire differs", expected: asInSelftest) }
        return Answer(
          first == "entries 16, overrun 0, read 16, id 1" ? asInSelftest : "other counters", expected: asInSelftest)
      }
    ])

  static let held = Claim.held.answered([
    .kernel: .documented(
      "the bytes of a full sub-buffer do not change",
      reaching: [.eventsOverwritten("events overwritten meanwhile", moreThan: 1_000)]
    ) { seen in
      try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
    }
  ])

  static let sameID = Claim(
    "same-id-nothing-new", .handOver, title: "Does an unchanged reader.id mean no new events?",
    question:
      "Does an acquire that leaves reader.id unchanged return new events only while the writer is still on that "
      + "sub-buffer?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"If it did not change, then there's no new data.\" … \"If the "
      + "writer is still on that page, it acts the same as we do in the kernel. It can still update that page and the "
      + "begging of the sub-buffer has the index of where the writer currently is\"",
    procedure:
      "Write 4 events and acquire; write 4 more and acquire; acquire again; write two sub-buffers, so that the "
      + "writer leaves this one, and acquire; if reader.id is unchanged, acquire once more.",
    reaching: [
      .subbufferHeld { seen in try seen["the writer on it: id"] == seen["first acquire: id"] },
      .writerLeft { seen in try seen["id at last"] != seen["first acquire: id"] },
    ],
    [
      .kernel: .assumed(
        "the exception: under the same id an acquire returns new events only while the writer is on that sub-buffer, "
          + "and not those that it left there (but see rest-comes-before-next)"
      ) { seen in
        let id = try seen["the writer on it: id"]
        let expected = "no, while the writer is there"
        if try seen["nothing new: id, read"] != seen["the writer on it: id, read"] {
          return Answer("no, even without writing", expected: expected)
        }
        let hasRest =
          try seen["the writer gone: first acquire: id"] == id
          && seen.number("the writer gone: first acquire: new events") != 0
        return Answer(hasRest ? "no, even after the writer left" : expected, expected: expected)
      }
    ])

  static let partialInvisible = Claim.partialInvisible.answered(
    procedure: "Write fewer events than fill a sub-buffer and acquire.",
    [
      .kernel: .assumed("the acquire hands out nothing of a partial sub-buffer", from: "LTTng") { seen in
        let (written, handedOut) = try (seen.number("events written"), seen.number("events handed out"))
        let answer = handedOut == written ? "yes" : handedOut == 0 ? "no" : "yes, in part"
        return Answer(answer, expected: "no")
      }
    ])

  static let commitAdvances = Claim.commitAdvances.answered(
    procedure:
      "Write a few events, less than a sub-buffer, and acquire; write 4 more; decode the same sub-buffer up to the size "
      + "in its header, without another acquire.",
    [
      .kernel: .assumed("as in the RFC: the commit word has advanced and covers the 4 events", Claim.lateEvents)
    ])

  static let followWithoutAcquire = Claim(
    "follow-without-acquire", .handOver, title: "Are events readable without the ioctl before a wrap?",
    question:
      "Before anything is acquired or overwritten: can a reader find all events of the ring buffer in the mapping "
      + "through the commit words of the sub-buffers, without any ioctl?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"I think it will be possible to extend this to a way to avoid the "
      + "ioctl and have the reader just compare the content before and after\" … \"but I'm not so worried about that "
      + "right now\"",
    procedure: "Map the empty ring buffer; write three and a half sub-buffers of events; decode each sub-buffer by "
      + "its id, up to its commit word. No ioctl is called.",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("as merged, without an extension: every event is found once") { seen in
        let found = try seen.number("events found without an ioctl")
        let areAllFound =
          try found == seen.number("events written") && seen.number("gaps between the found, sorted") == 0
        return Answer(areAllFound ? "yes" : found == 0 ? "no" : "only some", expected: "yes")
      }
    ])

  static let readIsEndOfData = Claim(
    "read-is-end-of-data", .handOver, title: "Is reader.read the end of the data?",
    question: "After an acquire, does reader.read equal the number of bytes of data in the sub-buffer's header?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"cpu_buffer->reader_page->read = rb_page_size(reader); meta->read "
      + "= cpu_buffer->reader_page->read;\"",
    procedure: "Acquire a partial sub-buffer, a full one, and a full one before which events were overwritten.",
    reaching: [.eventsLost("after a loss: events missing before")],
    [
      .kernel: .assumed("as in v2: the two are equal each time") { seen in
        let differing = try ["partial", "full", "after a loss"].first { kind in
          try seen.number("\(kind): reader.read") != seen.number("\(kind): bytes of data by commit")
        }
        if let differing { return Answer("no, not when \(differing)", expected: "yes") }
        return try .yes(seen.number("partial: reader.read") > 0)
      }
    ])

  static let pastRead = Claim(
    "past-read-comes-again", .handOver, title: "Are events beyond reader.read delivered twice?",
    question: "Does a reader that reads beyond reader.read and then acquires get the same events again?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-29: \"If the reader decides to read events past this value then it "
      + "just can't expect them to not be duplicated?\"; S. Rostedt, the same day: \"Yes\", of taking the events "
      + "from the old to the new value",
    procedure: "Write 4 events and acquire; write 4 more and read up to the commit word; acquire, and read from the "
      + "old to the new reader.read.",
    reaching: [
      .partRead { seen in try seen["read past reader.read"] == "4 … 7 (4)" }
    ],
    [
      .kernel: .assumed("as in v2: the next acquire hands out the 4 events beyond reader.read again") { seen in
        try .yes(seen["handed out by the next acquire"] == "4 … 7 (4)")
      }
    ])

  static let restBeforeNext = Claim(
    "rest-comes-before-next", .handOver, title: "Is the rest of a sub-buffer delivered before the next?",
    question:
      "When the writer has filled the reader's sub-buffer and moved on, does an acquire hand out its rest first?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"If the writer does anything in-between, wouldn't "
      + "rb_get_reader_page() handle it nicely by returning the same reader as more would be there to read?\"",
    procedure: "Write 4 events and acquire; write two sub-buffers more; acquire twice.",
    reaching: .nothing,
    [
      .kernel: .assumed(
        "as in v2: the first acquire hands out the rest under the same id, the second the next sub-buffer"
      ) { seen in
        let isInOrder =
          try seen.number("first event of the rest") == 4
          && seen.number("first event of the next") == seen.number("last event of the rest") + 1
        let hasOneID = try seen["id of the rest"] == seen["id at first"]
        let isExchanged = try seen["id of the next"] != seen["id at first"]
        let expected = "yes, under the same id"
        if !isInOrder { return Answer("no", expected: expected) }
        return Answer(hasOneID && isExchanged ? expected : "yes, with other ids", expected: expected)
      }
    ])

  static let whereItIs = Claim.whereItIs.answered([
    .kernel: .documented("the ioctl returns 0 each time, and reader.id of the meta page names the sub-buffer") {
      seen in
      let expected = "reader.id in the meta page"
      if try seen["ioctls returned"] != "0, 0, 0" { return Answer("the ioctl returns it", expected: expected) }
      return try Answer(
        Claim.areDistinct(seen["reader.id of the meta page"], 3) ? expected : "not by reader.id", expected: expected)
    }
  ])

  static let onceInOrder = Claim.onceInOrder.answered(
    procedure: "Many times: write from one event to two sub-buffers of events, read everything.",
    [
      .kernel: .documented("the delivered events are the produced ones, without a gap", Claim.everyEventOnce)
    ])

  static let extraSubbuffer = Claim.extraSubbuffer.answered([
    .kernel: .documented("in both modes: the reader was at nr_subbufs different ids, one more than the writer has") {
      seen in
      let answer = try seen.inBothModes { mode in
        let (places, count) = try (seen.number("\(mode)different places"), seen.number("\(mode)nr_subbufs"))
        return try places == count ? Claim.extra(seen, mode) : "\(places) of \(count)"
      }
      return Answer(answer, expected: "yes")
    }
  ])

  static let caughtUpWithUncommitted = Claim(
    "caught-up-with-uncommitted", .handOver, title: "An acquire that has caught up with an uncommitted event",
    question:
      "If the reader has read everything before an uncommitted event, and events inside it are complete: does an "
      + "acquire hand out nothing, without a warning?",
    source: "S. Rostedt, commit aa997d2d2a0b (\"ring-buffer: Do not warn in ring_buffer_map_get_reader() when reader "
      + "catches up\"), Linux 6.18: \"In this situation, the reader page should not be updated and no warning should "
      + "trigger.\"",
    procedure:
      "In overwrite mode write 4 events and read them, which leaves the reader on the writer's sub-buffer. Have "
      + "the writer interrupted, between reserve and commit of one more event, by others; acquire on another CPU meanwhile. "
      + "Record entries - overrun - read of the meta page, and the kernel's taint before and after (bit 9, letter W: it "
      + "warned). Let the writer commit, and read everything. Again on a new ring buffer, up to eight times, if the acquire "
      + "came after the commit.",
    reaching: [
      // Recorded only if the acquire came before the commit.
      .writerInsideWrite { seen in try seen.number("other events in it after the commit") > 0 },
      .readable { seen in try seen.number("entries - overrun - read") > 0 },
    ],
    [
      .kernel: .documented("nothing new, and no warning") { seen in
        Answer(try hasWarned(seen) ? "nothing new, and a warning" : "nothing new", expected: "nothing new")
      }
    ])

  /// Returns `true` if the kernel warned; no model does.
  static func hasWarned(_ seen: Evidence) throws -> Bool {
    let taints = seen.observations.filter { $0.name.hasPrefix("kernel's taint ") }.map(\.value)
    if taints.isEmpty { return false }
    let (before, after) = try (seen["kernel's taint before"], seen["kernel's taint after"])
    if before == "unreadable" || after == "unreadable" { throw Undecided("the kernel's taint could not be read") }
    if before.contains("W") { throw Undecided("the kernel had warned before: taint \(before)") }
    return after.contains("W")
  }
}

extension KernelStudy {
  /// Probes of the data that an acquire hands over.
  var handOverProbes: [Probe] {
    [
      probe(KernelAnswers.firstAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("before the events", try mapping.getReader().counts)
        try ring.write(16)
        evidence.add("first ioctl after them", try mapping.getReader().counts)
        evidence.add("second ioctl", try mapping.getReader().counts)
      },
      probe(KernelAnswers.held) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(1_000)
        let meta = try mapping.getReader()
        let before = try mapping.bytes(of: meta.readerID)
        let overrun = try ring.stats().overrun
        evidence.add("held", "id \(meta.readerID), events \(try mapping.look().sequences.asRange)")
        try ring.write(4_000, from: 1_000)
        evidence.add("events overwritten meanwhile", try ring.stats().overrun &- overrun)
        let after = try mapping.bytes(of: meta.readerID)
        evidence.add("bytes of the held sub-buffer that changed", zip(before, after).count { $0 != $1 })
      },
      probe(KernelAnswers.sameID) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let first = try mapping.getReader()
        evidence.add("first acquire: id", first.readerID)
        evidence.add("first acquire: events", try mapping.look().sequences.asRange)
        try ring.write(4, from: 4)
        let second = try mapping.getReader()
        evidence.add("the writer on it: id", second.readerID)
        evidence.add("the writer on it: new events", try mapping.look(from: first.readerRead).sequences.asRange)
        evidence.add("the writer on it: id, read", "\(second.readerID), \(second.readerRead)")
        let still = try mapping.getReader()
        evidence.add("nothing new: id, read", "\(still.readerID), \(still.readerRead)")
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 8)
        let gone = try mapping.getReader()
        let from = gone.readerID == second.readerID ? second.readerRead : 0
        evidence.add("the writer gone: first acquire: id", gone.readerID)
        evidence.add("the writer gone: first acquire: new events", try mapping.look(from: from).sequences.count)
        let last = gone.readerID == second.readerID ? try mapping.getReader() : gone
        evidence.add("id at last", last.readerID)
      },
      probe(KernelAnswers.partialInvisible) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        _ = try mapping.getReader()
        evidence.add("events written", try ring.write(3).produced)
        let meta = try mapping.getReader()
        evidence.add("ioctl", "id \(meta.readerID), read \(meta.readerRead)")
        evidence.add("events handed out", try mapping.look().sequences.count)
      },
      probe(KernelAnswers.commitAdvances) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let meta = try mapping.getReader()
        evidence.add("bytes of data after the acquire", try mapping.look().dataCount)
        try ring.write(4, from: 4)
        let later = try mapping.look(at: meta.readerID, from: meta.readerRead, end: nil)
        evidence.add("bytes of data later, without an acquire", later.dataCount)
        evidence.add("new events", later.sequences.count)
        evidence.add("reader.read then", mapping.metaPage.readerRead)
      },
      probe(KernelAnswers.followWithoutAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", try ring.write(3 * perSubbuffer + perSubbuffer / 2).produced)
        var found: [UInt64] = []
        for id in 0..<UInt32(mapping.geometry.subbufferCount) {
          found += try mapping.look(at: id, from: 0, end: nil).sequences
        }
        evidence.add("events found without an ioctl", found.count)
        evidence.add("gaps between the found, sorted", found.sorted().gapCount)
      },
      probe(KernelAnswers.readIsEndOfData) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(4)
        addReadAndData(try reader.next(), "partial", &evidence)
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 4)
        addReadAndData(try reader.next(), "full", &evidence)
        try ring.write(2 * ring.eventsPerRing(), from: 4 + 2 * ring.eventsPerSubbuffer())
        let flagged = try reader.untilMissing()
        evidence.add("after a loss: events missing before", flagged?.missing ?? 0)
        addReadAndData(flagged, "after a loss", &evidence)
      },
      probe(KernelAnswers.pastRead) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4)
        let first = try mapping.getReader()
        try ring.write(4, from: 4)
        let past = try mapping.look(at: first.readerID, from: first.readerRead, end: nil)
        evidence.add("read past reader.read", past.sequences.asRange)
        let second = try mapping.getReader()
        evidence.add("reader.read", "\(first.readerRead) → \(second.readerRead)")
        evidence.add("handed out by the next acquire", try mapping.look(from: first.readerRead).sequences.asRange)
      },
      probe(KernelAnswers.restBeforeNext) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(4)
        evidence.add("id at first", try reader.next()?.meta.readerID ?? .max)
        try ring.write(2 * ring.eventsPerSubbuffer(), from: 4)
        for name in ["rest", "next"] {
          guard let handover = try reader.next() else { continue }
          evidence.add("id of the \(name)", handover.meta.readerID)
          evidence.add("first event of the \(name)", handover.look.sequences.first.map(String.init) ?? "none")
          evidence.add("last event of the \(name)", handover.look.sequences.last.map(String.init) ?? "none")
        }
      },
      probe(KernelAnswers.whereItIs) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(4 * ring.eventsPerSubbuffer())
        var results: [String] = []
        var ids: [String] = []
        var events: [String] = []
        for _ in 1...3 {
          results.append(ErrnoName.result(mapping.unsafeGetReader()))
          ids.append(String(mapping.metaPage.readerID))
          events.append(try mapping.look().sequences.asRange)
        }
        evidence.add("ioctls returned", results.joined(separator: ", "))
        evidence.add("reader.id of the meta page", ids.joined(separator: ", "))
        evidence.add("events there", events.joined(separator: ", "))
      },
      probe(KernelAnswers.onceInOrder) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let perSubbuffer = ring.eventsPerSubbuffer()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, perSubbuffer / 2, perSubbuffer + 3, 2 * perSubbuffer] {
            produced += try ring.write(count, from: produced).produced
            delivered += try reader.rest().flatMap(\.look.sequences)
          }
        }
        evidence.add("events that fit", ring.eventsPerRing())
        evidence.addDelivered(delivered, of: produced)
      },
      probeInBothModes(KernelAnswers.extraSubbuffer) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let turns = 3 * (ring.configuration.subbufferCount + 1)
        var ids: Set<UInt32> = []
        var produced: UInt64 = 0
        for _ in 0..<turns {
          produced += try ring.write(ring.eventsPerSubbuffer(), from: produced).produced
          ids.formUnion(try reader.rest().map(\.meta.readerID))
        }
        evidence.add("the writer's sub-buffers", ring.configuration.subbufferCount)
        evidence.add("nr_subbufs", mapping.metaPage.subbufferCount)
        evidence.add("places, with nothing written while one is held", ids.count)
        ids = []
        for _ in 0..<turns {
          produced += try ring.write(ring.eventsPerRing() + ring.eventsPerSubbuffer(), from: produced).produced
          ids.insert(try mapping.getReader().readerID)
        }
        evidence.add("different places", ids.count)
      },
    ]
  }

  /// Writes down what the meta page and what the header say of the size of the data.
  private func addReadAndData(
    _ handover: KernelReader<Ring.Mapping>.Handover?, _ kind: String, _ evidence: inout Evidence
  ) {
    guard let handover else { return }
    evidence.add("\(kind): reader.read", handover.meta.readerRead)
    evidence.add("\(kind): bytes of data by commit", handover.look.dataCount)
  }
}
