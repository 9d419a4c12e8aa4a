import SubbufferSource

/// One run of all clauses on one back end.
struct ConformanceRun<Harness: ConformanceHarness> {
  private let harness: Harness
  private let options: ConformanceOptions
  private let conditions: Bench.Conditions
  private var tallies: [Clause: Tally] = [:]
  /// `true` if a history showed that the source does not come to an end.
  private var isEndless = false
  /// Why no further case is made.
  private var stop: String?

  init(_ harness: Harness, _ options: ConformanceOptions) {
    self.harness = harness
    self.options = options
    conditions = Bench.Conditions(
      patience: options.patience, endsWriter: harness.endsWriter, writesConcurrently: harness.writesConcurrently)
  }

  mutating func results() -> [ClauseResult] {
    let shapes = Shapes(harness, options.extent)
    // First: where acquire waits for the writer, no other clause can be tried.
    for shape in shapes.some { waitForNoWriter(shape) }
    for shape in shapes.all { judgeHistories(shape) }
    for shape in shapes.some { tryEachClause(shape) }
    return Clause.allCases.map { clause in
      var tally = tallies[clause, default: Tally()]
      if let stop, !tally.isBroken { tally.skip(stop) }
      return tally.result(clause)
    }
  }

  private mutating func waitForNoWriter(_ shape: RingShape) {
    let body = attempt(.outcomesAreValues, Clause05OutcomesAreValues(), shape)
    if let body, body.waited { stop = "acquire waits for the writer (clause 5)" }
  }

  private mutating func tryEachClause(_ shape: RingShape) {
    for isFull in [true, false] {
      attempt(
        .validUntilReleased, Clause02ValidUntilReleased(isFull: isFull, headerSize: harness.headerSize), shape)
    }
    attempt(.finishedIsFinal, Clause06FinishedIsFinal(), shape)
    attempt(.nothingYetChangesNothing, Clause07NothingYetChangesNothing(), shape)
    for giving in [Reader.Giving.released, .dropped] {
      attempt(.releaseIsNeverForgotten, Clause08ReleaseIsNeverForgotten(giving), shape)
    }
    attempt(.errorsLoseNothing, Clause10ErrorsLoseNothing(), shape)
    attempt(.waitWakesUp, Clause11WaitWakesUp(), shape)
    if let allocations = options.allocations {
      attempt(.nothingPerSubbuffer, Clause13NothingPerSubbuffer(allocations: allocations), shape)
    } else {
      tallies[.nothingPerSubbuffer, default: Tally()].skip("the options have no counter of allocations")
    }
  }

  /// Makes a case, unless the verdict is certain without.
  /// - Returns: the body as it is afterwards; `nil` where no case was made.
  @discardableResult
  private mutating func attempt<Body: ClauseCase>(_ clause: Clause, _ body: Body, _ shape: RingShape) -> Body? {
    guard stop == nil, tallies[clause]?.isBroken != true else { return nil }
    guard let sizes = EventSizes(shape, harness) else {
      enter(.inconclusive(noEventFits), [clause], shape, body.load)
      return nil
    }
    var visitor = CaseVisitor(body, shape, sizes, conditions)
    let setUp = withSource(shape, &visitor)
    enter(visitor.wasCalled ? visitor.end ?? setUp : setUp ?? notCalled, [clause], shape, body.load)
    return visitor.body
  }

  private mutating func judgeHistories(_ shape: RingShape) {
    guard let sizes = EventSizes(shape, harness) else {
      return enter(.inconclusive(noEventFits), judges.map(\.clause), shape, "any event")
    }
    for plan in HistoryPlan.all(shape, sizes) where stop == nil && !isEndless {
      var recorder = HistoryRecorder(plan, shape, sizes, conditions)
      let setUp = withSource(shape, &recorder)
      for (clause, judge) in judges {
        var end: CaseEnd? = recorder.wasCalled ? setUp : setUp ?? notCalled
        if recorder.wasCalled {
          do throws(CaseEnd) {
            try judge(recorder.history)
          } catch {
            end = error
          }
        }
        enter(end, [clause], shape, plan.load)
      }
      // Every other history would end in the same way, and take its time.
      if case .endless = recorder.history.end { isEndless = true }
    }
  }

  private var judges: [(clause: Clause, judge: (History) throws(CaseEnd) -> Void)] {
    [
      (.oneAtATime, Clause01OneAtATime.judge), (.once, Clause03Once.judge), (.inOrder, Clause04InOrder.judge),
      (.lossesAreValues, Clause09LossesAreValues.judge), (.flushExposes, Clause12FlushExposes.judge),
      (.geometryIsFixed, Clause14GeometryIsFixed.judge),
    ]
  }

  /// Has the harness call a visitor.
  /// - Returns: what failed around that.
  private func withSource(_ shape: RingShape, _ visitor: inout some ConformanceVisitor) -> CaseEnd? {
    do throws(SourceError) {
      try harness.withSource(shape, &visitor)
      return nil
    } catch {
      return CaseEnd(error, in: "the set-up or the removal of the ring buffer")
    }
  }

  private mutating func enter(_ end: CaseEnd?, _ clauses: [Clause], _ shape: RingShape, _ load: String) {
    for clause in clauses { tallies[clause, default: Tally()].enter(end, shape, load) }
    if case .interrupted(let reason) = end { stop = reason }
  }

  private var notCalled: CaseEnd { .inconclusive("the harness did not call the visitor") }
  private var noEventFits: String { "no two events fit in a sub-buffer, by the sizes of the harness" }
}
