import Foundation
@testable import Report
import Results
import Testing

/// The report and the plots of the fixture, byte for byte; README.md in this directory describes how to regenerate
/// them.
@Suite struct GoldenTests {
  @Test func reportAndPlots() throws {
    let plots = Plot.all(of: Fixture.results)
    #expect(plots.map(\.file) == ["growth.svg", "delivery-latency.svg", "writer-tail.svg"])
    for plot in plots { try Golden.expect(plot.svg, isGolden: plot.file) }
    for page in MarkdownReport.pages(Fixture.results, Fixture.wording, plots: plots) {
      try Golden.expect(page.text, isGolden: page.file)
    }
  }

  @Test func mail() throws {
    try Golden.expect(MailReport.render(Fixture.results, Fixture.wording), isGolden: "report.txt")
  }

  @Test func ktap() throws {
    try Golden.expect(KTAPReport.render(Fixture.results), isGolden: "results.ktap")
  }

  @Test func resultsFile() throws {
    let json = String(decoding: try ResultsFile.encode(Fixture.results.records), as: UTF8.self)
    try Golden.expect(json, isGolden: "results.json")
  }

  @Test func emptyResults() throws {
    #expect(Plot.all(of: Fixture.empty).isEmpty)
    try Golden.expect(MarkdownReport.frontPage(Fixture.empty, Wording()), isGolden: "empty.md")
  }

  @Test func committedResultsGiveTheCommittedReport() throws {
    if Golden.regenerates { return }
    let records = try ResultsFile.read(from: Golden.directory.appendingPathComponent("results.json").path)
    let results = StudyResults(judging: records, by: Fixture.judges)
    for page in MarkdownReport.pages(results, Fixture.wording, plots: Plot.all(of: results)) {
      try Golden.expect(page.text, isGolden: page.file)
    }
  }
}
