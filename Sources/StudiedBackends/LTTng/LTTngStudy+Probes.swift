import Study

extension LTTngStudy {
  /// The probes that the live ring buffer and its model answer.
  var lttngProbes: [Probe] {
    handOverProbes + consumptionProbes + countersProbes + headersProbes + stalenessProbes
      + lossesProbes + positionsProbes + finalisationProbes + readinessProbes + readersProbes
      + misuseProbes + refusalsProbes + layoutProbes + compatibilityProbes
      + changesProbes + geometryProbes
  }
}
