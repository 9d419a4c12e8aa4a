import Study

/// The title and one line for each back end.
struct SummarySection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(1, "Ring-buffer reader ABIs compared")
    document.paragraph(
      """
      Run of \(run.startedAt), profile \(code: run.profile), seed \(code: String(run.seed)), \
      abi-compare \(run.toolVersion).
      """)
    document.heading(2, "Summary")
    guard !results.backendNames.isEmpty else { return document.paragraph("No back end was recorded.") }
    var table = MarkdownTable(
      [.text("Back end"), .text("Kind"), .text("Status")]
        + labels.map { .number("\($0.rawValue)") }
        + [.text("Loss rows by verdict")])
    for backend in results.backendNames { table.add(row(backend)) }
    document.table(table)
    document.paragraph(
      """
      Between *status* and the loss rows, semantic probes are counted; the terms are defined in \
      [How to read this](#how-to-read-this).
      """
    )
  }

  /// Those that occur.
  private var labels: [FindingLabel] {
    FindingLabel.allCases.filter { label in results.probes.contains { FindingLabel($0) == label } }
  }

  private func row(_ backend: String) -> [Inline] {
    let result = results.backends.first { $0.name == backend }
    let probes = results.probes.filter { $0.backend == backend }
    return [
      .code(backend), result.map { $0.isLive ? "live" : "model" } ?? Inline.absent,
      result.map { .link("\($0.status.rawValue)", to: "back-ends") } ?? "not recorded",
    ]
      + labels.map { label in "\(probes.count { FindingLabel($0) == label })" }
      + [losses(of: backend)]
  }

  private func losses(of backend: String) -> Inline {
    let rows = results.losses.filter { $0.backend == backend }
    let counts: [Inline] = LossResult.Verdict.allCases.compactMap { verdict in
      let count = rows.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(verdict.rawValue) \(count)"
    }
    return counts.isEmpty ? Inline.absent : Inline(counts, separator: ", ")
  }
}
