import Foundation
import Report
import SystemPackage

/// What the program puts out, unbuffered, so that what cannot be written is told.
enum StandardOutput {
  /// Writes bytes as they are.
  /// - Throws: `FileError` with the errno.
  static func write(_ contents: Data) throws(FileError) {
    do {
      try FileDescriptor.standardOutput.writeAll(contents)
    } catch {
      throw FileError(call: "write", path: "standard output", errno: error as? Errno ?? .ioError)
    }
  }
}

/// Says something on standard output, in a line of its own.
/// - Throws: `ExitCode.cannotWrite` after a message.
func say(_ message: String) throws {
  try orCannotWrite { try StandardOutput.write(Data("\(message)\n".utf8)) }
}
