import Study

/// What was claimed of a live ABI and not observed on it.
struct FindingsSection: ReportSection {
  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(2, "Findings")
    let held = results.probes.count { probe in
      probe.basis == .documented && probe.isDecided
        && results.backend(probe.backend)?.isLive == true
    }
    let findings = results.contradictions
    guard held > 0 else {
      return document.paragraph("No claim that its source states of a live ABI was decided.")
    }
    document.paragraph(
      """
      Claims that their source states of a live ABI, and that were refuted on it: \(findings.count) of the \(held) that \
      were decided.
      """)
    document.list(findings.map(item))
  }

  private func item(_ index: Int) -> Inline {
    let probe = results.probes[index]
    return """
      \(Inline.link("\(probe.title)", to: anchors.claims[probe.id] ?? "")) on \(code: probe.backend): \
      \(Inline.link(probe.cell, to: anchors.findings[index])).<br>Source: \(probe.source)\
      <br>Expected: \(probe.expectation)
      """
  }
}
