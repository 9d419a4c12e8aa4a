import Study
import SubbufferSource

extension KernelStudy {
  /// Probes of the permitted mappings.
  var mappingProbes: [Probe] {
    []
  }
}
