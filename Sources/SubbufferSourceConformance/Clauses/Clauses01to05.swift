import SubbufferSource

/// Clause 1: what the compiler does not see of it. A hand-over is one sub-buffer and no more.
enum Clause01OneAtATime {
  static func judge(_ history: History) throws(CaseEnd) {
    let size = history.geometries.first?.subbufferSize ?? 0
    for (index, handover) in history.handovers.enumerated() where !handover.isOneSubbuffer {
      throw .broken(
        expected: "hand-overs of at most the \(size) bytes of a sub-buffer, with unreadOffset within",
        seen: "hand-over \(index + 1) of \(handover.count) bytes with unreadOffset \(handover.unreadOffset)")
    }
    try history.keptOrInconclusive()
  }
}

/// Clause 2: the bytes of a sub-buffer that is held, full or partial, while the writer goes around several times.
struct Clause02ValidUntilReleased: ClauseCase {
  /// `true` if the sub-buffer that is held is full.
  let isFull: Bool
  let headerSize: Int
  let load: String

  private static let laps = 3

  init(isFull: Bool, headerSize: Int) {
    self.isFull = isFull
    self.headerSize = headerSize
    load =
      "a \(isFull ? "full" : "partial") sub-buffer of the smallest events held while the writer goes around "
      + "\(Self.laps) times"
  }

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let full = bench.sizes.full(payload: 0)
    try bench.write(isFull ? full + 1 : full / 2)
    try source.flushOrEnd()
    var reader = Reader()
    try hold(&source, &bench)
    try source.flushOrEnd()
    try reader.drain(&source, bench)
    let missing = reader.delivered.missing(from: 0..<bench.next).total
    if bench.shape.mode == .overwrite, missing < UInt64(bench.capacity) {
      throw .inconclusive("the writer did not wrap around: it overwrote at most \(missing) events")
    }
  }

  private func hold<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    var changes: (afterAFew: Int, afterLaps: Int)?
    var end: CaseEnd?
    let largest = source.geometry.subbufferSize
    do throws(SourceError) {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        do throws(CaseEnd) {
          changes = try compare(subbuffer, atMost: largest, &bench)
        } catch {
          end = error
        }
        try subbuffer.release()
      case .nothingYet: break
      case .finished: break
      }
    } catch {
      throw CaseEnd(error, in: "acquire or release")
    }
    if let end { throw end }
    guard let changes else { throw .inconclusive("no sub-buffer was handed out") }
    if changes.afterAFew + changes.afterLaps > 0 {
      throw .broken(
        expected: "the bytes behind the header as they were handed out",
        seen: "\(changes.afterAFew) changed after a few events, \(changes.afterLaps) after \(Self.laps) laps")
    }
  }

  private func compare(
    _ subbuffer: borrowing Subbuffer, atMost largest: Int, _ bench: inout Bench
  ) throws(CaseEnd) -> (afterAFew: Int, afterLaps: Int) {
    let count = subbuffer.unreadOffset &+ subbuffer.unreadCount
    guard count >= 0, count <= largest else {
      throw .inconclusive("a hand-over is not one sub-buffer (clause 1)")
    }
    let before = subbuffer.bytes(behind: headerSize)
    guard !before.isEmpty else { throw .inconclusive("the held sub-buffer has no bytes after its header") }
    try bench.write(max(1, bench.sizes.full(payload: 0) / 4), fit: .maybe)
    let afterAFew = Self.differences(before, subbuffer.bytes(behind: headerSize))
    try bench.write(Self.laps * bench.capacity, fit: .maybe)
    return (afterAFew, Self.differences(before, subbuffer.bytes(behind: headerSize)))
  }

  private static func differences(_ before: [UInt8], _ after: [UInt8]) -> Int {
    zip(before, after).count { $0 != $1 }
  }
}

/// Clause 3: no sequence number comes twice.
enum Clause03Once {
  static func judge(_ history: History) throws(CaseEnd) {
    var seen = SequenceSet()
    for (index, handover) in history.handovers.enumerated() {
      for run in handover.runs {
        let again = seen.common(with: run)
        if !again.isEmpty {
          throw .broken(
            expected: "each event at most once", seen: "hand-over \(index + 1) has \(again.text) again")
        }
        seen.insert(run)
      }
    }
    try history.keptOrInconclusive()
  }
}

/// Clause 4: each event that comes for the first time is later than all before it. One that comes again is for clause 3.
enum Clause04InOrder {
  static func judge(_ history: History) throws(CaseEnd) {
    var seen = SequenceSet()
    for (index, handover) in history.handovers.enumerated() {
      for run in handover.runs {
        let isNew = seen.common(with: run).isEmpty
        if isNew, let greatest = seen.greatest, run.lowerBound < greatest {
          throw .broken(
            expected: "events in the order of their sequence numbers",
            seen: "\(run.lowerBound) in hand-over \(index + 1), after \(greatest)")
        }
        seen.insert(run)
      }
    }
    try history.keptOrInconclusive()
  }
}

/// Clause 5: where there is nothing to read, acquire says so, and it does not take an event of the writer to make it
/// come back.
///
/// If an acquire does not come back, another thread writes after a time, the patience of the options, so that one
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
