import Study
import SubbufferSource

extension LTTngStudy {
  /// Probes of refusals while the ring buffer is mapped.
  var refusalsProbes: [Probe] {
    []
  }
}
