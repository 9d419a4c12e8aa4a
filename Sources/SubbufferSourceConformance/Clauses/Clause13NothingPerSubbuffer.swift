import SubbufferSource

/// Clause 13, as far as it can be counted: from acquire to release, decoding between them, this thread allocates nothing.
struct Clause13NothingPerSubbuffer: ClauseCase {
  let allocations: @Sendable () -> UInt64
  let load = "a ring buffer of big events, read three times"

  private var control: [UInt64] = []

  init(allocations: @escaping @Sendable () -> UInt64) {
    self.allocations = allocations
  }

  private struct Count {
    var handovers = 0
    var events = 0
    var failed = false
  }

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let before = allocations()
    control = Array(repeating: before, count: bench.shape.subbufferCount)
    guard allocations() > before else { throw .inconclusive("the counter does not count an allocation") }
    let full = bench.sizes.full(payload: bench.sizes.half)
    // The first round also makes everything that is made on first use.
    for round in 1...3 {
      try bench.write((bench.shape.subbufferCount - 1) * full, payload: bench.sizes.half)
      try source.flushOrEnd()
      let before = allocations()
      var count = Count()
      let error = read(&source, bench.callBound, &count)
      let allocated = allocations() - before
      if let error { throw CaseEnd(error, in: "acquire or release") }
      guard !count.failed, count.handovers > 0, count.events > 0 else {
        throw .inconclusive("\(count.handovers) hand-overs with \(count.events) events that can be decoded")
      }
      if round > 1, allocated > 0 {
        throw .broken(
          expected: "no allocation", seen: "\(allocated) allocations in \(count.handovers) hand-overs")
      }
    }
  }

  /// Reads until there is nothing, and keeps nothing of it.
  private func read<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bound: Int, _ count: inout Count
  ) -> SourceError? {
    let decoder = source.decoder
    do throws(SourceError) {
      for _ in 0..<bound {
        switch try source.acquire() {
        case .subbuffer(let subbuffer):
          count.handovers += 1
          do throws(MalformedSubbuffer) {
            try decoder.forEachEvent(in: subbuffer) { _, _ in count.events += 1 }
          } catch {
            count.failed = true
          }
          try subbuffer.release()
        case .nothingYet: return nil
        case .finished: return nil
        }
      }
    } catch {
      return error
    }
    count.failed = true
    return nil
  }
}
