import Study

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer: those that its model answers too, and those about the library.
  public var probes: [Probe] {
    lttngProbes + liveProbes
  }

  /// The probes that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes
      + liveChangesProbes + liveGeometryProbes + [eventLengthProbe]
  }
}
