import Report
import Results
import Testing

/// The diagrams, checked against the lexer of mermaid (`sequenceDiagram.jison`): a statement has one of four forms, and
/// a label ends at the first number sign or semicolon that is not part of an entity.
@Suite struct DiagramTests {
  private func diagrams(_ results: StudyResults) -> [[Substring]] {
    let report = MarkdownReport.render(results)
    return report.matches(of: /```mermaid\n(.*?)\n```/.dotMatchesNewlines()).map {
      $0.output.1.split(separator: "\n", omittingEmptySubsequences: false)
    }
  }

  private func check(_ diagram: [Substring]) throws {
    #expect(diagram.first == "sequenceDiagram")
    for line in diagram.dropFirst() {
      // mermaid replaces entities before it parses a line.
      let plain = line.replacing(/#[0-9]+;/, with: "x")
      let statement =
        /\s\s(participant (writer|reader|ring as (?<name>.+))|(writer|reader)->>ring: (?<call>.+)|ring-->>(writer|reader): (?<result>.+)|Note over ring: (?<note>.+))/
      let match = try #require(try statement.wholeMatch(in: plain), "\(line)")
      let label = match.output.name ?? match.output.call ?? match.output.result ?? match.output.note ?? ""
      let bare = label.replacing("<br/>", with: " ")
      #expect(!bare.contains { ";#%{}<>&\"`$:\\".contains($0) }, "\(line)")
    }
  }

  @Test func everyLineIsAStatement() throws {
    let diagrams = diagrams(Fixture.results)
    #expect(diagrams.count == 3)
    for diagram in diagrams { try check(diagram) }
    let first = diagrams[0].joined(separator: "\n")
    #expect(
      first.contains("  writer->>ring: 2. write(trace_marker#59; #35;raw#37;#37;) #60;once#62; #34;each#34;\n"))
    #expect(first.contains("  ring-->>writer: 16 events\n"))
  }

  @Test func labelsFromOutsideAreLabels() throws {
    var results = Fixture.results
    let nasty = "a;b#c%%{init: {}}%% \"q\" <br> &lt; `x` $$y$$\nend\n```\nwrap: style:z#w; \u{7}"
    results.backends[1].name = nasty
    for index in results.operations.indices where results.operations[index].backend == "tracefs" {
      results.operations[index].backend = nasty
      results.operations[index].call = nasty
      results.operations[index].result = index == 0 ? "" : nasty
      results.operations[index].effects = [Observation(nasty, nasty)]
    }
    let diagrams = diagrams(results)
    #expect(diagrams.count == 3)
    for diagram in diagrams { try check(diagram) }
  }
}
