import Study
import SubbufferSource

extension KernelStudy {
  /// Options and clearing while the ring buffer is mapped.
  var changesProbes: [Probe] {
    []
  }
}
