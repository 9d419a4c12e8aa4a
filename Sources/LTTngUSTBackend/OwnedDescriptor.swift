import SubbufferSource
import SystemPackage

/// A file descriptor that is closed with its owner.
final class OwnedDescriptor: Sendable {
  let rawValue: Int32

  /// Takes over what a call gave, or throws its failure.
  init(_ result: Int32, from call: @autoclosure () -> String, remedy: String = "") throws(SourceError) {
    rawValue = try checked(result, call(), remedy: remedy)
  }

  deinit {
    try? FileDescriptor(rawValue: rawValue).close()
  }
}
