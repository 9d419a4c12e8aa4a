import Foundation
import Testing

/// The excerpt in README.md comes from the sample study.
@Suite struct ReadmeTests {
  private func lines(of file: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Returns the cells of a row of a table, without links; empty for any other line.
  private func cells(_ line: String) -> [String] {
    guard line.hasPrefix("|"), !line.contains("---") else { return [] }
    return line.split(separator: "|").map { cell in
      cell.replacing(/\[([^\]]*)\](?:\[\d+\]|\([^)]*\))/) { "\($0.output.1)" }.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test func `every row of the excerpt is a row of the sample study's decision table`() throws {
    let report = try lines(of: "Examples/sample-study/report.md")
    let table = try #require(report.firstIndex { $0.hasPrefix("## Decision table") })
    let sample = report[table...].prefix { !$0.hasPrefix("## Similarities") }.map(cells)
    let readme = try lines(of: "README.md")
    let begin = try #require(readme.firstIndex { $0.hasPrefix("## What comes out") })
    let end = try #require(readme.firstIndex { $0.hasPrefix("## The program") })
    let rows = readme[begin..<end].map(cells).filter { !$0.isEmpty }
    #expect(rows.count >= 10)
    for row in rows { #expect(sample.contains(row), "\(row)") }
  }
}
