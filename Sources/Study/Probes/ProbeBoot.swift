import SubbufferSource

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
