import SubbufferSource

/// Clause 6: after *finished* every acquire is *finished*, also after a wait and a flush.
///
/// A source that says *finished* although the writer lives is held to it: nothing that is written then may come.
struct Clause06FinishedIsFinal: ClauseCase {
  let load = "half a sub-buffer of the smallest events, the writer ended, all of it read, then ten acquires"

  private static let acquires = 10

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let count = max(1, bench.sizes.full(payload: 0) / 2)
    try bench.write(count)
    try source.flushOrEnd()
    var reader = Reader()
    if case .finished = try reader.drain(&source, bench) {
      try bench.write(count)
      try source.flushOrEnd()
      try expectFinished(&source)
      return
    }
    guard source.capabilities.contains(.finalization) else {
      throw .notApplicable("the source does not say when nothing will come any more")
    }
    guard bench.endsWriter else { throw .inconclusive("the harness cannot end the writer") }
    try bench.write(count)
    try bench.end()
    try readToTheEnd(&source, bench)
    try expectFinished(&source)
  }

  /// Some sources learn of the end where they wait.
  private func readToTheEnd<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: Bench
  ) throws(CaseEnd) {
    var reader = Reader()
    for _ in 0..<bench.callBound {
      if case .finished = try reader.drain(&source, bench) { return }
      if case .timedOut = try source.waitOrEnd(bench.patience) { break }
    }
    throw .inconclusive("the source has not finished \(bench.patience) ms after the writer was ended")
  }

  private func expectFinished<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(CaseEnd) {
    var reader = Reader()
    for acquire in 1...Self.acquires {
      let taken = try reader.take(&source)
      guard case .finished = taken else {
        throw .broken(expected: "finished again", seen: "\(taken) at acquire \(acquire) after it")
      }
      // Neither changes what was said. Whether they may fail is not the question here.
      if acquire == Self.acquires / 2 {
        _ = try? source.wait(0)
        _ = try? source.flush()
      }
    }
  }
}
