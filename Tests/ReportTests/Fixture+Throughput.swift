import Results

extension Fixture {
  /// Drains of six trials, and one row whose numbers are at their limits.
  static let throughput: [ThroughputResult] = [
    drains("tracefs", .handOver, nanoseconds: 160_000), drains("tracefs", .decode, nanoseconds: 175_000),
    drains("tracefs", reader: "read(2) | copy", .decode, nanoseconds: 60_000),
    drains("lttng-ust", .handOver, nanoseconds: 20_000), drains("lttng-ust", .decode, nanoseconds: 30_000),
    ThroughputResult(
      backend: "odd", reader: LatencyResult.studiedReader, mode: .discard, work: .copy, subbufferSize: 0,
      subbufferCount: 0, eventSize: 0,
      trials: [
        ThroughputResult.Trial(place: 1, events: 0, nanoseconds: [0, 1 << 53], subbuffers: [1 << 53], bytes: []),
        ThroughputResult.Trial(place: 2, events: 0, nanoseconds: [], subbuffers: [], bytes: []),
      ]),
  ]

  /// The times of plain memory accesses, for comparison.
  static let memory = MemoryResult(
    bytes: 32 << 20, copy: [3_000_000, 3_100_000, 2_900_000], read: [1_500_000, 1_400_000, 0])

  /// Each trial is a little slower than the one before.
  private static func drains(
    _ backend: String, reader: String = LatencyResult.studiedReader, _ work: DrainWork, nanoseconds: UInt64
  ) -> ThroughputResult {
    ThroughputResult(
      backend: backend, reader: reader, mode: .overwrite, work: work, subbufferSize: 4096, subbufferCount: 64,
      eventSize: 44,
      trials: (1...6).map { place in
        let step = UInt64(place) * 100
        return ThroughputResult.Trial(
          place: place, events: 4_416, nanoseconds: [nanoseconds + step, nanoseconds + 5 * step, nanoseconds],
          subbuffers: [48, 48, 49], bytes: [194_304, 194_304, 195_840])
      })
  }
}
