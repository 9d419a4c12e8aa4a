import Glibc
import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import Workload

extension PerfEventStudy {
  /// One for each of ``PerfEventAnswers``.
  package var probes: [Probe] { handOverProbes + consumptionProbes + lossProbes + mappingProbes + misuseProbes }

  private var handOverProbes: [Probe] {
    [
      probe(PerfEventAnswers.held) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        try ring.write(ring.perRing / 2)
        var changed = 0
        var meanwhile: UInt64 = 0
        _ = try reader.next { (held) throws(SourceError) in
          let before = held.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
          meanwhile = try ring.write(4 * ring.perRing, from: UInt64(ring.perRing / 2)).produced
          changed = held.withBytes { bytes in bytes.withUnsafeBytes { zip(before, $0).count { $0 != $1 } } }
        }
        let recorded = try reader.rest().reduce(0) { $0 + $1.sequences.count }
        evidence.add("events that were not recorded meanwhile", Int(meanwhile) - recorded)
        evidence.add("bytes of the held data that changed", changed)
      },
      probe(PerfEventAnswers.partial, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        evidence.add("events written", try ring.write(3).produced)
        evidence.add("events handed out", try reader.next()?.sequences.count ?? 0)
      },
      probe(PerfEventAnswers.commitAdvances, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        try ring.write(4)
        let tail = ring.ring.dataTail
        _ = try reader.next { (held) throws(SourceError) in
          let before = ring.ring.dataHead &- tail
          evidence.add("bytes of data after the acquire", before)
          try ring.write(4, from: 4)
          let later = ring.ring.dataHead &- tail
          evidence.add("bytes of data later, without an acquire", later)
          evidence.add(
            "new events", Int(later &- before) / PerfEventStudy.eventSize(payload: PerfEventRing.payload))
        }
      },
      probe(PerfEventAnswers.onceInOrder, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, 7, ring.perRing / 4, ring.perRing / 2] {
            produced += try ring.write(count, from: produced).produced
            delivered += try reader.rest().flatMap(\.sequences)
          }
        }
        evidence.add("events that fit", ring.perRing)
        evidence.addDelivered(delivered, of: produced)
      },
      probe(PerfEventAnswers.nothingThere, mode: .discard) { (ring, evidence) throws(SourceError) in
        evidence.add("empty: data_head", ring.ring.dataHead)
        evidence.add("empty: data_tail", ring.ring.dataTail)
        evidence.add("events written then", try ring.write(1).produced)
        evidence.add("not empty: data_head", ring.ring.dataHead)
        evidence.add("not empty: data_tail", ring.ring.dataTail)
      },
      probe(PerfEventAnswers.pollWhenAllIsRead, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.wake(upon: .event)
        var reader = SourceReader(ring.source())
        evidence.add("empty: poll", try ring.pollText())
        try ring.write(8)
        evidence.add("with data: poll", try ring.pollText())
        evidence.add("events read", try reader.rest().reduce(0) { $0 + $1.sequences.count })
        evidence.add("all is read: poll", try ring.pollText())
        try ring.write(8, from: 8)
        _ = try reader.rest()
        evidence.add("all is read without a poll before: poll", try ring.pollText())
      },
      probe(PerfEventAnswers.wrapped, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        var (position, produced) = (UInt64(0), UInt64(0))
        var (records, headers) = (0, 0)
        while position < 3 * UInt64(ring.ring.dataSize) {
          produced += try ring.write(ring.perRing / 2, from: produced).produced
          for record in ring.ring.records(from: position, to: ring.ring.dataHead) {
            position += UInt64(record.size)
            if record.offset + record.size > ring.ring.dataSize { records += 1 }
            if record.offset + 8 > ring.ring.dataSize { headers += 1 }
          }
          _ = try reader.rest()
        }
        evidence.add("laps", position / UInt64(ring.ring.dataSize))
        evidence.add("records in two pieces", records)
        evidence.add("headers in two pieces", headers)
      },
    ]
  }

  private var consumptionProbes: [Probe] {
    [
      probe(PerfEventAnswers.consumedAtRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        try ring.write(8)
        evidence.add("data_tail before", ring.ring.dataTail)
        _ = try reader.next { _ in evidence.add("data_tail after the acquire", ring.ring.dataTail) }
        evidence.add("data_tail after the release", ring.ring.dataTail)
      },
      probe(PerfEventAnswers.endToldByPoll, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("writer lives: poll", try ring.pollText())
        ring.producer.end()
        evidence.add("writer has ended: poll", try ring.pollText())
        evidence.add("events read then", try ring.readAndLeave().asRange)
        evidence.add("all is read: poll", try ring.pollText())
      },
      probe(PerfEventAnswers.restAfterEnd, mode: .discard) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(ring.perRing / 2).produced
        ring.producer.end()
        evidence.add("poll", try ring.pollText())
        evidence.addDelivered(try ring.readAndLeave(), of: produced)
      },
      probe(PerfEventAnswers.reopened, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try ring.readAndLeave().asRange)
        try ring.write(4, from: 8)
        evidence.add("second reader: events", try ring.readAndLeave().asRange)
      },
      probe(PerfEventAnswers.restKept, mode: .discard) { (ring, evidence) throws(SourceError) in
        // Nearly two laps, so that the first hand-over ends at the end of the data.
        let before = try ring.write(ring.perRing / 2).produced
        _ = try ring.readAndLeave()
        let produced = try ring.write(ring.perRing - 8, from: before).produced
        var first = SourceReader(ring.source())
        let part = try first.next()?.sequences ?? []
        let rest = try ring.readAndLeave()
        evidence.add("events written", produced)
        evidence.add("events of the first reader", part.count)
        evidence.add("events of the second reader", rest.count)
        evidence.add("events of both readers", part.count + rest.count)
        evidence.add("gaps between the events", (part + rest).gapCount)
      },
      probe(PerfEventAnswers.killedOutside, mode: .discard) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(ring.perRing / 2).produced
        ring.producer.end()
        evidence.addDelivered(try ring.readAndLeave(), of: produced)
      },
      probe(PerfEventAnswers.lostBetweenReaders, mode: .discard) { (ring, evidence) throws(SourceError) in
        let before = try ring.write(8).produced
        _ = try ring.readAndLeave()
        let written = try ring.write(3 * ring.perRing, from: before).produced
        var second = SourceReader(ring.source())
        var handovers = try second.rest()
        let sequences = handovers.flatMap(\.sequences)
        try ring.write(1, from: before + written)
        handovers += try second.rest()
        evidence.add("events missing between the two readers", Int(written) - sequences.count)
        evidence.add("reported to the second", handovers.reduce(0) { $0 + $1.lostCount })
      },
      probe(PerfEventAnswers.severalReaders, mode: .discard) { (ring, evidence) throws(SourceError) in
        var first = SourceReader(ring.source())
        var second = SourceReader(ring.source())
        evidence.add("events written", try ring.write(8).produced)
        evidence.add("first reader: events", try first.rest().flatMap(\.sequences).asRange)
        evidence.add("second reader: events", try second.rest().flatMap(\.sequences).asRange)
        evidence.add("data_tail", ring.ring.dataTail)
      },
    ]
  }

  private var lossProbes: [Probe] {
    [
      probe(PerfEventAnswers.discardDropsNewest, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence)
      },
      probe(PerfEventAnswers.overwriteDropsOldest) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence)
      },
      probe(PerfEventAnswers.discardCounted, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence)
      },
      probe(PerfEventAnswers.overwriteUncounted) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence)
      },
      probe(PerfEventAnswers.receivedPlusDiscarded, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...3 {
          produced += try ring.write(2 * ring.perRing, from: produced).produced
          delivered += try reader.rest().flatMap(\.sequences)
        }
        evidence.addDelivered(delivered, of: produced)
        evidence.add("lost by read(2)", try ring.ring.counts().lost)
      },
      probe(PerfEventAnswers.lossBetweenAcquires) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        let before = try ring.write(2 * ring.perRing).produced
        let first = try reader.next()
        try ring.write(3 * ring.perRing, from: before)
        let second = try reader.next()
        evidence.add(
          "events missing between the two", (first?.sequences ?? []).missing(before: second?.sequences ?? []))
        evidence.add(
          "reported with the second",
          second?.loss == .some ? "events lost, number unknown" : second?.loss.text ?? "none")
      },
      probe(PerfEventAnswers.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(2 * ring.perRing)
        evidence.add("writes that failed", truth.refused)
        evidence.add("lost by read(2)", try ring.ring.counts().lost)
      },
      probe(PerfEventAnswers.roomAfterRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        var sequence = try ring.write(2 * ring.perRing).produced
        func recorded() throws(SourceError) -> UInt64 {
          let (head, count) = (ring.ring.dataHead, 2 * ring.perRing)
          sequence += try ring.write(count, from: sequence).produced
          return (ring.ring.dataHead &- head) / UInt64(PerfEventStudy.eventSize(payload: PerfEventRing.payload))
        }
        evidence.add("events that fit", ring.perRing)
        evidence.add("events recorded while it is full", try recorded())
        var meanwhile: UInt64 = 0
        _ = try reader.next { (held) throws(SourceError) in meanwhile = try recorded() }
        evidence.add("events recorded after the acquire", meanwhile)
        evidence.add("events recorded after the store of data_tail", try recorded())
      },
      probe(PerfEventAnswers.lostAtEnd, mode: .discard) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        let produced = try ring.write(2 * ring.perRing).produced
        let handovers = try reader.rest()
        evidence.add("events lost", Int(produced) - handovers.reduce(0) { $0 + $1.sequences.count })
        evidence.add("reported when everything is read", handovers.reduce(0) { $0 + $1.lostCount })
        try ring.write(1, from: produced)
        evidence.add("reported with the next event", try reader.rest().reduce(0) { $0 + $1.lostCount })
      },
      probe(PerfEventAnswers.backwardHasLost) { (ring, evidence) throws(SourceError) in
        evidence.add("pause of the output", ErrnoName.result(ring.ring.pauseOutput(true)))
        evidence.add("events written while it was paused", try ring.write(8).produced)
        evidence.add("resumption of the output", ErrnoName.result(ring.ring.pauseOutput(false)))
        try ring.write(1, from: 8)
        let records = ring.ring.records(from: ring.ring.dataHead, to: 0)
        evidence.add("records of lost events", records.count { $0.lost != nil })
        evidence.add("events in records of lost events", records.reduce(0) { $0 + ($1.lost ?? 0) })
      },
      probe(PerfEventAnswers.backwardLostOrder) { (ring, evidence) throws(SourceError) in
        try ring.write(4)
        _ = ring.ring.pauseOutput(true)
        evidence.add("events written while it was paused", try ring.write(8, from: 4).produced)
        _ = ring.ring.pauseOutput(false)
        try ring.write(4, from: 12)
        let offset = PerfRecordDecoder.sampleHeaderSize + ring.sequenceOffset
        let records = ring.ring.records(from: ring.ring.dataHead, to: 0).map { record in
          record.lost.map { "lost \($0)" } ?? "\(ring.ring.load64(record.offset + offset))"
        }
        evidence.add("records by address", records.joined(separator: ", "))
      },
      probe(PerfEventAnswers.readerLoses) { (ring, evidence) throws(SourceError) in
        var reader = SourceReader(ring.source())
        try ring.write(8)
        let first = try reader.next { (held) throws(SourceError) in try ring.write(8, from: 8) }
        try ring.write(8, from: 16)
        evidence.add("events of the first acquire", (first?.sequences ?? []).asRange)
        evidence.add("events of the later acquires", try reader.rest().flatMap(\.sequences).asRange)
        evidence.add("lost by read(2)", try ring.ring.counts().lost)
      },
      probe(PerfEventAnswers.pauseWaits) { (ring, evidence) throws(SourceError) in
        try ring.observePauses(&evidence)
      },
    ]
  }

  private var mappingProbes: [Probe] {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    return [
      probe(PerfEventAnswers.storesRefused, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        let length = ring.ring.dataSize + page
        try evidence.addMappingControl([MappingAttempt(length: length, protection: PROT_READ | PROT_WRITE)])
        evidence.addStores(into: ring.ring.unsafeData, at: page, of: ring.ring.descriptor.rawValue, length: length)
      },
      probe(PerfEventAnswers.mappingRestrictions, mode: .discard) { (ring, evidence) throws(SourceError) in
        let length = ring.ring.dataSize + page
        let attempts = MappingAttempt.toBeRefused(all: length, subbuffer: page)
        try evidence.addMappingControl(attempts)
        for attempt in [.plain(length)] + attempts {
          evidence.add(attempt.name, attempt(ring.ring.descriptor.rawValue))
        }
      },
      probe(PerfEventAnswers.mappingStays) { (ring, evidence) throws(SourceError) in
        let length = ring.ring.dataSize + page
        try evidence.addProtectionControl(PROT_READ | PROT_WRITE, length: length)
        try evidence.addGrowthControl(by: page, length: length)
        var mapping = try WholeMapping(ring.ring.descriptor.rawValue, length: length)
        evidence.add("mprotect(PROT_READ|PROT_WRITE)", mapping.protect(PROT_READ | PROT_WRITE))
        evidence.add("mremap, one sub-buffer longer", mapping.grow(by: page, mayMove: false))
        evidence.add("mremap(MREMAP_MAYMOVE), one sub-buffer longer", mapping.grow(by: page, mayMove: true))
      },
      probe(PerfEventAnswers.notExecutable, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try WholeMapping(ring.ring.descriptor.rawValue, length: ring.ring.dataSize + page)
        try evidence.addProtectionControl(PROT_READ | PROT_EXEC, length: mapping.length)
        evidence.add("mprotect(PROT_READ|PROT_EXEC)", mapping.protect(PROT_READ | PROT_EXEC))
      },
      probe(PerfEventAnswers.mappingFlags) { (ring, evidence) throws(SourceError) in
        let mapping = try WholeMapping(ring.ring.descriptor.rawValue, length: ring.ring.dataSize + page)
        evidence.add("VmFlags", try mapping.flags())
      },
      probe(PerfEventAnswers.mappingInherited, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.addLoads(of: ring.ring.unsafeData)
      },
      probe(PerfEventAnswers.debuggerReads, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.addDebuggersRead(of: ring.ring.unsafeData)
      },
    ]
  }

  private var misuseProbes: [Probe] {
    [
      probe(PerfEventAnswers.tailAhead, mode: .discard) { (ring, evidence) throws(SourceError) in
        evidence.add("data_size", ring.ring.dataSize)
        ring.ring.unsafeStoreTail(UInt64(ring.ring.dataSize / 2))
        evidence.add("events written", try ring.write(2 * ring.perRing).produced)
        evidence.add("bytes that data_head moved", ring.ring.dataHead)
        evidence.add("lost by read(2)", try ring.ring.counts().lost)
      },
      probe(PerfEventAnswers.tailBackwards, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("events of the first reading", try ring.readAndLeave().asRange)
        ring.ring.unsafeStoreTail(0)
        evidence.add("events of the second reading", try ring.readAndLeave().asRange)
        ring.ring.unsafeStoreTail(0)
        try ring.write(2 * ring.perRing, from: 8)
        let later = try ring.readAndLeave()
        evidence.add("first event read later", later.first.map(String.init) ?? "none")
        evidence.add("gaps between the events read later", later.gapCount)
      },
    ]
  }
}

extension PerfEventRing {
  /// The result of `poll` without waiting: "POLLIN", "POLLHUP", both, or "0" for nothing.
  fileprivate func pollText() throws(SourceError) -> String {
    let events = try ring.poll(0)
    let names = [(POLLIN, "POLLIN"), (POLLHUP, "POLLHUP")].filter { events & $0.0 != 0 }.map(\.1)
    return names.isEmpty ? "\(events)" : names.joined(separator: "|")
  }

  /// A reader that reads everything and leaves.
  fileprivate func readAndLeave() throws(SourceError) -> [UInt64] {
    var reader = SourceReader(source())
    return try reader.rest().flatMap(\.sequences)
  }

  /// Pauses the output again and again while the writer writes as fast as it can, until a write was seen that the pause did not
  /// wait for.
  fileprivate func observePauses(_ evidence: inout Evidence) throws(SourceError) {
    let payload: UInt32 = 3_000
    let size = PerfEventStudy.eventSize(payload: payload)
    var (pauses, moved, broken) = (0, 0, 0)
    var last: UInt64 = 0
    let begin = ContinuousClock.now
    while pauses < 200_000, moved == 0, broken == 0, begin.duration(to: .now) < .seconds(8) {
      try producer.start(Load(first: 0, count: 20_000, payload: payload))
      while try producer.truth(within: 0) == nil {
        // All records that were there at the last pause are overwritten.
        guard moved == 0, broken == 0, begin.duration(to: .now) < .seconds(8),
          last &- ring.dataHead > UInt64(ring.dataSize)
        else { continue }
        _ = ring.pauseOutput(true)
        let head = ring.dataHead
        let records = ring.records(from: head, to: head &+ UInt64(ring.dataSize))
        let start = ContinuousClock.now
        while start.duration(to: .now) < .microseconds(10) {}
        last = ring.dataHead
        _ = ring.pauseOutput(false)
        pauses += 1
        if last != head { moved += 1 }
        // The last one may reach into what is overwritten; a record of lost events has 24 bytes.
        if records.dropLast().contains(where: { $0.size != ($0.lost == nil ? size : 24) }) { broken += 1 }
      }
    }
    evidence.add("pauses with a full ring buffer", pauses)
    evidence.add("times that data_head moved later", moved)
    evidence.add("times with a broken record", broken)
  }

  /// Writes three times what fits, and reads; writes one event more, with which a loss can be reported, and reads that.
  fileprivate func observeLoss(_ evidence: inout Evidence) throws(SourceError) {
    var reader = SourceReader(source())
    let produced = try write(3 * perRing).produced
    var handovers = try reader.rest()
    evidence.addDelivered(handovers.flatMap(\.sequences), of: produced)
    evidence.add("reported by data_head", handovers.first { $0.channel == .dataHead }?.loss.text ?? Loss.none.text)
    try write(1, from: produced)
    handovers += try reader.rest()
    evidence.add("reported by PERF_RECORD_LOST, one event later", handovers.reduce(0) { $0 + $1.lostCount })
    evidence.add("lost by read(2)", try ring.counts().lost)
  }
}

extension SourceReader.Handover where Source: ~Copyable {
  /// The number of lost events reported before it; 0 if no number was reported.
  fileprivate var lostCount: UInt64 {
    if case .events(let count) = loss { count } else { 0 }
  }
}

/// A record of perf's ring buffer, as it lies in memory.
struct PerfRecord {
  /// The offset in the data, and the size, in bytes.
  var offset: Int
  var size: Int
  /// The number of a record of lost events; `nil` of another record.
  var lost: UInt64?
}

extension PerfRing {
  /// The records between two positions, in the order of the addresses.
  func records(from start: UInt64, to end: UInt64) -> [PerfRecord] {
    var records: [PerfRecord] = []
    var position = start
    while position != end, end &- position <= UInt64(dataSize) {
      let offset = Int(position & UInt64(dataSize - 1))
      let header = load64(offset)
      let size = Int(header >> 48)
      guard size >= 8 else { break }
      let isLost = UInt32(truncatingIfNeeded: header) == 2
      records.append(PerfRecord(offset: offset, size: size, lost: isLost ? load64(offset + 16) : nil))
      position &+= UInt64(size)
    }
    return records
  }

  /// Eight bytes of the data, at an offset that may be beyond the end by a lap.
  func load64(_ offset: Int) -> UInt64 {
    (0..<8).reduce(0) { value, byte in
      value | UInt64(unsafeData.load(fromByteOffset: (offset + byte) & (dataSize - 1), as: UInt8.self)) << (8 * byte)
    }
  }
}
