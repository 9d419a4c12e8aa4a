import Foundation
@testable import Report
import Results
import Study
import Testing

@Suite struct MarkdownTests {
  private static let report = MarkdownReport.render(Fixture.results, plots: Plot.all(of: Fixture.results))

  /// Returns the number of cells in a line of a table, which unescaped pipes separate.
  private func cells(_ line: Substring) -> Int {
    var count = 0
    var previous: Character = " "
    for character in line {
      if character == "|", previous != "\\" { count += 1 }
      previous = character
    }
    return count - 1
  }

  @Test func everyRowOfATableHasAsManyCellsAsItsHeading() {
    var heading: Int?
    var rows = 0
    for line in Self.report.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        heading = nil
        continue
      }
      let expected = heading ?? cells(line)
      heading = expected
      rows += 1
      #expect(cells(line) == expected, "\(line)")
    }
    #expect(rows > 100)
  }

  @Test func `every link of every page leads to an anchor that exists once`() {
    let pages = MarkdownReport.pages(Fixture.results, Fixture.wording, plots: Plot.all(of: Fixture.results))
    let anchors = pages.flatMap { page in
      page.text.matches(of: /<a id="([^"]*)">/).map { "\(page.file)#\($0.output.1)" }
    }
    #expect(Set(anchors).count == anchors.count)
    let files = Set(pages.map(\.file))
    var count = 0
    for page in pages {
      let inline = page.text.matches(of: /\]\(([^)#\s]*)#([^)\s]*)\)/).map {
        (String($0.output.1), String($0.output.2))
      }
      let references = page.text.matches(of: /(?m)^\[\d+\]: ([^#\s]*)#(\S*)$/).map {
        (String($0.output.1), String($0.output.2))
      }
      for (file, anchor) in inline + references {
        let target = "\(file.isEmpty ? page.file : file)#\(anchor)"
        #expect(anchors.contains(target), "\(page.file) links to \(target)")
        count += 1
      }
      for link in page.text.matches(of: /\]\(([^)#:\s]*\.md)\)/) {
        #expect(files.contains(String(link.output.1)), "\(page.file) links to \(link.output.1)")
      }
      #expect(!page.text.contains("\u{1}"))
    }
    #expect(count >= 2 * Fixture.probes.count)
  }

  @Test func `every page links to the front page and is linked from it`() throws {
    let pages = MarkdownReport.pages(Fixture.results, Fixture.wording, plots: [])
    let front = try #require(pages.last)
    #expect(front.file == "report.md")
    for page in pages.dropLast() {
      #expect(page.text.contains("](report.md)"), "\(page.file)")
    }
    for page in ["findings.md", "claims.md", "models.md", "latency.md", "losses.md", "tool.md"] {
      #expect(front.text.contains("(\(page)#") || front.text.contains(": \(page)#"), "\(page)")
    }
  }

  @Test func anchorsStayApartWhereNamesDifferOnlyInPunctuation() {
    var results = Fixture.results
    results.probes = ["a-b", "a_b", "a b"].map {
      Fixture.claim($0, .misuse, $0, source: "", [Fixture.Row("tracefs", .documented, .asDocumented, "")])[0]
    }
    let report = MarkdownReport.render(results)
    for anchor in ["claim-a-b", "claim-a-b-2", "claim-a-b-3", "claim-a-b-on-tracefs-3"] {
      #expect(report.contains("<a id=\"\(anchor)\"></a>"))
    }
  }

  @Test func `a front page that stands alone has no links to pages and no pictures`() {
    let alone = MarkdownReport.frontPage(Fixture.results, Fixture.wording)
    #expect(Self.report.contains("![") && !alone.contains("!["))
    #expect(alone.firstMatch(of: /\.md#/) == nil && !alone.contains("\u{1}"))
  }

  @Test func `evidence is complete`() {
    for number in 1...13 { #expect(Self.report.contains("lost_events after read \(number) ")) }
    #expect(!Self.report.contains("more in `results.json`, `probes"))
  }

  @Test func aPercentileThatTheSampleDoesNotSupportIsLeftOut() {
    func line(count: UInt64) -> String? {
      var results = Fixture.empty
      // Columns without any value are omitted; the second row has a value in each column.
      results.latency = [
        Fixture.row("b", .acquire, hasData: true, "d", scale: 777, count: count),
        Fixture.row("b", .acquire, hasData: true, "d", scale: 777, count: 20_000, outOfRange: 1),
      ]
      return MarkdownReport.render(results).split(separator: "\n").first { $0.contains("| acquire") }.map {
        String($0.replacing(" ", with: ""))
      }
    }
    #expect(line(count: 19)?.contains("|19|0|777|—|—|—|—|") == true)
    #expect(line(count: 20)?.contains("|20|0|777|777|—|—|—|") == true)
    #expect(line(count: 99)?.contains("—|—|—|") == true)
    #expect(line(count: 9_999)?.contains("|—|") == true)
    #expect(line(count: 10_000)?.contains("|—|") == false)
  }

  @Test func contradictionsStandAboveTheTables() throws {
    var results = Fixture.results
    #expect(!Self.report.contains("Contradictions"))
    results.losses[2].skipped = "no"
    results.losses[3].history = nil
    results.probes.append(results.probes[0])
    results.probes[1].backend = "nobody"
    results.probes[2].outcome = .asDocumented
    results.probes[3].failure = "ended"
    results.modelChecks[0].backend = "tracefs"
    results.accessCounts[0].tracedCalls?[0].calls[0].count = 10
    let report = MarkdownReport.render(results, plots: Plot.all(of: results))
    for statement in [
      "`losses[2]`: skipped, but with a history",
      "`losses[3]`: not skipped, but without a history",
      "`probes[2]`: outcome “as documented” of a question that does not apply",
      "`probes[3]`: outcome “as documented” of a probe that failed",
      "`modelChecks[0]`: “tracefs” is checked as a model but is live",
      "`accessCounts[0]`: perf and ptrace did not count the same system calls: acquire",
      "`backends`: there are records of “nobody”, which is not among the back ends",
      "`probes`: 2 records of “lost-events-in-meta-page” on “tracefs”; all of them are shown",
    ] { #expect(report.contains("- \(statement)\n")) }
    let front = MarkdownReport.frontPage(results, Fixture.wording)
    let contradictions = try #require(front.firstRange(of: "## Contradictions"))
    let highlights = try #require(front.firstRange(of: "## What came out"))
    #expect(contradictions.lowerBound < highlights.lowerBound)
  }

  @Test func sameResultsSameBytes() throws {
    let records = try ResultsFile.decode(try ResultsFile.encode(Fixture.results.records))
    let again = StudyResults(judging: records, by: Fixture.judges)
    #expect(MarkdownReport.render(again, plots: Plot.all(of: again)) == Self.report)
  }
}
