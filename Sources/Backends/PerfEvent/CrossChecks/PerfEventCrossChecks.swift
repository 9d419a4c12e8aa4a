import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import Workload

extension PerfEventStudy {
  /// Observed with perf 6.1.
  package func crossCheckSeconds(_ profile: Profile) -> Double { 0.5 }

  /// Has perf read the records that this program's source reads: the same bytes of the same ring buffer.
  /// - Throws: ``SourceError`` where a call fails that is not perf's.
  package func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] {
    var generator = SeededGenerator(seed: seed)
    let perf = try FoundTool(orSay: PerfTool.missing) { () throws(SourceError) in try PerfTool() }
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    var results: [CrossCheckResult] = []
    for load in [CrossCheckLoad.nothingLost, .stalled, .inTurns] {
      try Interruption.check()
      results.append(try crossCheck(load.drawing(&generator), configuration, perf))
    }
    return results
  }

  private func crossCheck(
    _ load: CrossCheckLoad, _ configuration: RingConfiguration, _ found: FoundTool<PerfTool>
  ) throws(SourceError) -> CrossCheckResult {
    var result = CrossCheckResult(
      backend: name, mode: configuration.mode, load: load.described(configuration), tool: found.tool?.title ?? "perf",
      rows: [])
    guard let perf = found.tool else {
      result.skipped = found.reason
      return result
    }
    let read = try PerfEventRing.with(configuration) { (ring) throws(SourceError) in
      try ring.read(load, eventSize: eventSize(payload: load.payload))
    }
    result.load.setup.append(Observation("events written", read.produced))
    do {
      let theirs = try perf.read(read.records)
      let by = (ours: "PerfEventSource", theirs: "perf report -D")
      result.rows = [
        CrossCheckResult.Row(
          "delivered events", ours: read.delivered, theirs: theirs.samples,
          truth: configuration.mode == .discard ? read.produced - read.lost : nil, oursBy: by.ours, theirsBy: by.theirs),
        CrossCheckResult.Row(
          "records of lost events", ours: read.reports.records, theirs: theirs.lostRecords, oursBy: by.ours,
          theirsBy: by.theirs),
        CrossCheckResult.Row(
          "lost events in these records", ours: read.reports.events, theirs: theirs.lost, oursBy: by.ours,
          theirsBy: by.theirs),
      ]
      result.add(evidence: theirs.lines)
    } catch {
      // A signal ends what is going on with an error of its own.
      try Interruption.check()
      result.skipped = CrossCheckResult.Skip(failed: error)
    }
    return result
  }
}

extension PerfEventRing {
  /// The result of a load.
  fileprivate struct Read {
    var produced: UInt64 = 0
    /// The count of `read(2)`.
    var lost: UInt64 = 0
    /// The bytes of all records, as they lay in memory.
    var records: [UInt8] = []
    /// The events that the source handed out, and what its channel of records reported.
    var delivered: UInt64 = 0
    var reports: (records: UInt64, events: UInt64) = (0, 0)
  }

  /// Has a load written, and read by the source; before each reading what is unread is copied.
  fileprivate func read(_ load: CrossCheckLoad, eventSize: Int) throws(SourceError) -> Read {
    var read = Read()
    var reader = SourceReader(source())
    var position: UInt64 = 0
    func takeAll() throws(SourceError) {
      read.records += ring.unread(after: &position)
      read.delivered += try reader.rest().reduce(0) { $0 + UInt64($1.sequences.count) }
    }
    let truth = try load.run(producer, configuration, eventSize: eventSize, takeOne: takeAll, takeAll: takeAll)
    read.produced = truth.produced
    read.lost = try lostCount()
    for reading in try reader.source.lossChannels() where reading.channel == .lostRecord {
      guard case .events(let events) = reading.loss else { continue }
      read.reports = (reading.marks, events)
    }
    return read
  }
}

extension PerfRing {
  /// The bytes of the whole records that were written since the last call, as they lie in memory, and not overwritten.
  fileprivate func unread(after position: inout UInt64) -> [UInt8] {
    let head = dataHead
    let begin = options.overwrites ? head : position
    let count = options.overwrites ? min(position &- head, UInt64(dataSize)) : head &- position
    position = head
    return records(from: begin, to: begin &+ count).flatMap { record -> [UInt8] in
      // The last one may have been overwritten in part.
      let place = (record.offset - Int(begin & UInt64(dataSize - 1))) & (dataSize - 1)
      guard place + record.size <= Int(count) else { return [] }
      return stride(from: 0, to: record.size, by: 8).flatMap { place in
        withUnsafeBytes(of: load64(record.offset + place).littleEndian) { Array($0) }
      }
    }
  }
}
