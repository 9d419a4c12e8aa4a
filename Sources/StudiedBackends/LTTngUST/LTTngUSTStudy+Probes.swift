import LTTngUSTBackend
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer.
  public var probes: [Probe] {
    handoverProbes + lossProbes + readerProbes
  }

  /// A probe on a ring buffer of its own with 8 sub-buffers of 4096 bytes.
  func probe(
    _ claim: Claim, _ expectation: String, mode: RingConfiguration.Mode = .overwrite,
    _ observe: @escaping @Sendable (LTTngUSTRing) throws(SourceError) -> Finding
  ) -> Probe {
    let configuration = RingConfiguration(mode: mode, producerCPU: cpu)
    return Probe(claim, expectation: expectation) { () throws(SourceError) in
      try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in try observe(ring) }
    }
  }

  /// A claim about the kernel that this ABI has nothing to hold against.
  func noCounterpart(_ claim: Claim, _ reason: String) -> Probe {
    Probe(claim, expectation: "none: the claim is about the kernel's ring buffer alone") { () in
      Finding(.skipped, reason: reason, evidence: [])
    }
  }
}

/// What a call of the one-to-one layer came to.
func outcome(_ call: () throws(SourceError) -> Void) -> String {
  do {
    try call()
    return "0"
  } catch {
    return error.errno.map { "-\($0.rawValue) (\($0))" } ?? error.detail
  }
}
