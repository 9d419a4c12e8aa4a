import Study
import SubbufferSource

extension KernelStudy {
  /// Probes of refusals while the ring buffer is mapped.
  var refusalsProbes: [Probe] {
    []
  }
}
