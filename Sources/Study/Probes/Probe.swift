import SubbufferSource

/// A claim put to the test on one back end.
public struct Probe: Sendable {
  /// The tested claim.
  public var claim: Claim
  /// The place of the probe.
  public var location: CodeLocation
  /// Makes the observations; throws where a call failed that had to work.
  public var observe: @Sendable (inout Evidence) throws(SourceError) -> Void

  /// Describes a probe.
  public init(
    _ claim: Claim, file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (inout Evidence) throws(SourceError) -> Void
  ) {
    self.claim = claim
    location = CodeLocation(file, line)
    self.observe = observe
  }
}

/// The result of a probe before it is judged.
public struct ProbeObservations: Sendable, Equatable {
  /// The observations, in order.
  public var evidence: [Observation]
  /// The error that ended the probe early.
  public var failure: String?

  /// Makes a result.
  public init(evidence: [Observation], failure: String? = nil) {
    self.evidence = evidence
    self.failure = failure
  }

  /// Observes in this process.
  public init(_ probe: Probe, onAdd: (@Sendable (Observation) -> Void)? = nil) {
    var evidence = Evidence(onAdd: onAdd)
    do {
      try probe.observe(&evidence)
      self.init(evidence: evidence.observations)
    } catch {
      self.init(evidence: evidence.observations, failure: "\(error)")
    }
  }
}
