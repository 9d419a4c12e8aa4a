import Foundation
import Report
import SystemPackage

/// The program's output, unbuffered, so that a failed write is reported.
enum StandardOutput {
  /// Writes bytes as they are.
  /// - Throws: `FileError` with the errno.
  static func write(_ contents: Data) throws(FileError) {
    try write(contents, to: STDOUT_FILENO, path: "standard output")
  }

  /// Writes bytes to a descriptor that stands for a path in messages.
  static func write(_ contents: Data, to descriptor: Int32, path: String) throws(FileError) {
    do {
      try FileDescriptor(rawValue: descriptor).writeAll(contents)
    } catch {
      throw FileError(call: "write", path: path, errno: error as? Errno ?? .ioError)
    }
  }
}

/// Writes a line to standard output.
/// - Throws: `ExitCode.cannotWrite` after a message.
func say(_ message: String) throws {
  try orCannotWrite { try StandardOutput.write(Data("\(message)\n".utf8)) }
}
