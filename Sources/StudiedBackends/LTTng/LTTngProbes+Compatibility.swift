import Study
import SubbufferSource

extension LTTngStudy {
  /// 32-bit readers.
  var compatibilityProbes: [Probe] {
    []
  }
}
