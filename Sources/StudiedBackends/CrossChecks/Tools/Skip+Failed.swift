import Study
import SubbufferSource

extension CrossCheckResult.Skip {
  /// A tool that failed.
  init(failed error: SourceError) {
    self.init(reason: error.reason, remedy: error.remedy)
  }
}
