extension ProbeResult {
  /// Judges what was observed. Observing that failed is inconclusive, never a pass.
  public init(_ claim: Claim, _ expectation: Expectation, backend: String, _ observed: ProbeObservations) {
    let (verdict, reason) =
      observed.failure.map { (.inconclusive, $0) } ?? expectation.verdict(on: Evidence(observed.evidence))
    self.init(
      claim, expectation: expectation.text, basis: expectation.basis, backend: backend, verdict: verdict,
      reason: reason, evidence: observed.evidence, failure: observed.failure)
  }

  /// A claim that is not put to the test on a back end, and why.
  public init(_ claim: Claim, _ expectation: Expectation?, backend: String, skipped reason: String) {
    self.init(
      claim, expectation: expectation?.text ?? "none", basis: expectation?.basis ?? .noCounterpart, backend: backend,
      verdict: .skipped, reason: reason, evidence: [], failure: nil)
  }

  private init(
    _ claim: Claim, expectation: String, basis: Basis, backend: String, verdict: Verdict, reason: String?,
    evidence: [Observation], failure: String?
  ) {
    self.init(
      id: claim.id, topic: claim.topic, title: claim.title, question: claim.question, source: claim.source,
      procedure: claim.procedure, backend: backend, expectation: expectation, basis: basis, verdict: verdict,
      reason: reason, failure: failure, evidence: evidence)
  }

  /// The same observations judged again, as the catalogue judges now; as it stands where the claim is not in it.
  func judgedAgain(by claim: Claim, abis: [ABI]) -> ProbeResult {
    guard verdict != .skipped, let expectation = claim.expectation(of: abis) else { return self }
    return ProbeResult(claim, expectation, backend: backend, ProbeObservations(evidence: evidence, failure: failure))
  }
}

extension Results {
  /// The results with every probe and every loss scenario judged again from what was seen, without touching a ring
  /// buffer.
  public func judgedAgain(by catalogue: [Claim]) -> Results {
    let claims = Dictionary(catalogue.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let abis = Dictionary(backends.map { ($0.name, $0.abis.map(ABI.init)) }, uniquingKeysWith: { first, _ in first })
    var again = self
    again.losses = losses.map(\.judgedAgain)
    again.probes = probes.map { probe in
      guard let claim = claims[probe.id], let abis = abis[probe.backend] else { return probe }
      return probe.judgedAgain(by: claim, abis: abis)
    }
    return again
  }
}
