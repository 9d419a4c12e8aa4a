import SubbufferSource

/// Clause 5: where there is nothing to read, acquire says so, and it does not take an event of the writer to make it
/// come back.
///
/// Where an acquire does not come back, another thread writes after a time, the patience of the options, so that one
/// that waits for the writer ends.
struct Clause05OutcomesAreValues: ClauseCase {
  let load = "acquires in an empty ring buffer, and behind the last event"

  /// `true` if an acquire came back only after the other thread wrote.
  private(set) var waited = false

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try readToNothing(&source, &bench, "an empty ring buffer")
    try bench.write(max(1, bench.sizes.full(payload: 0) / 2))
    try readToNothing(&source, &bench, "half a sub-buffer of events")
    try source.flushOrEnd()
    try readToNothing(&source, &bench, "half a sub-buffer of events and a flush")
  }

  private mutating func readToNothing<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench, _ state: String
  ) throws(CaseEnd) {
    var reader = Reader()
    var nothingYet = 0
    while nothingYet < 3 {
      switch try take(&source, &reader, bench, state) {
      case .subbuffer:
        do throws(CaseEnd) {
          try reader.checkLast(bench)
        } catch .endless {
          throw .broken(
            expected: "nothing yet with \(state), all of it read",
            seen: "\(reader.handovers.count) hand-overs in a row without an end")
        }
      case .nothingYet: nothingYet += 1
      // Clause 6 tests whether this is final.
      case .finished: return
      }
    }
  }

  private mutating func take<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ reader: inout Reader, _ bench: Bench, _ state: String
  ) throws(CaseEnd) -> Reader.Taken {
    let writer = bench.writer
    let next = bench.next
    let count = UInt64(bench.sizes.full(payload: 0) + 1)
    // Its write ends the acquire; the outcome shows whether the write succeeded.
    let write = { _ = try? writer.write(first: next, count: count, payload: 0) }
    let rescue = bench.writesConcurrently ? try Ticker(every: bench.patience, atMost: 1, write) : nil
    let taken: Result<Reader.Taken, SourceError>
    do throws(SourceError) {
      taken = .success(try reader.takeOrFail(&source))
    } catch {
      taken = .failure(error)
    }
    rescue?.stop()
    if let rescue, rescue.calls > 0 {
      waited = true
      throw .broken(
        expected: "an acquire that does not wait for the writer, with \(state)",
        seen: "it came back only after another thread had written, \(bench.patience) ms later")
    }
    switch taken {
    case .success(let taken): return taken
    case .failure(let error):
      if error.kind == .interrupted { throw CaseEnd(error, in: "acquire") }
      if reader.refusedRelease != nil { throw CaseEnd(error, in: "release") }
      throw .broken(expected: "an outcome as a value with \(state)", seen: "the error '\(error)'")
    }
  }
}
