import SubbufferSource

/// A claim put to the test on one back end.
public struct Probe: Sendable {
  /// What is tested.
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

/// What came of the observing, before anything is judged.
public struct ProbeObservations: Sendable, Equatable {
  /// What was written down, in order.
  public var evidence: [Observation]
  /// How the observing ended, where it did not come to its end.
  public var failure: String?

  /// What was observed.
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
