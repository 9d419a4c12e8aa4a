import CPlatform
import Glibc
import SystemPackage

/// Texts of errno values and of return values, for observations.
package enum ErrnoName {
  /// Returns `EBADF (9)`; the number alone if it has no name.
  package static func text(_ code: Int32) -> String {
    guard let name = cprocess_errno_name(code) else { return "\(code)" }
    return "\(String(cString: name)) (\(code))"
  }

  /// Returns the text of a call's return value: `0`, or `-EAGAIN (-11)` for a negative errno.
  package static func result(_ result: Int32) -> String {
    guard result < 0, let name = cprocess_errno_name(-result) else { return "\(result)" }
    return "-\(String(cString: name)) (\(result))"
  }
}

/// A file descriptor that is closed with its owner.
package final class OwnedDescriptor: Sendable {
  package let rawValue: Int32

  /// Takes over an open descriptor.
  package init(_ descriptor: Int32) {
    rawValue = descriptor
  }

  deinit {
    try? FileDescriptor(rawValue: rawValue).close()
  }
}

/// A field of `uname(2)`: "x86_64", "6.18.44".
package func unameField<Field>(_ field: KeyPath<utsname, Field>) -> String {
  var name = utsname()
  guard uname(&name) == 0 else { return "unknown" }
  return withUnsafeBytes(of: name[keyPath: field]) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
