/// The cases of one clause so far.
struct Tally {
  private var cases = 0
  private var kept = 0
  private var broken: BrokenCase?
  private var inconclusive: String?
  private var notApplicable: String?

  /// `true` if more cases can change the verdict.
  var isBroken: Bool { broken != nil }

  /// Enters a case; `nil` is one that went to its end.
  mutating func enter(_ end: CaseEnd?, _ shape: RingShape, _ load: String) {
    cases += 1
    switch end {
    case nil: kept += 1
    case .broken(let expected, let seen):
      if broken == nil { broken = BrokenCase(shape: shape, load: load, expected: expected, seen: seen) }
    case .inconclusive(let reason), .interrupted(let reason):
      if inconclusive == nil { inconclusive = "\(shape); \(load): \(reason)" }
    case .endless:
      let reason = "hand-overs without an end, and nothing new in them (clause 5)"
      if inconclusive == nil { inconclusive = "\(shape); \(load): \(reason)" }
    case .notApplicable(let reason): notApplicable = reason
    }
  }

  /// Says why no case is made.
  mutating func skip(_ reason: String) {
    if inconclusive == nil { inconclusive = reason }
  }

  /// The result of the cases.
  func result(_ clause: Clause) -> ClauseResult {
    let verdict: ConformanceVerdict =
      if let broken {
        .broken(broken)
      } else if let inconclusive {
        .inconclusive(inconclusive)
      } else if kept > 0 {
        .kept
      } else if let notApplicable {
        .notApplicable(notApplicable)
      } else {
        .inconclusive("no case was run")
      }
    return ClauseResult(clause: clause, verdict: verdict, cases: cases)
  }
}
