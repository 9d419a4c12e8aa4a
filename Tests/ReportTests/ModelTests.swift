import Report
import Results
import Testing

/// Comparison of the models with their live ABIs.
@Suite struct ModelTests {
  private func rows(_ results: StudyResults, under heading: String) -> [String] {
    let report = MarkdownReport.render(results)
    guard let start = report.firstRange(of: "\n\(heading)\n")?.upperBound else { return [] }
    let section = report[start...].prefix(while: { $0 != "#" })
    return section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map {
      String($0.replacing(/\s+/, with: " "))
    }
  }

  @Test func `answers are compared if both back ends decided`() {
    let counts = rows(Fixture.results, under: "## Models against live")
    #expect(
      counts == [
        "| `merged` | `tracefs` | 1 | 1 | 0 | 1 |", "| `model\\|v11` | `tracefs` | 0 | 1 | 2 | 0 |",
      ])
    #expect(rows(Fixture.results, under: "### Not comparable") == ["| `merged` | not tested | as documented | 1 |"])
  }

  @Test func `every different answer is listed with both`() {
    let report = MarkdownReport.render(Fixture.results)
    let table = report[(report.firstRange(of: "### Different answers\n")?.upperBound ?? report.endIndex)...]
    let lines = table.split(separator: "\n").prefix(4).dropFirst(2)
    #expect(lines.count == 2)
    for (line, parts) in zip(
      lines,
      [
        ["lost-events-in-meta-page-on-merged", "lost-events-in-meta-page-on-tracefs", "of both: lost_events"],
        ["crashes-on-model-v11", "crashes-on-tracefs", "of the model: -EPERM<br>of the live ABI: -EPERM"],
      ])
    {
      for part in parts { #expect(line.contains(part), "\(line)") }
    }
  }

  @Test func withoutALiveBackEndThereIsNothingToCompareWith() {
    let report = MarkdownReport.render(Fixture.results)
    #expect(report.contains("`lttng-model`, a model of `lttng-modules`: no live back end to compare with."))
    var results = Fixture.results
    results.probes.removeAll { $0.backend == "tracefs" }
    #expect(rows(results, under: "## Models against live").isEmpty)
  }
}
