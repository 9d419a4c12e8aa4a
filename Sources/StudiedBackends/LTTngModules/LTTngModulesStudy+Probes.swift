import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// The probes that all ring buffers of LTTng's design answer, but those about what the kernel tracer does not have or has
  /// otherwise, and those about the kernel.
  public var probes: [Probe] {
    let own = Set(liveProbes.map(\.claim.id))
    return lttngProbes.filter { impossible[$0.claim.id] == nil && !own.contains($0.claim.id) } + liveProbes
  }

  private var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes + liveChangesProbes
      + liveGeometryProbes + liveCompatibilityProbes + liveMemoryProbes + populatedPacketProbes
      + [eventLengthProbe, acquireRequestProbe, idsProbe]
  }

  private var idsProbe: Probe {
    probe(LTTngAnswers.idsOfEmpty) { (ring, evidence) throws(SourceError) in try observeIDs(ring, &evidence) }
  }

  /// Why there is no probe of a claim.
  public func whyNotProbed(_ claim: Claim) -> String {
    impossible[claim.id] ?? "this back end has no probe for it"
  }

  /// Claims whose probe cannot be made here, by their ids, and why.
  private var impossible: [String: String] {
    var reasons: [String: String] = [:]
    for claim in [
      LTTngAnswers.countNeverFalls, LTTngAnswers.countOfLate, LTTngAnswers.overwriteBesideUncommitted,
      LTTngAnswers.killedInside, LTTngAnswers.killedInsideTold,
    ] {
      reasons[claim.id] = LTTngModulesStudy.noUncommittedEvent
    }
    reasons[LTTngAnswers.wakeUpForEach.id] = "the reader is woken up by the stream's own file, and there is no pipe"
    reasons[LTTngAnswers.largeEvent.id] = "the logger cuts texts off at 1024 bytes"
    return reasons
  }
}
