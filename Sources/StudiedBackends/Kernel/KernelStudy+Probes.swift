import Study

extension KernelStudy {
  /// The probes that the live ring buffer and its models answer.
  var kernelProbes: [Probe] {
    handOverProbes + consumptionProbes + countersProbes + headersProbes + stalenessProbes
      + lossesProbes + positionsProbes + finalisationProbes + readinessProbes + readersProbes
      + misuseProbes + refusalsProbes + mappingProbes + layoutProbes + compatibilityProbes
      + changesProbes + geometryProbes + interruptedProbes
  }
}
