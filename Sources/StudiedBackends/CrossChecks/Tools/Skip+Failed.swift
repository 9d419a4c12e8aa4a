import Study
import SubbufferSource

extension CrossCheckResult.Skip {
  /// A tool that failed.
  init(failed error: SourceError) {
    var reason = error
    reason.remedy = ""
    self.init(reason: reason.description, remedy: error.remedy)
  }
}
