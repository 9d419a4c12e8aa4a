import SubbufferSource

/// A claim put to the test on one back end.
public struct Probe: Sendable {
  /// What is tested.
  public var claim: Claim
  /// What is expected on this back end, as the claim's source states it.
  public var expectation: String
  /// Where the expectation comes from.
  public var basis: ProbeResult.Basis
  /// Makes the observations and decides; throws where a call failed that had to work.
  public var observe: @Sendable () throws(SourceError) -> Finding

  /// Describes a probe.
  public init(
    _ claim: Claim, expectation: String, basis: ProbeResult.Basis = .stated,
    observe: @escaping @Sendable () throws(SourceError) -> Finding
  ) {
    self.claim = claim
    self.expectation = expectation
    self.basis = basis
    self.observe = observe
  }

  /// Makes the probe. A probe that fails is inconclusive, never a pass.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  public func run(on backend: String) throws(SourceError) -> ProbeResult {
    let finding: Finding
    do {
      finding = try observe()
    } catch {
      if Interruption.signal != nil { try Interruption.check() }
      finding = Finding(.inconclusive, reason: "\(error)", evidence: [])
    }
    return ProbeResult(
      id: claim.id, title: claim.title, source: claim.source, backend: backend, expectation: expectation,
      basis: basis, verdict: finding.verdict, reason: finding.reason, evidence: finding.evidence)
  }
}

/// What a probe saw and what follows.
public struct Finding: Sendable, Equatable {
  /// What follows.
  public var verdict: ProbeResult.Verdict
  /// Why, where the verdict is inconclusive or skipped.
  public var reason: String?
  /// What was seen, in order.
  public var evidence: [Observation]

  /// A finding with its evidence.
  public init(_ verdict: ProbeResult.Verdict, reason: String? = nil, evidence: [Observation]) {
    self.verdict = verdict
    self.reason = reason
    self.evidence = evidence
  }

  /// A claim that holds or is refuted.
  public static func decided(_ holds: Bool, _ evidence: [Observation]) -> Finding {
    Finding(holds ? .holds : .refuted, evidence: evidence)
  }
}
