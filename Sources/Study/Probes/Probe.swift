import Results
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

extension ProbeObservations {
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

/// A virtual machine booted for one probe, since the probe may end the kernel or needs parameters of it.
///
/// Such a probe runs nowhere else: ``Probe/init(_:boot:file:line:_:)`` checks the machine's facts before the first step.
public struct ProbeBoot: Sendable, Equatable {
  /// The reason, as a clause: "it may end the kernel".
  public var reason: String
  /// Additional parameters of the kernel.
  public var parameters: [String]

  /// Describes a boot.
  public init(because reason: String, parameters: [String] = []) {
    self.reason = reason
    self.parameters = parameters
  }

  /// A boot for a probe that may crash the kernel, make it hang, or corrupt its memory.
  public static let mayEndTheKernel = ProbeBoot(because: "it may end the kernel")

  /// The name of the machine's fact that names the claim for which it was booted.
  public static let fact = "booted for the claim"

  /// The name of the observation that the host makes of the kernel at the end of a boot.
  public static let kernelObservation = "kernel at the end"
  /// The value of that observation if the kernel ran until the machine was switched off.
  public static let kernelRuns = "runs"

  /// The claim for which this machine was booted; `nil` if it is not a virtual machine booted for one.
  public static var claimHere: String? {
    RunEnvironment.told().first { $0.name == fact }?.value
  }

  /// The command that makes a probe in a boot of its own.
  public static func command(for claim: Claim) -> String { "abi-compare vm probe \(claim.id)" }

  /// The error of a probe that was started elsewhere.
  func refusal(of claim: Claim) -> SourceError {
    SourceError(
      .unavailable, call: "probe \(claim.id)", detail: "\(reason), and this is no virtual machine booted for it",
      remedy: ProbeBoot.command(for: claim))
  }
}

extension Mark {
  /// A mark of what comes last in a probe that may end the kernel: a kernel that has ended does not reach it.
  package static func ifKernelRuns(_ mark: Mark) -> Mark {
    Mark(mark.id, mark.words) { seen in
      try seen[ProbeBoot.kernelObservation] != ProbeBoot.kernelRuns || mark.isReached(in: seen)
    }
  }
}
