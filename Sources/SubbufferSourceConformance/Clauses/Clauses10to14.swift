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

/// Clause 12: after a flush everything that was committed can be read, unless a full ring buffer did not keep it.
///
/// If events of a load that fits are missing and the source reports a loss, it was the ring buffer that did not keep
/// them, and flushing cannot be judged.
enum Clause12FlushExposes {
  static func judge(_ history: History) throws(CaseEnd) {
    var judged = 0
    for read in history.reads where read.flushed {
      let delivered = history.delivered(in: read.handovers)
      for write in history.writes[judged..<read.writes] {
        let missing = missing(of: write, delivered)
        guard !missing.isEmpty else { continue }
        if let refusal = refusal(write) { throw .inconclusive(refusal) }
        if write.fit == .all, history.tellsLoss {
          throw .inconclusive("the ring buffer lost events of a load that fits, and reports the loss: \(missing.text)")
        }
        throw .broken(expected: "after the flush \(expectation(write))", seen: "\(missing.text) cannot be acquired")
      }
      judged = read.writes
    }
    try history.keptOrInconclusive()
  }

  /// The events that must be there and are not.
  private static func missing(of write: Bench.Write, _ delivered: SequenceSet) -> [ClosedRange<UInt64>] {
    guard let last = write.numbers.last else { return [] }
    return switch write.fit {
    case .all: delivered.missing(from: write.numbers)
    case .first: delivered.missing(from: write.first..<write.first + 1)
    case .last: delivered.missing(from: last..<last + 1)
    case .maybe: []
    }
  }

  private static func refusal(_ write: Bench.Write) -> String? {
    write.refused == 0 || write.fit == .first
      ? nil
      : "\(write.refused) of the writer's \(write.count) events were refused, although the ring buffer has room for them"
  }

  private static func expectation(_ write: Bench.Write) -> String {
    switch write.fit {
    case .all, .maybe: "all of \(write.first) … \(write.numbers.upperBound - 1)"
    case .first: "the oldest, \(write.first)"
    case .last: "the newest, \(write.numbers.upperBound - 1)"
    }
  }
}

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

/// Clause 14: whatever was written and read, the geometry is that of the beginning.
enum Clause14GeometryIsFixed {
  static func judge(_ history: History) throws(CaseEnd) {
    guard let first = history.geometries.first else { throw .inconclusive("the source reported no geometry") }
    if history.geometries.count > 1 {
      throw .broken(
        expected: "the geometry of the beginning, \(first.text)",
        seen: "then \(history.geometries[1].text)")
    }
    guard first.subbufferSize == (first.hasSubbuffers ? history.shape.subbufferSize : history.shape.capacity) else {
      throw .inconclusive("the ring buffer does not have the requested shape: \(first.text)")
    }
    try history.keptOrInconclusive()
  }
}

extension Geometry {
  fileprivate var text: String {
    hasSubbuffers
      ? "\(subbufferCount) sub-buffers of \(subbufferSize) bytes, \(readerSubbuffers) of them the reader's"
      : "\(subbufferSize) bytes without sub-buffers"
  }
}
