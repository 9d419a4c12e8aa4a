import Study
import SubbufferSource

extension LTTngStudy {
  /// The layout of the meta page, and how it grows.
  var layoutProbes: [Probe] {
    []
  }
}
