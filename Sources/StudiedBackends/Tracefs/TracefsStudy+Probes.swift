import Study

extension TracefsStudy {
  /// All probes on the kernel's ring buffer: those that its models answer too, and those about files and mappings.
  public var probes: [Probe] {
    kernelProbes + liveProbes
  }

  /// The probes that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveLossesProbes + liveFinalisationProbes + liveReadinessProbes + liveReadersProbes
      + liveMisuseProbes + liveRefusalsProbes + liveMappingProbes + liveLayoutProbes
      + liveCompatibilityProbes + liveChangesProbes + liveGeometryProbes + liveEventsProbes + liveMemoryProbes
      + bootProbes
  }
}
