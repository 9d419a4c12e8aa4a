import SubbufferSource

/// Clause 7: acquires that find nothing, in between small loads that together do not fill the ring buffer; nothing
/// below the last event that was handed out is missing. What is after it is a matter of flushing.
struct Clause07NothingYetChangesNothing: ClauseCase {
  let load = """
    quarters of a sub-buffer of the smallest events, ten acquires that find nothing before and after each, then five \
    quarters at once
    """

  private static let acquires = 10

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let quarter = max(1, bench.sizes.full(payload: 0) / 4)
    var reader = Reader()
    var nothingYet = 0
    for round in 0..<4 * bench.shape.subbufferCount - 5 {
      if round > 0 { try bench.write(quarter) }
      for _ in 0..<Self.acquires {
        if case .nothingYet = try reader.drain(&source, bench) { nothingYet += 1 }
      }
    }
    // Without an acquire that finds nothing: whatever was lost by then, this is handed out.
    try bench.write(5 * quarter)
    try source.flushOrEnd()
    try reader.drain(&source, bench)
    guard nothingYet > 0 else { throw .inconclusive("no acquire returned \"nothing yet\"") }
    try reader.expectNoGap(bench, atLeast: bench.next - UInt64(2 * quarter))
  }
}
