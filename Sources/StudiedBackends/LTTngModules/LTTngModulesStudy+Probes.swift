import Study

extension LTTngModulesStudy {
  /// The probes that all ring buffers of LTTng's design answer, but those about what the kernel tracer does not have.
  public var probes: [Probe] {
    lttngProbes.filter { impossible[$0.claim.id] == nil }
  }

  /// Why there is no probe of a claim.
  public func whyNotProbed(_ claim: Claim) -> String {
    impossible[claim.id] ?? "there is no probe"
  }

  /// Claims whose probe cannot be made here, by their ids, and why.
  private var impossible: [String: String] {
    let uncommitted = [Claim.countNeverFalls, .overwriteBesideUncommitted, .killedInside, .killedInsideTold]
    let pipe = "the reader is woken up by the stream's own file, and there is no pipe"
    var reasons: [String: String] = [:]
    for claim in uncommitted { reasons[claim.id] = LTTngModulesStudy.noUncommittedEvent }
    reasons[Claim.wakeUpForEach.id] = pipe
    return reasons
  }
}
