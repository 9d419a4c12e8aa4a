/// What the kit found out about one clause.
public struct ClauseResult: Sendable, Hashable, CustomStringConvertible {
  /// Which clause.
  public var clause: Clause
  /// Whether the source keeps it.
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

/// Whether a source keeps a clause.
public enum ConformanceVerdict: Sendable, Hashable, CustomStringConvertible {
  /// No case showed otherwise, and each could have.
  case kept
  /// A case shows that it does not; the first one that did.
  case broken(BrokenCase)
  /// At least one case could not be made or decides nothing, and none shows a breach; why.
  case inconclusive(String)
  /// The clause is about something that this ABI does not have; what.
  case notApplicable(String)

  /// Whether nothing speaks against the source: kept or not applicable.
  public var isConforming: Bool {
    switch self {
    case .kept, .notApplicable: true
    case .broken, .inconclusive: false
    }
  }

  /// Whether a case shows a breach.
  public var isBroken: Bool {
    if case .broken = self { true } else { false }
  }

  /// The verdict and its reason.
  public var description: String {
    switch self {
    case .kept: "kept"
    case .broken(let example): "broken: \(example)"
    case .inconclusive(let reason): "inconclusive: \(reason)"
    case .notApplicable(let reason): "not applicable: \(reason)"
    }
  }
}

/// A case in which a source breaks a clause.
public struct BrokenCase: Sendable, Hashable, CustomStringConvertible {
  /// The ring buffer.
  public var shape: RingShape
  /// What was written and read, with the sizes of the events.
  public var load: String
  /// What the clause demands.
  public var expected: String
  /// What was seen instead.
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
