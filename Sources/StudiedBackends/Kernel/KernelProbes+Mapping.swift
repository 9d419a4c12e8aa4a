import Study
import SubbufferSource

extension KernelStudy {
  /// What a mapping may be.
  var mappingProbes: [Probe] {
    []
  }
}
