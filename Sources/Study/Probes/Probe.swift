import SubbufferSource

/// A claim put to the test on one back end.
public struct Probe: Sendable {
  /// The tested claim.
  public var claim: Claim
  /// The place of the probe.
  public var location: CodeLocation
  /// The virtual machine that the probe needs for itself; `nil` if it may run on any machine.
  public var boot: ProbeBoot?
  /// Makes the observations; throws where a call failed that had to work.
  public var observe: @Sendable (inout Evidence) throws(SourceError) -> Void

  /// Describes a probe.
  /// - Parameter boot: the virtual machine that it needs for itself; on any other machine the probe throws before its first
  ///   step.
  public init(
    _ claim: Claim, boot: ProbeBoot? = nil, file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (inout Evidence) throws(SourceError) -> Void
  ) {
    self.claim = claim
    self.boot = boot
    location = CodeLocation(file, line)
    guard let boot else {
      self.observe = observe
      return
    }
    self.observe = { (evidence) throws(SourceError) in
      guard ProbeBoot.claimHere == claim.id else { throw boot.refusal(of: claim) }
      try observe(&evidence)
    }
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

  /// Observes in this process, in a machine booted for the probe, and reads the kernel's log meanwhile.
  /// - Returns: the observations and the log; `nil` if the log received nothing or cannot be read.
  public static func withKernelLog(
    _ probe: Probe, onAdd: (@Sendable (Observation) -> Void)? = nil
  ) -> (observed: ProbeObservations, log: KernelLogExcerpt?) {
    let watch = KernelLogWatch()
    let reading = watch.begin("probe \(probe.claim.id)")
    let observed = ProbeObservations(probe, onAdd: onAdd)
    return (observed, watch.end(reading))
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
