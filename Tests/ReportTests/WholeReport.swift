@testable import Report
import Study

extension MarkdownReport {
  /// All pages of a report in one text, the front page last, with links as the pages have them.
  static func render(_ results: Results, _ wording: Wording = Wording(), plots: [Plot] = []) -> String {
    pages(results, wording, plots: plots).map(\.text).joined(separator: "\n")
  }
}
