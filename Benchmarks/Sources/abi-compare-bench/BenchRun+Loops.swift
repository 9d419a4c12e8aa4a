import Study
import SubbufferSource

extension BenchRun {
  /// The read loops on the live ring buffers, and what they allocate.
  mutating func loops() throws(SourceError) -> [Row] {
    let trials = trials(200, 5)
    var rows: [Row] = []
    for mode in RingMode.allCases {
      let (samples, allocations) = try TracefsRing.with(mode, subbufferCount: Fill.subbufferCount, placement) {
        (ring) throws(SourceError) in
        var loops = try TracefsLoops(ring)
        let samples = try Samples.of(&loops, trials, &random)
        return (samples, try loops.allocations())
      }
      rows += loopRows("tracefs, \(mode)", samples, allocations)
    }
    for mode in RingMode.allCases {
      let (samples, allocations) = try LTTngUSTRing.with(mode, subbufferCount: Fill.subbufferCount, placement) {
        (ring) throws(SourceError) in
        var loops = try LTTngUSTLoops(ring)
        let samples = try Samples.of(&loops, trials, &random)
        return (samples, try loops.allocations())
      }
      rows += loopRows("lttng-ust, \(mode)", samples, allocations)
    }
    rows += try probedRows(PerfEventLoops.self, "perf-event", trials)
    rows += try probedRows(BPFRingLoops.self, "bpf-ring", trials)
    if let samples = try LibBPFLoops.with(
      placement,
      { (loops) throws(SourceError) in
        try Samples.of(&loops, trials, &random)
      })
    {
      rows.append(Row("reading and decoding, bpf-ring (other: libbpf): ns a record", samples, limit: .none, &random))
    }
    return rows
  }

  private mutating func probedRows<Loops: ProbedLoops & ~Copyable>(
    _ type: Loops.Type, _ ring: String, _ trials: Trials
  ) throws(SourceError) -> [Row] {
    let (samples, allocations) = try type.with(placement) { (loops) throws(SourceError) in
      let samples = try Samples.of(&loops, trials, &random)
      return (samples, try loops.allocations())
    }
    return [
      Row("read loop, \(ring), discard: ns a record", samples, limit: .atMost(1.05), &random),
      Row(count: "allocations of a read loop, \(ring), discard", Double(allocations), limit: .atMost(0)),
    ]
  }

  private mutating func loopRows(_ ring: String, _ samples: Samples, _ allocations: UInt64) -> [Row] {
    [
      Row("read loop, \(ring): ns a sub-buffer", samples, limit: .atMost(1.05), &random),
      Row(count: "allocations of a read loop, \(ring)", Double(allocations), limit: .atMost(0)),
    ]
  }
}

extension Row {
  /// A count, which has no interval.
  init(count what: String, _ count: Double, limit: Limit) {
    self.init(
      what: what, swift: count, judged: Interval(estimate: count, lower: count, upper: count), limit: limit)
  }
}
