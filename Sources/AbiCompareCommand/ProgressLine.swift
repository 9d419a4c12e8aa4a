import Study

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
