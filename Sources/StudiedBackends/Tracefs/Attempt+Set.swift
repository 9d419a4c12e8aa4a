import Study
import SubbufferSource
import TracefsBackend

extension Attempt {
  /// Writes a file of an instance.
  package static func set(_ instance: TracefsInstance, _ file: String, _ value: String) -> String {
    result { () throws(SourceError) in try instance.set(file, value) }
  }
}
