import SubbufferSource

/// Clause 11: a wait is not ready in a new ring buffer, is ready with a full sub-buffer there, also where that comes while
/// it waits; and a reader that takes one sub-buffer for each time that it is ready leaves none behind.
struct Clause11WaitWakesUp: ClauseCase {
  let load =
    "waits in a new ring buffer, with one and a half sub-buffers of the smallest events, flushed, and while they come"

  /// The time from the beginning of the wait to the events that are to end it, in milliseconds.
  private static let delay: Milliseconds = 5

  /// The events can come before the wait where this thread is not run for that long; not each time.
  private static let awakenings = 3

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try expect(.timedOut, of: try source.waitOrEnd(0), "a new ring buffer")
    let full = bench.sizes.full(payload: 0)
    try bench.write(full + full / 2)
    try expect(.ready, of: try source.waitOrEnd(bench.patience), "\(full + full / 2) events written")
    // Two sub-buffers are there then, also where a partial one is not handed out.
    do throws(SourceError) { _ = try source.flush() } catch { throw CaseEnd(error, in: "flush") }
    try readOneForEachWait(&source, bench)
    for _ in 0..<Self.awakenings { try beWokenUp(&source, &bench) }
  }

  private func expect(_ expected: Readiness, of seen: Readiness, _ state: String) throws(CaseEnd) {
    if seen != expected { throw .broken(expected: "\(expected) with \(state)", seen: "\(seen)") }
  }

  private func readOneForEachWait<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: Bench
  ) throws(CaseEnd) {
    var reader = Reader()
    var waits = 0
    while try isReady(&source, bench, &waits) {
      if case .subbuffer = try reader.take(&source) { try reader.checkLast(bench) }
    }
    let taken = try reader.take(&source)
    if case .subbuffer = taken, let runs = reader.handovers.last?.runs, !runs.isEmpty {
      throw .broken(
        expected: "ready while there is something to acquire", seen: "timed out, and then acquired \(runs.text)")
    }
  }

  /// `true` if there is something to acquire at the moment.
  /// - Parameter waits: how often it was asked.
  private func isReady<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: Bench, _ waits: inout Int
  ) throws(CaseEnd) -> Bool {
    waits += 1
    guard waits < bench.callBound else { throw .inconclusive("wait returns ready without end") }
    return try source.waitOrEnd(0) == .ready
  }

  /// Sleeps in a wait that another thread's events end. Where they come before it sleeps, it has no reason to.
  private func beWokenUp<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    guard bench.writesConcurrently else { return }
    var reader = Reader()
    var waits = 0
    // One that was read without a wait may still be announced.
    repeat { try reader.drain(&source, bench) } while try isReady(&source, bench, &waits)
    let writer = bench.writer
    let next = bench.next
    let count = UInt64(bench.sizes.full(payload: 0) + 1)
    var written: Result<Written, SourceError>?
    let ticker = try Ticker(every: Self.delay, atMost: 1) {
      written = Result { () throws(SourceError) in try writer.write(first: next, count: count, payload: 0) }
    }
    let seen: Result<Readiness, SourceError>
    do throws(SourceError) {
      seen = .success(try source.wait(bench.patience))
    } catch {
      seen = .failure(error)
    }
    ticker.stop()
    if let written { try bench.enter(written, count) }
    switch seen {
    case .success(let readiness): try expect(.ready, of: readiness, "\(count) events that came while it waited")
    case .failure(let error): throw CaseEnd(error, in: "wait")
    }
  }
}
