import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let counters = Claim(
    "meta-page-equals-stats", .counters, title: "Does the meta page equal the stats file?",
    question: "Are entries, overrun and read of the meta page equal to those of per_cpu/cpuN/stats?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"You'll see similar to the above.\", \"entries = entries\", "
      + "\"overrun = overrun\", \"read = read\"",
    procedure: "Write 2000 events, acquire once, and read both.",
    reaching: [.eventsOverwritten("overrun: stats")],
    [
      .kernelV11: .documented("after the same load and one acquire the three pairs are equal", equalPairs),
      .kernel: .assumed("as in v11: after the same load and one acquire the three pairs are equal", equalPairs),
    ])

  static func equalPairs(_ seen: Evidence) throws -> Answer {
    let differing = try [("entries", "entries"), ("overrun", "overrun"), ("read", "read events")].filter { pair in
      try seen.number("\(pair.0): meta page") != seen.number("\(pair.1): stats")
    }
    let answer =
      switch differing.count {
      case 0: "yes"
      case 3: "no"
      default: "all but " + differing.map(\.0).joined(separator: " and ")
      }
    return Answer(answer, expected: "yes")
  }

  static let lostEvents = Claim(
    "lost-events-in-meta-page", .counters, title: "reader.lost_events after a loss",
    question: "Is reader.lost_events the number of events lost before this sub-buffer was swapped out?",
    source: "include/uapi/linux/trace_mmap.h, @reader.lost_events: \"Number of events lost at the time of the reader "
      + "swap.\"; S. Rostedt, \(Cited.v11), 2024-01-11: \"lost_events is the number of lost events that happened before "
      + "this sub-buffer was swapped out\"",
    procedure: "Write 3000 events, which overwrite the ring buffer, and acquire once.",
    reaching: [.eventsLost("missing before it")],
    [
      .kernel: .documented("reader.lost_events is the number of sequence numbers missing before the first event") {
        seen in
        try Answer(seen.report("meta.reader.lost_events", of: seen.number("missing before it")), expected: "exact")
      }
    ])

  static let entriesInBuffer = Claim(
    "entries-in-the-ring-buffer", .counters, title: "What does meta.entries count?",
    question: "Is meta.entries the number of events that are in the ring buffer for the reader?",
    source:
      "include/uapi/linux/trace_mmap.h, @entries: \"Number of entries in the ring-buffer.\" (but see first-acquire-counts: "
      + "in the kernel's own test it is 16 after all 16 were read)",
    procedure: "Overwrite the ring buffer, acquire once and record entries; read everything else and count it.",
    reaching: [.readable { seen in try seen.number("events still delivered") > 0 }],
    [
      .kernel: .documented("it is the number of events that the following acquires still deliver") { seen in
        let (entries, remaining) = try (seen.number("meta.entries"), seen.number("events still delivered"))
        if entries == remaining { return Answer("events still to read", isExpected: true) }
        let isEveryEvent = try entries == seen.number("events written")
        return Answer(isEveryEvent ? "all events ever written" : "another number", isExpected: false)
      }
    ])

  static let entriesBalance = Claim(
    "entries-that-can-be-read", .counters, title: "Does entries - overrun - read count the unread events?",
    question: "Can a reader compute from the meta page how many events it can still read?",
    source: "V. Donnefort, Introducing trace buffer mapping by user-space, changes from v3 to v4: \"read (allow to "
      + "compute how many entries can be read)\"",
    procedure: "Overwrite the ring buffer, acquire once and record the counters; read everything else and count it.",
    reaching: [.eventsOverwritten("meta.overrun")],
    [
      .kernel: .assumed("as in v4: entries - overrun - read is the number of events still delivered") { seen in
        let unread = try seen.number("meta.entries") - seen.number("meta.overrun") - seen.number("meta.read")
        return try .yes(unread == seen.number("events still delivered"))
      }
    ])

  static let overrunIsLost = Claim(
    "overrun-against-truth", .counters, title: "Overwritten events, as reported by meta.overrun",
    question: "In overwrite mode, over several losses, is meta.overrun the number of events that were not delivered?",
    source: "include/uapi/linux/trace_mmap.h, @overrun: \"Number of entries lost in the ring-buffer.\"",
    procedure: "Three times: write twice what fits and read everything. Compare the counter with the sequence numbers.",
    reaching: [.eventsLost],
    [
      .kernel: .documented("it is the number of events that were not delivered") { seen in
        try Answer(seen.report("meta.overrun", of: seen.lost), expected: "exact")
      }
    ])

  static let readIsDelivered = Claim(
    "read-against-truth", .counters, title: "Delivered events, as reported by meta.read",
    question: "Over several losses, is meta.read the number of events that were delivered?",
    source: "include/uapi/linux/trace_mmap.h, @read: \"Number of entries that have been read.\"",
    procedure: "Three times: write twice what fits and read everything. Compare the counter with the delivered events.",
    reaching: [.eventsDelivered("events delivered")],
    [
      .kernel: .documented("it is the number of delivered events") { seen in
        try Answer(seen.report("meta.read", of: seen.number("events delivered")), expected: "exact")
      }
    ])

  static let subbufsNotNeeded = Claim(
    "subbufs-not-needed", .counters, title: "Can a reader do without subbufs_*?",
    question: "Does a reader that uses only reader.id, reader.read and overrun account for every event, and can it "
      + "count the sub-buffers that it read (subbufs_read) itself?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"Vincent, talking with Mathieu, he was suggesting that we only "
      + "export what we really need, and I don't think we need the above.\" (subbufs_touched, subbufs_lost, "
      + "subbufs_read); V. Donnefort, 2024-01-12: \"in that case I can track that in the reader\"",
    procedure: "Three times: write twice what fits and read everything, with those three fields only. Count the "
      + "exchanges by reader.id.",
    reaching: [.eventsOverwritten("meta.overrun")],
    [
      .kernel: .assumed("delivered plus overrun is what was produced, and each sub-buffer was counted") { seen in
        let overrun = try seen.number("meta.overrun")
        if try seen.number("events delivered") + overrun != seen.number("events produced") {
          return Answer("no, events are unaccounted for", expected: "yes")
        }
        let isCounted =
          try seen.number("sub-buffers counted by reader.id") == seen.number("sub-buffers with a header of their own")
        return Answer(isCounted ? "yes" : "no, sub-buffers are not countable", expected: "yes")
      }
    ])

  static let freeRunning = Claim.freeRunning.answered(
    procedure:
      "Three times: write more than fits, in overwrite mode, and read everything. Record every count in a header that "
      + "is not 0.",
    [
      .kernel: .assumed("the last count is the number of events lost since the beginning", from: "LTTng") { seen in
        let lost = try seen.lost
        if try seen.number("last count") == lost { return Answer("yes", isExpected: true) }
        let counts = try seen["counts in the headers"].split(separator: ", ").compactMap { Int64($0) }
        let answer = counts.isEmpty ? "no count" : counts.reduce(0, +) == lost ? "no, each loss separately" : "no"
        return Answer(answer, isExpected: false)
      }
    ])
}

extension KernelStudy {
  /// Counters against other counters and against the truth.
  var countersProbes: [Probe] {
    [
      probe(KernelAnswers.counters) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("events written", try ring.write(2_000).produced)
        let meta = try mapping.getReader()
        let stats = try ring.stats()
        evidence.add("entries: meta page", meta.entries)
        evidence.add("entries: stats", stats.entries)
        evidence.add("overrun: meta page", meta.overrun)
        evidence.add("overrun: stats", stats.overrun)
        evidence.add("read: meta page", meta.read)
        evidence.add("read events: stats", stats.readEvents)
      },
      probe(KernelAnswers.lostEvents) { (ring, evidence) throws(SourceError) in
        try observeFirstLoss(ring, &evidence)
      },
      probe(KernelAnswers.entriesInBuffer) { (ring, evidence) throws(SourceError) in
        try observeWhatIsLeft(ring, &evidence)
      },
      probe(KernelAnswers.entriesBalance) { (ring, evidence) throws(SourceError) in
        try observeWhatIsLeft(ring, &evidence)
      },
      probe(KernelAnswers.overrunIsLost) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
      },
      probe(KernelAnswers.readIsDelivered) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.read", mapping.metaPage.read)
      },
      probe(KernelAnswers.subbufsNotNeeded) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        evidence.add("meta.overrun", mapping.metaPage.overrun)
        evidence.add("sub-buffers counted by reader.id", handovers.count { $0.isNew })
        evidence.add("sub-buffers with a header of their own", Set(handovers.map(\.look.timestamp)).count)
      },
      probe(KernelAnswers.freeRunning) { (ring, evidence) throws(SourceError) in
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(try ring.map()))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        let told = handovers.filter { $0.isNew && $0.look.hasMissedEvents }.map(\.look.loss.count)
        evidence.add("counts in the headers", told.isEmpty ? "none" : told.joined(separator: ", "))
        evidence.add("last count", told.last ?? "0")
      },
    ]
  }

  /// Overwrites the ring buffer and acquires for the first time.
  func observeFirstLoss(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let mapping = try ring.map()
    evidence.add("events written", try ring.write(3_000).produced)
    let meta = try mapping.getReader()
    let look = try mapping.look()
    evidence.add("first sub-buffer", look.sequences.asRange)
    evidence.add("missing before it", look.sequences.first ?? 0)
    evidence.add("meta.reader.lost_events", meta.readerLostEvents)
    evidence.add("commit", look.commitText)
    evidence.add("bit 31 of commit", look.hasMissedEvents ? 1 : 0)
    evidence.add("told by the header", look.loss.text)
    evidence.add("stats: overrun", try ring.stats().overrun)
  }

  /// Three times overwrites the ring buffer and reads everything.
  /// - Returns: how many events were produced, and what was handed out.
  func loseThreeTimes(
    _ ring: Ring, _ reader: KernelReader<Ring.Mapping>
  ) throws(SourceError) -> (produced: UInt64, handovers: [KernelReader<Ring.Mapping>.Handover]) {
    var reader = reader
    var produced: UInt64 = 0
    var handovers: [KernelReader<Ring.Mapping>.Handover] = []
    for _ in 1...3 {
      produced += try ring.write(2 * ring.eventsPerRing(), from: produced).produced
      handovers += try reader.rest()
    }
    return (produced, handovers)
  }

  /// The counters after one acquire, and how many events come after it.
  private func observeWhatIsLeft(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    var reader = KernelReader(try ring.map())
    evidence.add("events written", try ring.write(2 * ring.eventsPerRing()).produced)
    guard let first = try reader.next() else { return }
    evidence.add("meta.entries", first.meta.entries)
    evidence.add("meta.overrun", first.meta.overrun)
    evidence.add("meta.read", first.meta.read)
    evidence.add("events still delivered", try reader.rest().reduce(0) { $0 + $1.look.sequences.count })
  }
}

extension Loss {
  /// The number of events that was told, for an observation.
  var count: String {
    switch self {
    case .none: "0"
    case .events(let count): String(count)
    case .notTold, .packets, .some, .atMost: "not told"
    }
  }
}
