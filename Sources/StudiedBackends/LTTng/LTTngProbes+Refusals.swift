import Study
import SubbufferSource

extension LTTngStudy {
  /// What is refused while the ring buffer is mapped.
  var refusalsProbes: [Probe] {
    []
  }
}
