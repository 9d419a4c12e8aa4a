import Study
import SubbufferSource

extension Availability {
  /// What a failed trial says about a back end.
  init(_ error: SourceError) {
    var reason = error
    reason.remedy = ""
    self = .unavailable(reason: reason.description, remedy: error.remedy)
  }
}
