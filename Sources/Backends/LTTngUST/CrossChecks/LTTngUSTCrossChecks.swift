import LTTngBackend
import Platform
import Results
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// Observed with babeltrace2 2.0.4.
  package func crossCheckSeconds(_ profile: Profile) -> Double { 0.3 }

  /// Records what this program's reader is handed out as a CTF 1.8 trace, and has babeltrace2 count what is in it.
  /// - Parameters:
  ///   - mode: that of the ring buffers.
  ///   - profile: every one has all loads.
  ///   - seed: what the sizes of the loads are drawn from.
  /// - Returns: one result for each load; where babeltrace2 is not there the reason.
  /// - Throws: ``SourceError`` where a call fails that is not babeltrace2's.
  package func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] {
    var generator = SeededGenerator(seed: seed)
    let babeltrace2 = try FoundTool(orSay: Babeltrace2.missing) { () throws(SourceError) in try Babeltrace2() }
    var results: [CrossCheckResult] = []
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    for load in LTTngLoad.all {
      try Interruption.check()
      results.append(try crossCheck(load.drawing(&generator), configuration, babeltrace2))
    }
    return results
  }

  private func crossCheck(
    _ load: LTTngLoad, _ configuration: RingConfiguration, _ found: FoundTool<Babeltrace2>
  ) throws(SourceError) -> CrossCheckResult {
    var result = CrossCheckResult(
      backend: name, mode: configuration.mode, load: load.described(configuration), tool: "babeltrace2",
      rows: [])
    guard let babeltrace2 = found.tool else {
      result.skipped = found.reason
      return result
    }
    result.tool = babeltrace2.title
    let directory = try CrossCheckDirectory()
    let ours = try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in
      try LTTngRecorder(ring, in: directory.path).record(load)
    }
    result.load.setup.append(Observation("events written", ours.produced))
    do {
      let theirs = try babeltrace2.read(directory.path)
      let comparison = LTTngComparison(ours: ours, theirs: theirs, overwrites: configuration.mode == .overwrite)
      result.rows = comparison.rows()
      result.add(evidence: theirs.messages.lossLines)
    } catch {
      // A signal ends what is going on with an error of its own.
      try Interruption.check()
      result.skipped = CrossCheckResult.Skip(failed: error)
    }
    return result
  }
}

extension LTTngLoad {
  /// The load for a result.
  fileprivate func described(_ configuration: RingConfiguration) -> CrossCheckResult.Load {
    let more = [Observation("last flush", endsWithPacket ? "flush_buffer(stream, 0)" : "flush_buffer(stream, 1)")]
    switch course {
    case .plain(let load):
      var described = load.described(configuration, more)
      described.name = name
      return described
    case .countFalls:
      return CrossCheckResult.Load(
        name: name,
        setup: [
          Observation("sub-buffer size", configuration.subbufferSize),
          Observation("sub-buffers", configuration.subbufferCount),
          Observation("flush", "after events were discarded, while an event is reserved and not committed"),
        ] + more)
    }
  }
}
