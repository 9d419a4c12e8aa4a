import Study

/// Tells on standard error what is being done: in one line, and where that is no terminal not at all.
final class ProgressLine: Sendable {
  private let begin = ContinuousClock.now
  /// Whether each part has a line of its own, terminal or not.
  private let inLines: Bool

  /// Nothing yet.
  init(inLines: Bool = false) {
    self.inLines = inLines
  }

  /// Shows a part of the study.
  func show(_ progress: StudyProgress) { show("\(progress.backend): \(progress.part)") }

  /// Shows a text.
  func show(_ text: String) {
    let line = "\(begin.duration(to: .now).components.seconds) s  \(text)"
    if inLines {
      StandardError.write("\(line)\n")
    } else if StandardError.isTerminal {
      StandardError.write("\r\u{1B}[K\(line)")
    }
  }

  /// Takes the line away again.
  func end() {
    if StandardError.isTerminal, !inLines { StandardError.write("\r\u{1B}[K") }
  }
}
