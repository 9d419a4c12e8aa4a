import Glibc
import SystemPackage

/// What a person reads beside the output.
enum StandardError {
  /// Whether a person reads it as it comes.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Takes away the line that is being written, where it is a terminal.
  static func clearLine() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  /// Writes a text as it is; where nobody takes it, there is nobody to tell.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

/// Says something in a line of its own.
func complain(_ message: String) {
  StandardError.clearLine()
  StandardError.write("abi-compare: \(message)\n")
}

/// Says of a back end that did not run why, and what would enable it.
func complainOf(_ backend: String, _ status: String, reason: String, remedy: String) {
  complain("\(backend) \(status): \(reason)" + (remedy.isEmpty ? "" : "; to enable it: \(remedy)"))
}
