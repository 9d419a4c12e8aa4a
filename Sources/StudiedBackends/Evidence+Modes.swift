import Study
import SubbufferSource

extension StudiedBackend {
  /// Observes one ring buffer in each mode; the names of the observations begin with the mode: `overwrite: `, `discard: `.
  func inBothModes(
    _ evidence: inout Evidence,
    _ observe: (RingConfiguration, inout Evidence) throws(SourceError) -> Void
  ) throws(SourceError) {
    for mode in RingConfiguration.Mode.allCases {
      let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
      try evidence.named("\(mode.rawValue): ") { (evidence) throws(SourceError) in try observe(configuration, &evidence)
      }
    }
  }
}
