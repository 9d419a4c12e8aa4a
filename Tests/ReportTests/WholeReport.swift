@testable import Report
import Results

extension MarkdownReport {
  /// Returns all pages of a report as one text, the front page last, with the links of the pages.
  static func render(_ results: StudyResults, _ wording: Wording = Wording(), plots: [Plot] = []) -> String {
    pages(results, wording, plots: plots).map(\.text).joined(separator: "\n")
  }
}
