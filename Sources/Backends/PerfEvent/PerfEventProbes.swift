import HeadTailBackend
import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import Workload

extension PerfEventStudy {
  /// One for each of ``PerfEventAnswers``.
  package var probes: [Probe] { headTailProbes + handOverProbes + lossProbes }

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

  private var lossProbes: [Probe] {
    [
      probe(PerfEventAnswers.overwriteDropsOldest) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence) { _, _, _ in }
      },
      probe(PerfEventAnswers.overwriteUncounted) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence) { first, all, evidence in
          evidence.add("reported by data_head", first.first { $0.channel == .dataHead }?.loss.text ?? Loss.none.text)
          evidence.add("reported in the ring buffer, one event later", all.reduce(0) { $0 + $1.lostCount })
        }
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
        evidence.add("lost by the count", try ring.lostCount())
      },
      probe(PerfEventAnswers.pauseWaits) { (ring, evidence) throws(SourceError) in
        try ring.observePauses(&evidence)
      },
    ]
  }
}

extension PerfEventRing {
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
