import Study

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer: those that its model answers too, and those about the library.
  public var probes: [Probe] {
    lttngProbes + liveProbes
  }

  /// Those that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes
      + liveChangesProbes + liveGeometryProbes
  }
}
