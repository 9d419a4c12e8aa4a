import Foundation
import Glibc
import Report
import Study
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

/// Shows the current activity on standard error, in one line; nothing if that is not a terminal.
final class ProgressLine: Sendable {
  private let begin = ContinuousClock.now
  /// `true` if each part has a line of its own, terminal or not.
  private let inLines: Bool

  /// Nothing yet.
  init(inLines: Bool = false) {
    self.inLines = inLines
  }

  /// Shows a part of the study.
  func show(_ progress: StudyProgress) { show("\(progress.backend): \(progress.part)") }

  /// Shows a text.
  func show(_ text: String) {
    if inLines { return write(text) }
    StandardError.clearLine()
    if StandardError.isTerminal { StandardError.write(line(text)) }
  }

  /// Shows a step that may take minutes: in a line of its own where it is no terminal.
  func showStep(_ text: String) {
    if StandardError.isTerminal { show(text) } else { write(text) }
  }

  /// Takes the line away again.
  func end() {
    if !inLines { StandardError.clearLine() }
  }

  private func write(_ text: String) { StandardError.write("\(line(text))\n") }

  private func line(_ text: String) -> String {
    "\(begin.duration(to: .now).components.seconds) s  \(text)"
  }
}
