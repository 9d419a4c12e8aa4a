import Platform
import SubbufferSource

/// The result of something that may be refused: `works`, or the errno.
package func outcome(_ body: () throws(SourceError) -> Void) -> String {
  do {
    try body()
    return "works"
  } catch {
    return error.errno.map { "refused: \(ErrnoName.text($0.rawValue))" } ?? "refused: \(error.detail)"
  }
}
