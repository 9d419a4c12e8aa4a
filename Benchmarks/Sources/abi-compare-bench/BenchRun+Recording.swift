import SubbufferSource

extension BenchRun {
  /// What measuring an operation costs.
  mutating func recording() throws(SourceError) -> [Row] {
    let trials = trials(100, 5)
    var recording = RecordingWork(&random)
    var overhead = OverheadContest()
    let alone = try Samples.alone(&recording, trials)
    let all = try Samples.of(&overhead, trials, &random)
    return [
      Row(median: "recording a latency: ns", alone, limit: .atMost(30), &random),
      Row(median: "two readings of the clock and a recording (C: two readings): ns", all, limit: .none, &random),
    ]
  }
}
