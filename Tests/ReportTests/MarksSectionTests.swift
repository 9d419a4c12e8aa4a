@testable import Report
import Results
import Testing

/// The counts of reached marks.
@Suite struct MarksSectionTests {
  /// The claim of the fixture with a mark that one back end does not reach.
  private var wording: Wording {
    let wrapped = Mark("wrapped", "the writer | wrapped") { seen in try seen.number("laps") > 1 }
    let cached = Mark("cached", "the caches alias", isOfMachine: true) { _ in false }
    let expectation = Results.Expectation.documented("same bytes", reaching: [wrapped, cached]) { _ in .yes(true) }
    return Wording(claims: [
      Claim(
        "held-sub-buffer-intact", .handOver, title: "t", question: "q", source: "s", procedure: "p",
        [ABI("kernel"): expectation, ABI("lttng"): expectation])
    ])
  }

  private var results: StudyResults {
    var results = Fixture.results
    for (index, probe) in results.probes.enumerated() where probe.id == "held-sub-buffer-intact" {
      results.probes[index].evidence = [Observation("laps", probe.backend == "tracefs" ? 2 : 1)]
    }
    return results
  }

  private func page() throws -> String {
    try #require(MarkdownReport.pages(results, wording, plots: []).first { $0.file == "tool.md" }?.text)
  }

  @Test func `a mark is counted on each back end that must reach it`() throws {
    let row = try #require(try page().split(separator: "\n").first { $0.contains("the writer \\| wrapped") })
    let cells = row.split(separator: "|", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    #expect(cells.contains("1of1") && cells.contains("0of1"))
  }

  @Test func `a mark that was not reached is listed with its claim and back end`() throws {
    let page = try page()
    #expect(
      page.contains("`lttng-ust`: held-sub-buffer-intact: the writer | wrapped")
        || page.contains("held-sub-buffer-intact: the writer \\| wrapped"))
    #expect(page.contains("the caches alias; the machine decides it"))
  }

  @Test func `the explanation of a cell names its marks`() throws {
    let results = results
    let index = try #require(
      results.probes.firstIndex { $0.id == "held-sub-buffer-intact" && $0.backend == "tracefs" })
    let lines = Explanation(.probe(index), in: results, wording, file: "x") { _, _ in nil }.lines
    #expect(lines.contains("mark: the writer | wrapped: reached"))
    #expect(lines.contains("mark: the caches alias: not reached"))
    let loss = Explanation(.loss(0), in: results, wording, file: "x") { _, _ in nil }.lines
    #expect(loss.contains("mark: events were delivered: reached"))
  }

  @Test func `results without marks have no section`() throws {
    let page = try #require(MarkdownReport.pages(Fixture.empty, Wording(), plots: []).first { $0.file == "tool.md" })
    #expect(!page.text.contains("## Marks"))
  }
}
