extension ProbeResult {
  /// Judges what was observed. A probe that failed is undecided, never a pass.
  public init(_ claim: Claim, _ expectation: Expectation, backend: String, _ observed: ProbeObservations) {
    let (outcome, answer, reason) =
      observed.failure.map { (.undecided, nil, $0) }
      ?? expectation.judgement(
        on: Evidence(observed.evidence), reaching: claim.marks(of: expectation) ?? .nothing)
    self.init(
      claim, expectation, basis: expectation.basis, backend: backend, outcome: outcome,
      answer: answer, reason: reason, evidence: observed.evidence, failure: observed.failure)
  }

  /// A claim that is not put to the test on a back end, with the reason.
  public init(_ claim: Claim, _ expectation: Expectation?, backend: String, notTested reason: String) {
    let basis = expectation?.basis ?? .none
    self.init(
      claim, expectation, basis: basis, backend: backend,
      outcome: basis == .none ? .doesNotApply : .notTested, answer: nil, reason: reason, evidence: [], failure: nil)
  }

  private init(
    _ claim: Claim, _ expectation: Expectation?, basis: Basis, backend: String, outcome: Outcome, answer: String?,
    reason: String?, evidence: [Observation], failure: String?
  ) {
    self.init(
      id: claim.id, topic: claim.topic, title: claim.title, question: claim.question, source: claim.source,
      procedure: claim.procedure(of: expectation), backend: backend, expectation: expectation?.text ?? "nothing",
      basis: basis, outcome: outcome,
      answer: answer, reason: reason, failure: failure, evidence: evidence)
  }

  /// The same observations judged by the present catalogue; unchanged if the probe was not made or the claim is not in
  /// the catalogue.
  func judgedAgain(by claim: Claim, abis: [ABI]) -> ProbeResult {
    guard outcome != .notTested, outcome != .doesNotApply, let expectation = claim.expectation(of: abis) else {
      return self
    }
    var again = ProbeResult(
      claim, expectation, backend: backend, ProbeObservations(evidence: evidence, failure: failure))
    again.kernelLog = kernelLog
    return again
  }
}

extension Results {
  /// The results with every probe and every loss scenario judged again from the observations, without touching a ring
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
