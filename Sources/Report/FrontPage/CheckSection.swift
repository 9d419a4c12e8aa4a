import Study

/// The way from a cell to its evidence, and to a second opinion.
struct CheckSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.shortHeading(2, "How to check a cell", anchor: "check")
    document.wrapped(
      """
      `abi-compare explain CELL results.json` prints for one cell the question, the expectation with its source, the \
      observations, the judge and the probe by file and line, the place in `results.json`, the second opinion, and the \
      command that repeats only this; `results.json` is next to this page. A cell is \(code: "BACKEND/CLAIM"), \(code: "BACKEND/MODE/SCENARIO"), or a place in \
      `results.json` such as \(code: "latency[3]"). The whole run again: \
      \(Inline.link("how to repeat", to: ContentsSection.Section.repeating.anchor)). For example:
      """)
    var examples: [String] = []
    if let finding = page.findings.first { examples.append("\(finding.result.backend)/\(finding.result.id)") }
    if let loss = page.results.losses.first(where: { $0.history != nil && page.backends.contains($0.backend) }) {
      examples.append("\(loss.backend)/\(loss.mode)/\(loss.scenario)")
    }
    if !page.results.latency.isEmpty { examples.append("latency[0]") }
    if !examples.isEmpty {
      document.codeBlock(
        examples.map { "abi-compare explain \(Format.shell([$0])) results.json" }.joined(separator: "\n"))
    }
  }
}
