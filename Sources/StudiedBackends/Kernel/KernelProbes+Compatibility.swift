import Study
import SubbufferSource

extension KernelStudy {
  /// 32-bit readers.
  var compatibilityProbes: [Probe] {
    []
  }
}
