import Study
import SubbufferSource

/// A back end of LTTng's design: one body of each probe serves the live ring buffer and its model.
protocol LTTngStudy: StudiedBackend {
  associatedtype Ring: LTTngRing

  /// Makes a ring buffer with a writer that is ready, lets `body` use it, and takes it down again.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  func withLTTngRing<Result>(
    _ configuration: RingConfiguration, _ body: (Ring) throws(SourceError) -> Result
  ) throws(SourceError) -> Result
}

extension LTTngStudy {
  /// A probe on a ring buffer of its own, by default with 8 sub-buffers of 4096 bytes.
  func probe(
    _ claim: Claim, mode: RingConfiguration.Mode = .overwrite, subbufferSize: Int = 4096,
    file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (Ring, inout Evidence) throws(SourceError) -> Void
  ) -> Probe {
    let configuration = RingConfiguration(mode: mode, subbufferSize: subbufferSize, producerCPU: producerCPU)
    return Probe(claim, file: file, line: line) { (evidence) throws(SourceError) in
      try withLTTngRing(configuration) { (ring) throws(SourceError) in try observe(ring, &evidence) }
    }
  }

  /// A probe on two ring buffers of its own, one in each mode; the names of the observations begin with the mode:
  /// `overwrite: `, `discard: `.
  func probeInBothModes(
    _ claim: Claim, file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (Ring, inout Evidence) throws(SourceError) -> Void
  ) -> Probe {
    Probe(claim, file: file, line: line) { (evidence) throws(SourceError) in
      try inBothModes(&evidence) { (configuration, evidence) throws(SourceError) in
        try withLTTngRing(configuration) { (ring) throws(SourceError) in try observe(ring, &evidence) }
      }
    }
  }
}
