import Foundation
@testable import Report
import Study
import Testing

@Suite struct MarkdownTests {
  private let report = MarkdownReport.render(Fixture.results, plots: Plot.all(of: Fixture.results))

  /// The cells of a line of a table, parted at the pipes that are not escaped.
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
    for line in report.split(separator: "\n", omittingEmptySubsequences: false) {
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

  @Test func everyLinkLeadsToAnAnchorThatIsThereOnce() {
    let links = report.matches(of: /\]\(#([^)]*)\)/).map { String($0.output.1) }
    let anchors = report.matches(of: /<a id="([^"]*)">/).map { String($0.output.1) }
    #expect(Set(anchors).count == anchors.count)
    #expect(Set(links).isSubset(of: Set(anchors)))
    #expect(links.count >= Fixture.probes.count)
  }

  @Test func everyLinkToALossRowLeadsToADocumentThatHasIt() {
    let results = Fixture.results
    let files = LossDetails.files(of: results)
    let anchors = Anchors(results)
    let documents = Dictionary(
      uniqueKeysWithValues: files.map { ($1, LossDetails.render(results, backend: $0, anchors: anchors)) })
    let report = MarkdownReport.render(results, details: files)
    let links = report.matches(of: /\]\((losses-[^)#]*)#([^)]*)\)/)
    #expect(links.count >= results.losses.filter { $0.history != nil && !results.isModel($0.backend) }.count)
    for link in links {
      #expect(documents[String(link.output.1)]?.contains("<a id=\"\(link.output.2)\"></a>") == true, "\(link.output.0)")
    }
    for document in documents.values {
      let own = document.matches(of: /\]\(#([^)]*)\)/)
      #expect(!own.isEmpty)
      #expect(own.allSatisfy { document.contains("<a id=\"\($0.output.1)\"></a>") })
    }
  }

  @Test func anchorsStayApartWhereNamesDifferOnlyInPunctuation() {
    var results = Fixture.results
    results.probes = ["a-b", "a_b", "a b"].map {
      Fixture.claim($0, .misuse, $0, source: "", [Fixture.Answer("tracefs", .stated, .holds, "")])[0]
    }
    let report = MarkdownReport.render(results)
    for anchor in ["claim-a-b", "claim-a-b-2", "claim-a-b-3", "claim-a-b-on-tracefs-3"] {
      #expect(report.contains("<a id=\"\(anchor)\"></a>"))
    }
  }

  @Test func aReportThatStandsAloneShowsNoPictures() {
    let alone = MarkdownReport.render(Fixture.results)
    #expect(report.contains("![") && !alone.contains("!["))
    #expect(!alone.contains("](losses-"))
  }

  @Test func evidenceIsCutToTenAndSaysSo() {
    #expect(report.contains("lost_events after read 10 "))
    #expect(!report.contains("lost_events after read 11 "))
    #expect(report.contains("… and 3 more in `results.json`, `probes[0].evidence`."))
  }

  @Test func aPercentileThatTheSampleDoesNotSupportIsLeftOut() {
    func line(count: UInt64) -> String? {
      var results = Fixture.empty
      // Columns without any value are left out: the second row has all.
      results.latency = [
        Fixture.row("b", "acquire", "c", "d", scale: 777, count: count),
        Fixture.row("b", "acquire", "c", "d", scale: 777, count: 20_000, outOfRange: 1),
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
    #expect(!report.contains("Contradictions"))
    results.losses[0].judgement?.lost = 5
    results.losses[1].history?.produced = 2_000_000
    results.losses[2].skipped = "no"
    results.losses[3].history = nil
    results.probes.append(results.probes[0])
    results.probes[1].backend = "nobody"
    results.probes[2].verdict = .holds
    results.probes[3].failure = "ended"
    results.modelChecks[0].backend = "tracefs"
    results.surface[0].tracedCalls?[0].calls[0].count = 10
    let report = MarkdownReport.render(results, plots: Plot.all(of: results))
    for statement in [
      "`losses[0]`: the judgement is not that of the history",
      "`losses[1]`: the judgement is not that of the history",
      "`losses[2]`: skipped, and yet with a history",
      "`losses[3]`: not skipped, and yet without a history",
      "`probes[2]`: verdict “holds” where there is nothing to hold against the claim",
      "`probes[3]`: verdict “holds” of a probe that failed",
      "`modelChecks[0]`: “tracefs” is checked as a model and is live",
      "`surface[0]`: perf and ptrace did not count the same system calls: acquire",
      "`backends`: there are records of “nobody”, which is not among the back ends",
      "`probes`: 2 records of “lost-events-in-meta-page” on “tracefs”; all of them are shown",
    ] { #expect(report.contains("- \(statement)\n")) }
    let contradictions = try #require(report.firstRange(of: "## Contradictions"))
    let environment = try #require(report.firstRange(of: "## Environment"))
    #expect(contradictions.lowerBound < environment.lowerBound)
  }

  @Test func sameResultsSameBytes() throws {
    let again = try ResultsFile.decode(try ResultsFile.encode(Fixture.results))
    #expect(MarkdownReport.render(again, plots: Plot.all(of: again)) == report)
  }
}
