import Study
import SubbufferSource

extension KernelStudy {
  /// Flags and counts in the header of a sub-buffer.
  var headersProbes: [Probe] {
    [
      probe(KernelAnswers.lossToldTwice) { (ring, evidence) throws(SourceError) in
        try observeFirstLoss(ring, &evidence)
      },
      countWhereRoomProbe,
      probe(KernelAnswers.flagMeansMissed) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        var produced: UInt64 = 0
        var new: [KernelReader<Ring.Mapping>.Handover] = []
        for count in loadsWithAndWithoutLoss(ring.eventsPerRing(), ring.eventsPerSubbuffer()) {
          produced += try ring.write(count, from: produced).produced
          new += try reader.rest().filter(\.isNew)
        }
        let missing = new.filter { $0.missing > 0 }
        evidence.add("sub-buffers handed out", new.count)
        evidence.add("with events missing before", missing.count)
        evidence.add("marked, of those", missing.count { $0.look.hasMissedEvents })
        evidence.add("marked, of the others", new.count { $0.missing == 0 && $0.look.hasMissedEvents })
      },
      probe(KernelAnswers.countBesideGap) { (ring, evidence) throws(SourceError) in
        let (_, handovers) = try loseThreeTimes(ring, KernelReader(try ring.map()))
        let new = handovers.filter(\.isNew)
        var gaps = 0
        for (index, handover) in new.enumerated() where handover.missing > 0 {
          gaps += 1
          evidence.add("size of gap \(gaps)", handover.missing)
          evidence.add("count before gap \(gaps)", index == 0 ? "none before" : new[index - 1].look.loss.count)
          evidence.add("count behind gap \(gaps)", handover.look.loss.count)
        }
        evidence.add("gaps", gaps)
      },
      probe(KernelAnswers.countsSumUp) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let (produced, handovers) = try loseThreeTimes(ring, KernelReader(mapping))
        evidence.addDelivered(handovers.flatMap(\.look.sequences), of: produced)
        let counts = handovers.filter(\.isNew).compactMap { UInt64($0.look.loss.count) }
        evidence.add("sum of the stored counts", counts.reduce(0, +))
        evidence.add("meta.overrun", mapping.metaPage.overrun)
      },
      probe(KernelAnswers.commitHighBits) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        var reader = KernelReader(mapping)
        let written = try ring.write(2 * ring.eventsPerSubbuffer()).produced
        guard let full = try reader.next() else { return }
        addCommitWord(try mapping.bytes(of: full.meta.readerID), "nothing missing", &evidence)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        guard let flagged = try reader.untilMissing() else { return }
        addCommitWord(try mapping.bytes(of: flagged.meta.readerID), "events missing", &evidence)
      },
      probe(KernelAnswers.flagStays) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let written = try ring.write(2 * ring.eventsPerRing()).produced
        let id = try mapping.getReader().readerID
        let look = try mapping.look()
        evidence.add("bit 31 of commit", look.hasMissedEvents ? 1 : 0)
        evidence.add("commit", look.commitText)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        evidence.add("commit after more events", try mapping.look(at: id, from: 0, end: nil).commitText)
        evidence.add("commit in a second mapping", try ring.map().look(at: id, from: 0, end: nil).commitText)
      },
      probe(KernelAnswers.timesInOrder) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let perSubbuffer = ring.eventsPerSubbuffer()
        try ring.write(5 * perSubbuffer + perSubbuffer / 2)
        let looks = try reader.rest().map(\.look)
        evidence.add("sub-buffers handed out", looks.count)
        evidence.add("later than their first event", looks.count { $0.timestamp > $0.times.first ?? .max })
        evidence.add(
          "earlier than the last event before",
          zip(looks, looks.dropFirst()).count { before, next in next.timestamp < before.times.last ?? 0 })
        evidence.add(
          "first of them: header, first event",
          "\(looks.first?.timestamp ?? 0), \(looks.first?.times.first ?? 0)")
      },
      probe(KernelAnswers.dataSizeWithLoss) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        let written = try ring.write(3 * ring.eventsPerSubbuffer()).produced
        _ = try reader.next()
        guard let full = try reader.next() else { return }
        evidence.add("nothing lost: events", full.look.sequences.count)
        evidence.add("nothing lost: bytes of data", full.look.dataCount)
        try ring.write(2 * ring.eventsPerRing(), from: written)
        guard let flagged = try reader.untilMissing() else { return }
        evidence.add("after a loss: events missing before", flagged.missing)
        evidence.add("after a loss: events", flagged.look.sequences.count)
        evidence.add("after a loss: bytes of data", flagged.look.dataCount)
      },
    ]
  }

  /// On a ring buffer for each size of event, so that the room left behind the data differs.
  private var countWhereRoomProbe: Probe {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    let space = configuration.subbufferSize - headerSize
    let sizes = stride(from: UInt32(0), to: UInt32(space), by: 4).lazy.filter { eventSize(payload: $0) <= space }
    let byRoom = Dictionary(sizes.map { (space % eventSize(payload: $0), $0) }, uniquingKeysWith: min)
    // On both sides of the boundary of 8 bytes, as near as the sizes of the events allow.
    let payloads = [0, 4, 8, 12, 16, 24].compactMap { byRoom[$0] }
    return Probe(KernelAnswers.countWhereRoom) { (evidence) throws(SourceError) in
      for payload in payloads {
        let look = try withProbeRing(configuration) { (ring) throws(SourceError) in
          let mapping = try ring.map()
          try ring.write(3 * ring.eventsPerRing(payload: payload), payload: payload)
          _ = try mapping.getReader()
          return try mapping.look()
        }
        evidence.add(
          "payload \(payload)",
          "\(look.room) bytes free, bit 31: \(look.hasMissedEvents ? 1 : 0), bit 30: \(look.hasMissedStored ? 1 : 0), "
            + "told: \(look.loss.text)")
      }
    }
  }

  /// Writes down the whole commit word of a sub-buffer.
  private func addCommitWord(_ bytes: [UInt8], _ kind: String, _ evidence: inout Evidence) {
    // The header: u64 time stamp, u64 commit, little endian.
    let word = bytes.dropFirst(8).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    evidence.add("\(kind): commit word", "0x\(String(word, radix: 16))")
    evidence.add("\(kind): bit 31", word >> 31 & 1)
    evidence.add("\(kind): bits 32 to 63", "0x\(String(word >> 32, radix: 16))")
  }
}
