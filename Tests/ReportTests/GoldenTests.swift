import Foundation
@testable import Report
import Study
import Testing

/// The report and the plots of the fixture, byte for byte; README.md in this directory describes how to regenerate
/// them.
@Suite struct GoldenTests {
  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Goldens")
  private static let regenerates = ProcessInfo.processInfo.environment["ABI_COMPARE_REGENERATE"] == "1"

  private func expect(_ contents: String, isGolden name: String, _ location: SourceLocation = #_sourceLocation) throws {
    let file = GoldenTests.directory.appendingPathComponent(name)
    if GoldenTests.regenerates {
      try Data(contents.utf8).write(to: file)
      Issue.record("wrote \(name); run again without ABI_COMPARE_REGENERATE", sourceLocation: location)
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    guard contents != golden else { return }
    let got = contents.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(got, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(got.count, wanted.count)
    Issue.record(
      """
      \(name) differs at line \(line + 1):
      got    \(line < got.count ? got[line] : "(end)")
      golden \(line < wanted.count ? wanted[line] : "(end)")
      """, sourceLocation: location)
  }

  @Test func reportAndPlots() throws {
    let plots = Plot.all(of: Fixture.results)
    #expect(plots.map(\.file) == ["growth.svg", "delivery-latency.svg", "writer-tail.svg"])
    for plot in plots { try expect(plot.svg, isGolden: plot.file) }
    for page in MarkdownReport.pages(Fixture.results, Fixture.wording, plots: plots) {
      try expect(page.text, isGolden: page.file)
    }
  }

  @Test func mail() throws {
    try expect(MailReport.render(Fixture.results, Fixture.wording), isGolden: "report.txt")
  }

  @Test func ktap() throws {
    try expect(KTAPReport.render(Fixture.results), isGolden: "results.ktap")
  }

  @Test func resultsFile() throws {
    let json = String(decoding: try ResultsFile.encode(Fixture.results), as: UTF8.self)
    try expect(json, isGolden: "results.json")
  }

  @Test func emptyResults() throws {
    #expect(Plot.all(of: Fixture.empty).isEmpty)
    try expect(MarkdownReport.frontPage(Fixture.empty, Wording()), isGolden: "empty.md")
  }

  @Test func committedResultsGiveTheCommittedReport() throws {
    if GoldenTests.regenerates { return }
    let results = try ResultsFile.read(from: GoldenTests.directory.appendingPathComponent("results.json").path)
    for page in MarkdownReport.pages(results, Fixture.wording, plots: Plot.all(of: results)) {
      try expect(page.text, isGolden: page.file)
    }
  }
}
