import Results
import SubbufferSource

/// A back end of one design: one body of each probe serves the live ring buffer and its models.
package protocol DesignStudy: StudiedBackend {
  associatedtype Ring

  /// Makes a ring buffer with a writer that is ready, lets `body` use it, and takes it down again. What `body` mapped
  /// must be gone when it returns.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (Ring) throws(SourceError) -> Result
  ) throws(SourceError) -> Result
}

extension DesignStudy {
  /// A probe on a ring buffer of its own, by default with 8 sub-buffers of 4096 bytes.
  package func probe(
    _ claim: Claim, mode: RingMode? = nil, subbufferSize: Int = 4096, boot: ProbeBoot? = nil,
    file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (Ring, inout Evidence) throws(SourceError) -> Void
  ) -> Probe {
    let configuration = RingConfiguration(
      mode: mode ?? usualMode, subbufferSize: subbufferSize, producerCPU: producerCPU)
    return Probe(claim, boot: boot, file: file, line: line) { (evidence) throws(SourceError) in
      try withProbeRing(configuration) { (ring) throws(SourceError) in try observe(ring, &evidence) }
    }
  }

  /// A probe on a ring buffer of its own in each mode; the names of the observations begin with the mode:
  /// `overwrite: `, `discard: `.
  package func probeInBothModes(
    _ claim: Claim, file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (Ring, inout Evidence) throws(SourceError) -> Void
  ) -> Probe {
    Probe(claim, file: file, line: line) { (evidence) throws(SourceError) in
      for mode in modes {
        let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
        try evidence.named("\(mode.rawValue): ") { (evidence) throws(SourceError) in
          try withProbeRing(configuration) { (ring) throws(SourceError) in try observe(ring, &evidence) }
        }
      }
    }
  }
}
