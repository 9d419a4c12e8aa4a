import Study
import SubbufferSource

extension KernelStudy {
  /// What is refused while the ring buffer is mapped.
  var refusalsProbes: [Probe] {
    []
  }
}
