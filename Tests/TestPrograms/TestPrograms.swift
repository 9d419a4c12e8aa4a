import Foundation

/// Executable files for tests, written by another process.
///
/// A file that this process has open for writing cannot be executed (ETXTBSY). A process that another test forks at that
/// moment inherits the descriptor and keeps it until its exec, although it is closed here.
package enum TestPrograms {
  /// Writes an executable shell script.
  /// - Parameter text: the lines after the first.
  package static func writeScript(_ text: String, to path: String) throws {
    try shell("printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 755 \"$2\"", text, path)
  }

  /// Copies a program.
  package static func copy(from source: String, to path: String) throws {
    try shell("cp -- \"$1\" \"$2\"", source, path)
  }

  private static func shell(_ command: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command, "sh"] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
