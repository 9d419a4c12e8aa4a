import SubbufferSource

/// Clause 10: waits that signals interrupt, with nothing there and with a partial sub-buffer, then a flush and reading while
/// signals come; each error is typed, and nothing is missing.
///
/// That is the error that can be brought about on any source without breaking it. Where the source does not let a signal
/// end its waiting, there is none.
struct Clause10ErrorsLoseNothing: ClauseCase {
  let load = "a nearly full ring buffer of the smallest events, waited for, flushed and read while signals come"

  /// In milliseconds.
  private static let wait: Milliseconds = 200
  private static let retries = 16

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let storm = SignalStorm()
    defer { storm.end() }
    let full = bench.sizes.full(payload: 0)
    let quarter = max(1, full / 4)
    var reader = Reader()
    var errors: [SourceError] = []
    for round in 0..<3 {
      if round > 0 { try bench.write(quarter) }
      try wait(&source, storm, &errors)
    }
    // Without a wait after it: whatever was lost by then, this is handed out.
    try bench.write((bench.shape.subbufferCount - 1) * full)
    try flushing(&source, storm, &errors)
    try read(&source, &reader, bench, storm, &errors)
    try judge(errors)
    try reader.expectNoGap(bench, atLeast: 1)
    guard reader.delivered.greatest == bench.next - 1 else {
      throw .inconclusive("only the first of \(bench.next) events were handed out, without a gap (clause 12)")
    }
    if errors.isEmpty { throw .notApplicable("no call fails, also where signals come while it waits") }
  }

  private func judge(_ errors: [SourceError]) throws(CaseEnd) {
    for error in errors where error.call.isEmpty || error.errno == nil || error.remedy.isEmpty {
      throw .broken(
        expected: "an error with the call, the errno and the remedy",
        seen: "call '\(error.call)', errno \(error.errno.map { "\($0.rawValue)" } ?? "none"), remedy '\(error.remedy)'")
    }
  }

  private func wait<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ storm: SignalStorm, _ errors: inout [SourceError]
  ) throws(CaseEnd) {
    try calling(storm, &errors) { () throws(SourceError) in _ = try source.wait(Self.wait) }
  }

  private func flushing<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ storm: SignalStorm, _ errors: inout [SourceError]
  ) throws(CaseEnd) {
    for _ in 0..<Self.retries {
      let before = errors.count
      try calling(storm, &errors) { () throws(SourceError) in _ = try source.flush() }
      if errors.count == before { return }
    }
  }

  /// Reads until there is nothing; a call that fails is made again, a few times.
  private func read<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ reader: inout Reader, _ bench: Bench, _ storm: SignalStorm, _ errors: inout [SourceError]
  ) throws(CaseEnd) {
    var failed = 0
    while failed <= Self.retries {
      var taken: Reader.Taken?
      try calling(storm, &errors) { () throws(SourceError) in taken = try reader.takeOrFail(&source) }
      switch taken {
      case .subbuffer: try reader.checkLast(bench)
      case .nothingYet, .finished: return
      case nil: failed += 1
      }
    }
  }

  private func calling(
    _ storm: SignalStorm, _ errors: inout [SourceError], _ call: () throws(SourceError) -> Void
  ) throws(CaseEnd) {
    let error: SourceError? = try storm.during {
      do throws(SourceError) {
        try call()
        return nil
      } catch {
        return error
      }
    }
    guard let error else { return }
    if error.kind == .interrupted { throw CaseEnd(error, in: "a call of the source") }
    errors.append(error)
  }
}
