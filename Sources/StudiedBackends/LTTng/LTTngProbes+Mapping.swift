import Study
import SubbufferSource

extension LTTngStudy {
  /// What a mapping may be.
  var mappingProbes: [Probe] {
    []
  }
}
