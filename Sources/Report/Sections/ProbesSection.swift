import Study

/// The claims, what each back end did, and the evidence.
struct ProbesSection: ReportSection {
  /// So many observations are shown; the rest are in `results.json`.
  private static let evidenceShown = 10

  private typealias Finding = (index: Int, result: ProbeResult)

  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(2, "Semantic probes")
    let probes = results.probes.enumerated().map { Finding(index: $0.offset, result: $0.element) }
      .grouped { $0.result.id }
    guard !probes.isEmpty else { return document.paragraph("No probe was recorded.") }
    writeMatrix(of: probes.map(\.elements), to: &document)
    for (id, findings) in probes { write(id, findings, to: &document) }
  }

  private func writeMatrix(of probes: [[Finding]], to document: inout MarkdownDocument) {
    let recorded = Set(results.probes.map(\.backend))
    let backends = results.backendNames.filter(recorded.contains)
    var table = MarkdownTable([.text("Claim or question")] + backends.map { .text(.code($0)) })
    for findings in probes {
      let title: Inline = .link("\(findings[0].result.title)", to: anchors.probes[findings[0].result.id] ?? "")
      table.add(
        [title]
          + backends.map { backend in
            let verdicts = findings.filter { $0.result.backend == backend }.map { finding in
              cell(finding)
            }
            return verdicts.isEmpty ? Inline.absent : Inline(verdicts, separator: ", ")
          })
    }
    document.paragraph(
      "Each verdict links to its evidence; the terms are defined in [How to read this](#how-to-read-this). `—`: the probe has no record on that back end."
    )
    document.table(table)
    let absent = results.backendNames.filter { !recorded.contains($0) }
    if !absent.isEmpty {
      document.paragraph("No probe has a record on \(Inline(absent.map { .code($0) }, separator: ", ")).")
    }
  }

  /// The verdict; to a question it answers only together with what was expected.
  private func cell(_ finding: Finding) -> Inline {
    let label = FindingLabel(finding.result)
    let verdict = Inline.link(label.inline, to: anchors.findings[finding.index])
    switch label {
    case .holds, .refuted, .asTaken, .notAsTaken, .same, .differs:
      return finding.result.title.hasSuffix("?") ? "\(verdict): \(finding.result.expectation)" : verdict
    case .inconclusive, .noCounterpart, .skipped: return verdict
    }
  }

  private func write(_ id: String, _ findings: [Finding], to document: inout MarkdownDocument) {
    let titles = findings.grouped { $0.result.title }.map { Inline.text($0.key) }
    document.heading(3, Inline(titles, separator: " / "), anchor: anchors.probes[id])
    document.paragraph("Probe \(code: id).")
    let sources = findings.grouped { $0.result.source }.map(\.key)
    if sources.count == 1 { document.paragraph("Source: \(sources[0])") }
    for finding in findings { write(finding, withSource: sources.count > 1, to: &document) }
  }

  private func write(_ finding: Finding, withSource: Bool, to document: inout MarkdownDocument) {
    let result = finding.result
    document.heading(
      4, "\(code: result.backend): \(FindingLabel(result).rawValue)", anchor: anchors.findings[finding.index])
    var lines: [Inline] = withSource ? ["Source: \(result.source)"] : []
    lines.append("Expected: \(result.expectation)")
    lines.append("Verdict: \(FindingLabel(result).inline)")
    if let reason = result.reason {
      lines.append("Reason: \(reason)")
    } else if result.verdict == .inconclusive || result.verdict == .skipped {
      lines.append("No reason was recorded.")
    }
    if result.evidence.isEmpty { lines.append("No observation was recorded.") }
    document.list(lines)
    guard !result.evidence.isEmpty else { return }
    document.table(of: Array(result.evidence.prefix(ProbesSection.evidenceShown)), heading: "Observed")
    let rest = result.evidence.count - ProbesSection.evidenceShown
    if rest > 0 {
      document.paragraph("… and \(rest) more in `results.json`, \(code: "probes[\(finding.index)].evidence").")
    }
  }
}
