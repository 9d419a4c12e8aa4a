/// What came of one clause of the protocol on one back end's source.
public struct ClauseResult: Codable, Sendable, Equatable {
  /// Whether the source kept the clause.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// In every case that was tried.
    case kept
    /// Not in the case that is the evidence.
    case broken
    /// What was tried decides neither way; `reason` says why.
    case inconclusive = "undecided"
    /// There is nothing to try on this source; `reason` says why.
    case notApplicable = "does not apply"
  }

  /// The back end.
  public var backend: String
  /// The number of the clause, 1 to 14, as ``SubbufferSource/SubbufferSource`` numbers them.
  public var clause: Int
  /// The clause in a few words: "Valid until released".
  public var title: String
  /// What came out.
  public var verdict: Verdict
  /// Why, where the verdict is inconclusive or not applicable.
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
