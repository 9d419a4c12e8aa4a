import Foundation
import Glibc
import Report
import SystemPackage

/// What the program puts out, unbuffered, so that what cannot be written is told.
enum StandardOutput {
  /// Writes bytes as they are.
  /// - Throws: `FileError` with the errno.
  static func write(_ contents: Data) throws(FileError) {
    var rest = Array(contents)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FileError(call: "write", path: "standard output", errno: Errno(rawValue: errno))
      }
    }
  }
}

/// Says something on standard output, in a line of its own.
/// - Throws: `ExitCode.cannotWrite` after a message.
func say(_ message: String) throws {
  try orCannotWrite { try StandardOutput.write(Data("\(message)\n".utf8)) }
}
