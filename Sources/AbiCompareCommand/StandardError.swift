import Glibc
import SystemPackage

/// Messages for a person, apart from the output.
enum StandardError {
  /// `true` if standard error is a terminal.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Takes away the line that is being written, where it is a terminal.
  static func clearLine() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  /// Writes a text unchanged; ignores write errors.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

private let messagePrefix = "abi-compare: "

/// Writes a message in a line of its own.
func complain(_ message: String) {
  StandardError.clearLine()
  StandardError.write("\(messagePrefix)\(message)\n")
}

/// The message in a line that ``complain(_:)`` wrote in another process; `nil` for another line.
func complaint(in line: String) -> String? {
  line.hasPrefix(messagePrefix) ? String(line.dropFirst(messagePrefix.count)) : nil
}

/// Reports the reason why a back end did not run, and the remedy.
func complainOf(_ backend: String, _ status: String, reason: String, remedy: String) {
  complain("\(backend) \(status): \(reason)" + (remedy.isEmpty ? "" : "; to enable it: \(remedy)"))
}
