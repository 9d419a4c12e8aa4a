/// The clauses of `SubbufferSource`, with the words of its documentation.
public enum Clause: Int, Sendable, Hashable, CaseIterable {
  case oneAtATime = 1
  case validUntilReleased = 2
  case once = 3
  case inOrder = 4
  case outcomesAreValues = 5
  case finishedIsFinal = 6
  case nothingYetChangesNothing = 7
  case releaseIsNeverForgotten = 8
  case lossesAreValues = 9
  case errorsLoseNothing = 10
  case waitWakesUp = 11
  case flushExposes = 12
  case nothingPerSubbuffer = 13
  case geometryIsFixed = 14

  /// Its number, 1 to 14.
  public var number: Int { rawValue }

  /// Its heading.
  public var title: String {
    switch self {
    case .oneAtATime: "One at a time"
    case .validUntilReleased: "Valid until released"
    case .once: "Once"
    case .inOrder: "In order"
    case .outcomesAreValues: "Outcomes are values"
    case .finishedIsFinal: "Finished is final"
    case .nothingYetChangesNothing: "Nothing yet changes nothing"
    case .releaseIsNeverForgotten: "Release is explicit or implied, never forgotten"
    case .lossesAreValues: "Losses are values"
    case .errorsLoseNothing: "Errors are typed and lose nothing"
    case .waitWakesUp: "Wait wakes up"
    case .flushExposes: "Flush exposes"
    case .nothingPerSubbuffer: "Nothing per sub-buffer"
    case .geometryIsFixed: "The geometry is fixed"
    }
  }

  /// The sentence of the clause.
  public var sentence: String {
    switch self {
    case .oneAtATime:
      """
      At most one sub-buffer is held. A second acquire between an acquire and its `Subbuffer/release()` does not \
      compile; the source may rely on it.
      """
    case .validUntilReleased:
      """
      From acquire to release the bytes of a `Subbuffer` after its header that were handed out do not change and stay \
      mapped, whatever the writer does. With `Capabilities/partialVisibility` the header's own count of bytes may grow.
      """
    case .once:
      """
      Each event is handed out at most once. Where a partial sub-buffer is handed out again with more in it, \
      `Subbuffer/unreadOffset` is the beginning of the part that was not handed out before.
      """
    case .inOrder: "The events of one source come in the order in which the writer committed them."
    case .outcomesAreValues:
      """
      *Nothing yet* and *finished* are outcomes, not errors. `acquire()` does not wait for the writer to write; what \
      the ABI's own call waits for, its source documents.
      """
    case .finishedIsFinal: "After *finished* every acquire is *finished* again."
    case .nothingYetChangesNothing: "An acquire with that outcome loses and consumes nothing."
    case .releaseIsNeverForgotten:
      """
      `Subbuffer/release()` releases and throws if the ABI refuses; a lease that is dropped is released at the end of \
      its scope.
      """
    case .lossesAreValues:
      """
      Each `Subbuffer` contains the ABI's report on the events lost since the one before it, and the channel of the \
      report. A missing report is `Loss/notTold`, never zero.
      """
    case .errorsLoseNothing:
      """
      A failing call throws a `SourceError` with the call, the errno and the remedy, and leaves what was committed \
      readable; a sub-buffer that cannot be read at all may be consumed.
      """
    case .waitWakesUp:
      """
      `wait(_:)` returns `Readiness/ready` only if the ABI reported it; data that is already there when it is called, \
      and that the ABI would announce, is never slept over.
      """
    case .flushExposes: "After `flush()` returns, every event committed before it can be acquired."
    case .nothingPerSubbuffer:
      "The path from acquire to release allocates nothing, locks nothing and copies no event."
    case .geometryIsFixed: "Size and number of the sub-buffers do not change while the source is open."
    }
  }
}

/// The kit's result on one clause.
public struct ClauseResult: Sendable, Hashable, CustomStringConvertible {
  /// The clause.
  public var clause: Clause
  /// The verdict.
  public var verdict: ConformanceVerdict
  /// The number of ring buffers that it was tried on.
  public var cases: Int

  /// A result.
  public init(clause: Clause, verdict: ConformanceVerdict, cases: Int) {
    self.clause = clause
    self.verdict = verdict
    self.cases = cases
  }

  /// Clause, verdict and what it rests on in one line.
  public var description: String {
    "\(clause.number). \(clause.title): \(verdict) (\(cases) \(cases == 1 ? "case" : "cases"))"
  }
}

/// The verdict on a clause.
public enum ConformanceVerdict: Sendable, Hashable, CustomStringConvertible {
  /// No case showed a breach, and each case could have.
  case kept
  /// A case shows a breach; the first such case.
  case broken(BrokenCase)
  /// No case shows a breach, and at least one could not be run or is undecided; the reason.
  case inconclusive(String)
  /// The ABI lacks the subject of the clause; the reason.
  case notApplicable(String)

  /// `true` if the clause is kept or does not apply.
  public var isConforming: Bool {
    switch self {
    case .kept, .notApplicable: true
    case .broken, .inconclusive: false
    }
  }

  /// `true` if a case shows a breach.
  public var isBroken: Bool {
    if case .broken = self { true } else { false }
  }

  /// The verdict and its reason.
  public var description: String {
    switch self {
    case .kept: "kept"
    case .broken(let example): "broken: \(example)"
    case .inconclusive(let reason): "undecided: \(reason)"
    case .notApplicable(let reason): "does not apply: \(reason)"
    }
  }
}

/// A case in which a source breaks a clause.
public struct BrokenCase: Sendable, Hashable, CustomStringConvertible {
  /// The ring buffer.
  public var shape: RingShape
  /// The writes and reads, with the sizes of the events.
  public var load: String
  /// The behaviour that the clause demands.
  public var expected: String
  /// The observed behaviour.
  public var seen: String

  /// Describes a case.
  public init(shape: RingShape, load: String, expected: String, seen: String) {
    self.shape = shape
    self.load = load
    self.expected = expected
    self.seen = seen
  }

  /// All of it in one line.
  public var description: String { "\(shape); \(load): expected \(expected); seen \(seen)" }
}
