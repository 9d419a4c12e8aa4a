/// The result of one clause of the protocol on one back end's source.
public struct ClauseResult: Codable, Sendable, Equatable {
  /// The verdict on a clause.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// No case shows a breach.
    case kept
    /// A case shows a breach; it is the evidence.
    case broken
    /// The cases decide neither way; `reason` gives the cause.
    case inconclusive = "undecided"
    /// The source lacks the subject of the clause; `reason` gives the cause.
    case notApplicable = "does not apply"
  }

  /// The back end.
  public var backend: String
  /// The number of the clause, 1 to 14, as ``SubbufferSource/SubbufferSource`` numbers them.
  public var clause: Int
  /// The clause in a few words: "Valid until released".
  public var title: String
  /// The verdict.
  public var verdict: Verdict
  /// The reason if the verdict is undecided or does not apply.
  public var reason: String?
  /// The number of ring buffers that it was tried on.
  public var cases: Int
  /// The first case that failed.
  public var evidence: [Observation]

  /// The verdict on a clause.
  public init(
    backend: String, clause: Int, title: String, verdict: Verdict, reason: String? = nil, cases: Int,
    evidence: [Observation] = []
  ) {
    self.backend = backend
    self.clause = clause
    self.title = title
    self.verdict = verdict
    self.reason = reason
    self.cases = cases
    self.evidence = evidence
  }
}
