import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer.
  public var probes: [Probe] {
    handoverProbes + lossProbes + readerProbes
  }

  /// A probe on a ring buffer of its own with 8 sub-buffers of 4096 bytes.
  func probe(
    _ claim: Claim, _ expectation: String, basis: ProbeResult.Basis = .stated,
    mode: RingConfiguration.Mode = .overwrite,
    _ observe: @escaping @Sendable (LTTngUSTRing) throws(SourceError) -> Finding
  ) -> Probe {
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    return Probe(claim, expectation: expectation, basis: basis) { () throws(SourceError) in
      try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in try observe(ring) }
    }
  }

  /// A probe on two ring buffers of its own, one in each mode; the claim holds where it holds on both.
  func probeInBothModes(
    _ claim: Claim, _ expectation: String, basis: ProbeResult.Basis = .stated,
    _ observe: @escaping @Sendable (LTTngUSTRing) throws(SourceError) -> Finding
  ) -> Probe {
    let producerCPU = producerCPU
    return Probe(claim, expectation: expectation, basis: basis) { () throws(SourceError) in
      var evidence: [Observation] = []
      var holds = true
      for mode in RingConfiguration.Mode.allCases {
        let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
        let finding = try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in try observe(ring) }
        evidence += finding.evidence.map { Observation("\(mode.rawValue): \($0.name)", $0.value) }
        if finding.verdict == .inconclusive {
          return Finding(.inconclusive, reason: "\(mode.rawValue): \(finding.reason ?? "")", evidence: evidence)
        }
        holds = holds && finding.verdict == .holds
      }
      return .decided(holds, evidence)
    }
  }
}

/// What a call of the one-to-one layer came to that throws where it is refused.
func outcome(_ call: () throws(SourceError) -> Void) -> String {
  do {
    try call()
    return noError
  } catch {
    return error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.detail
  }
}
