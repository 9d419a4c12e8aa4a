import Study
import SubbufferSource

extension LTTngStudy {
  /// Options and clearing while the ring buffer is mapped.
  var changesProbes: [Probe] {
    []
  }
}
