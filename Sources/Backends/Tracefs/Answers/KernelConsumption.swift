import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let reopened = Claim.reopened.answered(
    procedure:
      "Write 8 events; a reader acquires, reads and leaves; write 4 more; a second reader acquires and reads from the "
      + "value of reader.read at its mmap.",
    [
      .kernel: .assumed("as in v2: the second reader gets exactly the 4 new events, from reader.read on") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      }
    ])

  static let deadReader = Claim.deadReader.answered(
    procedure:
      "Write 8 events; a reader acquires, and ends without reading; a second reader acquires. The mapping is closed, "
      + "not the process.",
    [
      .kernel: .documented(
        "no, the acquire has consumed them: from reader.read on the next reader gets none",
        reaching: [.subbufferHeld { seen in try !seen["first reader: after its acquire"].hasPrefix("id 0,") }]
      ) { seen in
        try .yes(seen["second reader: events"] != "none", expected: false)
      }
    ])

  static let consumedAtRelease = Claim.consumedAtRelease.answered(
    procedure:
      "Write two and a half sub-buffers; acquire one; release it with the next ioctl. Record meta.read at each point.",
    [
      .kernel: .assumed(
        "meta.read does not count the events of a held sub-buffer before the next ioctl", from: "LTTng",
        reaching: [.eventsDelivered("consumed after the release")]
      ) { seen in
        let isUnchanged = try seen.number("consumed after the acquire") == seen.number("consumed before")
        return Answer(isUnchanged ? "at the release" : "at the acquire", expected: "at the release")
      }
    ])

  static let restKept = Claim.restKept.answered(
    procedure:
      "Write three and a half sub-buffers; a reader acquires one and leaves, which is the release; a second reads the "
      + "rest.",
    [
      .kernel: .assumed("the two together get every event once", Claim.bothGetAll)
    ])

  static let releasedIsGone = Claim.releasedIsGone.answered(
    procedure: "Acquire a full sub-buffer and release it; overwrite the ring buffer twice and compare its bytes.",
    [
      .kernel: .documented("no: its bytes change", reaching: [.eventsOverwritten("events overwritten since")]) { seen in
        let isOverwritten = try seen.number("bytes of the released sub-buffer that changed") > 0
        return Answer(isOverwritten ? "no, overwritten" : "yes", expected: "no, overwritten")
      }
    ])

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
      }
    ])

  static let killedOutside = Claim.killedOutside.answered(
    procedure: "Write two and a half sub-buffers; kill the writer while it waits; read everything.",
    [
      .kernel: .assumed("every event is delivered", Claim.deliveredOfKilled)
    ])

  static let kernelWrites =
    "write(2) reserves and commits in the kernel; a signal acts on the return to user space"

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered(
    procedure:
      "Write one and a half sub-buffers; a first reader reads everything and leaves; overwrite the ring buffer twice; a "
      + "second reader acquires until events are missing.",
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
    ])
}

extension KernelStudy {
  /// Probes of consumption: the events that are gone after a reader has gone.
  var consumptionProbes: [Probe] {
    [
      probe(KernelAnswers.reopened) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try acquireAndLeave(ring).asRange)
        try ring.write(4, from: 8)
        try observeSecondReader(ring, &evidence)
      },
      probe(KernelAnswers.deadReader) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        let taken = try ring.map().getReader()
        evidence.add("first reader: after its acquire", "id \(taken.readerID), read \(taken.readerRead)")
        try observeSecondReader(ring, &evidence)
      },
      probe(KernelAnswers.consumedAtRelease) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(2 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
        evidence.add("consumed before", mapping.metaPage.read)
        evidence.add("consumed after the acquire", try mapping.getReader().read)
        evidence.add("events of the sub-buffer", try mapping.look().sequences.count)
        evidence.add("consumed after the release", try mapping.getReader().read)
      },
      probe(KernelAnswers.restKept) { (ring, evidence) throws(SourceError) in
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", try ring.write(3 * perSubbuffer + perSubbuffer / 2).produced)
        let first = try acquireAndLeave(ring)
        let second = try ring.map().readAll().flatMap(\.sequences)
        evidence.add("events of the first reader", first.count)
        evidence.add("events of the second reader", second.count)
        evidence.add("events of both readers", first.count + second.count)
        evidence.add("gaps between the events", (first + second).gapCount)
      },
      probe(KernelAnswers.releasedIsGone) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let written = try ring.write(2 * ring.eventsPerSubbuffer()).produced
        let id = try mapping.getReader().readerID
        let before = try mapping.bytes(of: id)
        evidence.add("acquired", "id \(id), events \(try mapping.look().sequences.asRange)")
        evidence.add("acquired next", "id \(try mapping.getReader().readerID)")
        try ring.write(3 * ring.eventsPerRing(), from: written)
        evidence.add("events overwritten since", try ring.stats().overrun)
        let after = try mapping.bytes(of: id)
        evidence.add("bytes of the released sub-buffer that changed", zip(before, after).count { $0 != $1 })
      },
      probe(KernelAnswers.idsAnew) { (ring, evidence) throws(SourceError) in
        try observeIDs(ring, &evidence)
        evidence.add("reader.id when mapped anew", try ring.map().metaPage.readerID)
      },
      probe(KernelAnswers.lostBetweenReaders) { (ring, evidence) throws(SourceError) in
        let perSubbuffer = ring.eventsPerSubbuffer()
        let written = try ring.write(perSubbuffer + perSubbuffer / 2).produced
        evidence.add("first reader: events", try ring.map().readAll().flatMap(\.sequences).asRange)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        // The rest of the reader sub-buffer comes first, and continues after the events that the first reader read.
        var reader = KernelReader(try ring.map(), after: written)
        guard let behind = try reader.untilMissing() else { return }
        evidence.add("second reader: events behind the gap", behind.look.sequences.asRange)
        evidence.add("events missing between the two readers", behind.missing)
        evidence.add("told to the second", behind.look.loss.count)
        evidence.add("reader.lost_events", behind.meta.readerLostEvents)
      },
      probe(KernelAnswers.killedOutside) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let perSubbuffer = ring.eventsPerSubbuffer()
        let produced = try ring.write(2 * perSubbuffer + perSubbuffer / 2).produced
        ring.endWriter()
        evidence.addDelivered(try mapping.readAll().flatMap(\.sequences), of: produced)
      },
    ]
  }

  /// A reader that acquires once, reads and leaves.
  private func acquireAndLeave(_ ring: Ring) throws(SourceError) -> [UInt64] {
    let mapping = try ring.map()
    _ = try mapping.getReader()
    return try mapping.look().sequences
  }

  /// A reader that maps a ring buffer which had a reader before, and acquires once.
  private func observeSecondReader(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let mapping = try ring.map()
    let atOpen = mapping.metaPage
    let meta = try mapping.getReader()
    let from = meta.readerID == atOpen.readerID ? atOpen.readerRead : 0
    evidence.add("second reader: when it mapped", "id \(atOpen.readerID), read \(atOpen.readerRead)")
    evidence.add("second reader: after its acquire", "id \(meta.readerID), read \(meta.readerRead)")
    evidence.add("second reader: events", try mapping.look(from: from).sequences.asRange)
    evidence.add("second reader: events from the sub-buffer's beginning", try mapping.look().sequences.asRange)
  }

  /// The reader's id while mappings come and go; none is left.
  private func observeIDs(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let mapping = try ring.map()
    try ring.write(2 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
    _ = try mapping.getReader()
    evidence.add("reader.id before", try mapping.getReader().readerID)
    evidence.add("reader.id in a mapping beside it", try ring.map().metaPage.readerID)
    withExtendedLifetime(mapping) {}
  }
}
