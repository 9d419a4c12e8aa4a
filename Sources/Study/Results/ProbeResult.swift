/// What one semantic probe found on one back end.
public struct ProbeResult: Codable, Sendable, Equatable {
  /// Three values, and that it was not asked.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// The observation is what the source of the claim says.
    case holds
    /// The observation is another one.
    case refuted
    /// The observation decides neither way; `reason` says why.
    case inconclusive
    /// The probe was not made; `reason` says why.
    case skipped
  }

  /// Where the expectation comes from, and so what *holds* and *refuted* mean.
  public enum Basis: String, Codable, Sendable, CaseIterable {
    /// The source states it of this ABI.
    case stated
    /// No source states it of this ABI; it is how the question was taken.
    case taken
    /// The source states it of another ABI; the same is asked here.
    case counterpart
    /// There is nothing here that the claim could be held against.
    case noCounterpart = "no counterpart"
  }

  /// The stable name of the probe: `lost-events-in-meta-page`.
  public var id: String
  /// What the claim is about.
  public var topic: Topic
  /// The claim in a few words.
  public var title: String
  /// The question that is answered.
  public var question: String
  /// Who stated it, where and when.
  public var source: String
  /// What was done and what was written down.
  public var procedure: String
  /// The back end.
  public var backend: String
  /// What is expected on this back end, as the source states it; written before the observation.
  public var expectation: String
  /// Where the expectation comes from.
  public var basis: Basis
  /// What came out.
  public var verdict: Verdict
  /// Why, where the verdict is inconclusive or skipped.
  public var reason: String?
  /// How the observing ended, where it did not come to its end: such a probe is inconclusive.
  public var failure: String?
  /// What was observed, in the order of observation.
  public var evidence: [Observation]

  /// A finding.
  public init(
    id: String, topic: Topic, title: String, question: String, source: String, procedure: String, backend: String,
    expectation: String, basis: Basis, verdict: Verdict, reason: String? = nil, failure: String? = nil,
    evidence: [Observation] = []
  ) {
    self.id = id
    self.topic = topic
    self.title = title
    self.question = question
    self.source = source
    self.procedure = procedure
    self.backend = backend
    self.expectation = expectation
    self.basis = basis
    self.verdict = verdict
    self.reason = reason
    self.failure = failure
    self.evidence = evidence
  }
}
