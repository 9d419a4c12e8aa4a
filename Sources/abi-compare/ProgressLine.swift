import Study

/// One line on standard error that tells what is being done; nothing where that is no terminal.
final class ProgressLine: Sendable {
  private let begin = ContinuousClock.now

  /// Shows a part of the study.
  func show(_ progress: StudyProgress) {
    guard StandardError.isTerminal else { return }
    let seconds = begin.duration(to: .now).components.seconds
    StandardError.write("\r\u{1B}[K\(seconds) s  \(progress.backend): \(progress.part)")
  }

  /// Takes the line away again.
  func end() {
    if StandardError.isTerminal { StandardError.write("\r\u{1B}[K") }
  }
}
