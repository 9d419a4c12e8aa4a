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
