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

/// Clause 8: a ring buffer that is filled and read several times does not run full, however its sub-buffers are given back; no
/// release is refused; and there is a release call exactly where the capabilities say so.
struct Clause08ReleaseIsNeverForgotten: ClauseCase {
  let giving: Reader.Giving
  let load: String

  private static let rounds = 6

  init(_ giving: Reader.Giving) {
    self.giving = giving
    load = "nearly full ring buffers of the smallest events, flushed, read and \(giving), \(Self.rounds) times"
  }

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try expectCallAsTold(&source, &bench)
    let full = bench.sizes.full(payload: 0)
    var reader = Reader()
    for _ in 0..<Self.rounds {
      try bench.write((bench.shape.subbufferCount - 1) * full + 1)
      try source.flushOrEnd()
      do throws(CaseEnd) {
        try reader.drain(&source, bench, giving)
      } catch {
        if let refusal = reader.refusedRelease {
          throw .broken(expected: "the release of the sub-buffer that is held", seen: "the error '\(refusal)'")
        }
        throw error
      }
    }
    if let greatest = reader.delivered.greatest, greatest + UInt64(2 * full) < bench.next {
      throw .broken(
        expected: "room for the events up to \(bench.next - 1), as all of them are read and \(giving)",
        seen: "\(greatest) is the last one that could be read")
    }
    try reader.expectNoGap(bench, from: 1, atLeast: 1)
  }

  /// Looks at a hand-over itself.
  private func expectCallAsTold<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try bench.write(1)
    try source.flushOrEnd()
    let hasCall: Bool
    do throws(SourceError) {
      guard case .subbuffer(let handover) = try source.unsafeAcquire() else {
        throw SourceError(call: "acquire", detail: "empty after a flush")
      }
      hasCall = handover.put != nil
      if let put = handover.put { _ = put.call(put.context) }
    } catch {
      throw CaseEnd(error, in: "acquire")
    }
    let isExplicit = source.capabilities.contains(.explicitRelease)
    if hasCall != isExplicit {
      throw .broken(
        expected: isExplicit
          ? "a release call, as the capabilities declare" : "no release call, as the capabilities declare",
        seen: hasCall ? "one" : "none")
    }
  }
}

/// Clause 9: where events are missing, no hand-over says that nothing was lost; where none are, none says that some were;
/// and what is told as a number is that number.
///
/// An ABI that counts when a sub-buffer is ended may report a gap with the sub-buffer before it: LTTng's
/// `events_discarded` does. So the hand-overs on both sides of a gap are asked. What is missing after the last
/// hand-over need not be told yet.
enum Clause09LossesAreValues {
  static func judge(_ history: History) throws(CaseEnd) {
    let lost = LostEvents(history)
    // Early ended: what is after the end is not missing.
    if let end = history.end { throw end }
    for gap in lost.gaps where !gap.wereTooBig { try noZero(history, gap) }
    for index in history.handovers.indices { try noFalseClaim(history, lost, index) }
    try numbersAreRight(history, lost)
    try channelsClaimNoMore(history, lost)
    try history.keptOrInconclusive()
  }

  /// A gap is told, or it is told that losses are not told.
  private static func noZero(_ history: History, _ gap: LostEvents.Gap) throws(CaseEnd) {
    guard let behind = gap.behind else { return }
    let around = history.handovers[max(0, min(gap.before, behind))...behind]
    if history.handovers[behind].loss == .notTold || around.contains(where: \.loss.saysLost) { return }
    throw .broken(
      expected: "hand-over \(behind + 1), behind the missing events \([gap.numbers].text), to tell a loss, or .notTold",
      seen: "\(history.handovers[behind].loss)")
  }

  /// Checks that every reported loss is next to a gap.
  private static func noFalseClaim(_ history: History, _ lost: LostEvents, _ index: Int) throws(CaseEnd) {
    let loss = history.handovers[index].loss
    guard loss.saysLost else { return }
    let isBesideAGap = lost.gaps.contains { gap in
      gap.before <= index && index <= gap.behind ?? .max
    }
    if !isBesideAGap {
      throw .broken(
        expected: "no loss told in hand-over \(index + 1), beside which no event is missing", seen: "\(loss)")
    }
  }

  private static func numbersAreRight(_ history: History, _ lost: LostEvents) throws(CaseEnd) {
    var told: UInt64 = 0
    var ceilings: UInt64 = 0
    var packets: UInt64 = 0
    var isAll = true
    for handover in history.handovers {
      switch handover.loss {
      case .events(let count): told = told.addingReportingOverflow(count).partialValue
      case .atMost(let count): ceilings = ceilings.addingReportingOverflow(count).partialValue
      case .none: break
      // A packet that was lost had an event.
      case .packets(let count, let events):
        packets = packets.addingReportingOverflow(count).partialValue
        told = told.addingReportingOverflow(events).partialValue
        isAll = false
      case .some, .notTold: isAll = false
      }
    }
    let atMost = lost.total
    // A loss after the last hand-over need not be reported yet.
    let atLeast = isAll ? lost.gaps.filter { $0.behind != nil && !$0.wereTooBig }.map(\.numbers).total : 0
    if told > atMost || told.addingReportingOverflow(ceilings).partialValue < atLeast {
      throw .broken(
        expected: "as many events told as are missing, \(atMost == atLeast ? "" : "\(atLeast) … ")\(atMost)",
        seen: "\(told) in the hand-overs together")
    }
    if packets > atMost {
      throw .broken(
        expected: "no more packets told than the \(atMost) missing events",
        seen: "\(packets) in the hand-overs together")
    }
  }

  private static func channelsClaimNoMore(_ history: History, _ lost: LostEvents) throws(CaseEnd) {
    for reading in history.readings {
      if lost.total == 0, reading.loss.saysLost {
        throw .broken(expected: "no channel to tell a loss", seen: "\(reading.channel.description): \(reading.loss)")
      }
      if case .events(let count) = reading.loss, count > lost.total {
        throw .broken(
          expected: "no channel to tell more than the \(lost.total) missing events",
          seen: "\(reading.channel.description): \(reading.loss)")
      }
    }
  }
}
