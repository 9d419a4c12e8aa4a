import Foundation
import Testing

/// What README.md shows of a report is what stands in the sample study.
@Suite struct ReadmeTests {
  private func lines(of file: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The cells of a row of a table, without links and emphasis; empty where it is none.
  private func cells(_ line: String) -> [String] {
    let row = line.replacing(#/^> /#, with: "")
    guard row.hasPrefix("|"), !row.contains("---"), !row.contains("--:") else { return [] }
    return row.split(separator: "|").map { cell in
      cell.replacing(/<a id="[^"]*"><\/a>/, with: "").replacing(/\[([^\]]*)\]\([^)]*#[^)]*\)/) { "\($0.output.1)" }
        .replacing("**", with: "").trimmingCharacters(in: .whitespaces)
    }
  }

  @Test func theExcerptsAreThoseOfTheSampleStudy() throws {
    let sample = Set(try lines(of: "Examples/sample-study/report.md").map(cells))
    let readme = try lines(of: "README.md")
    let begin = try #require(readme.firstIndex { $0.hasPrefix("Excerpts of that report") })
    let end = try #require(readme.firstIndex { $0.hasPrefix("[Docs/methods.md]") })
    let rows = readme[begin..<end].map(cells).filter { !$0.isEmpty }
    #expect(rows.count > 12)
    for row in rows {
      // Columns may be left out.
      #expect(sample.contains { Set($0).isSuperset(of: row) }, "\(row)")
    }
  }
}
