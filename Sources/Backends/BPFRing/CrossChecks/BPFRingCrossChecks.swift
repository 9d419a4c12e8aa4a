import BPFRingABI
import Platform
import Results
import Study
import SubbufferSource
import Workload

extension BPFRingStudy {
  /// Observed with libbpf 1.1.
  package func crossCheckSeconds(_ profile: Profile) -> Double { 0.2 }

  /// Has libbpf read what this program's source reads: the same records of the same ring buffer.
  /// - Throws: ``SourceError`` where a call fails that is not libbpf's.
  package func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] {
    var generator = SeededGenerator(seed: seed)
    let library = LibBPF()
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    var results: [CrossCheckResult] = []
    for load in [CrossCheckLoad.nothingLost, .stalled, .inTurns] {
      try Interruption.check()
      results.append(try crossCheck(load.drawing(&generator), configuration, library))
    }
    return results
  }

  private func crossCheck(
    _ load: CrossCheckLoad, _ configuration: RingConfiguration, _ library: LibBPF?
  ) throws(SourceError) -> CrossCheckResult {
    var result = CrossCheckResult(
      backend: name, mode: configuration.mode, load: load.described(configuration), tool: library?.title ?? "libbpf",
      rows: [])
    guard let library else {
      result.skipped = LibBPF.missing
      return result
    }
    let counts = try RecordedBPFRing.with(configuration) { (ring) throws(SourceError) in
      try ring.count(load, eventSize: eventSize(payload: load.payload), library)
    }
    let by = (ours: "BPFRingSource", theirs: "ring_buffer__consume")
    result.load.setup.append(Observation("events written", counts.produced))
    result.rows = [
      CrossCheckResult.Row(
        "delivered events", ours: counts.ours.events, theirs: counts.theirs.events, truth: counts.recorded,
        oursBy: by.ours, theirsBy: by.theirs),
      CrossCheckResult.Row(
        "events that ring_buffer__consume returns", ours: counts.ours.events, theirs: counts.theirs.returned,
        oursBy: by.ours, theirsBy: by.theirs),
      CrossCheckResult.Row(
        "sum of the sequence numbers", ours: counts.ours.sum, theirs: counts.theirs.sum, oursBy: by.ours,
        theirsBy: by.theirs),
    ]
    return result
  }
}

extension RecordedBPFRing {
  /// Has a load written, and read by both: first by libbpf, from `consumer_pos` on, then by the source, from its own position
  /// on; nothing is written meanwhile.
  fileprivate func count(
    _ load: CrossCheckLoad, eventSize: Int, _ library: LibBPF
  ) throws(SourceError) -> (produced: UInt64, recorded: UInt64, ours: BPFCount, theirs: BPFCount) {
    var (ours, theirs) = (BPFCount(), BPFCount())
    var reader = SourceReader(source())
    func takeAll() throws(SourceError) {
      theirs.add(try library.readAll(ring))
      for sequence in try reader.rest().flatMap(\.sequences) { ours.add(sequence: sequence) }
    }
    let truth = try load.run(
      producer, configuration, eventSize: eventSize, takeOne: takeAll, takeAll: takeAll)
    return (truth.produced, recorder.recorded, ours, theirs)
  }
}
