import Study

/// The models under many schedules, held against their own invariants.
struct ModelChecksSection: ReportSection {
  /// So many violations of a model are shown; the rest are in `results.json`.
  private static let violationsShown = 10

  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.modelChecks)
    guard !results.modelChecks.isEmpty else { return document.paragraph("No model was held against itself.") }
    var table = MarkdownTable([
      .text("Model"), .text("Mode"), .number("schedules"), .number("steps"), .number("exchanges"),
      .number("delivered"), .number("lost"), .number("violations"),
    ])
    for (index, check) in results.modelChecks.enumerated() {
      let violations: Inline =
        check.violations.isEmpty ? "0" : .link("**\(check.violations.count)**", to: anchors.modelChecks[index])
      table.add([
        .code(check.backend), .text(check.mode), "\(check.schedules)", "\(check.steps)", "\(check.exchanges)",
        "\(check.delivered)", "\(check.lost)", violations,
      ])
    }
    document.table(table)
    for (index, check) in results.modelChecks.enumerated() where !check.violations.isEmpty {
      write(check, index, to: &document)
    }
  }

  private func write(_ check: ModelCheckResult, _ index: Int, to document: inout MarkdownDocument) {
    document.heading(3, "\(code: check.backend), \(check.mode)", anchor: anchors.modelChecks[index])
    var table = MarkdownTable([.text("What was wrong"), .text("Seed"), .text("Schedule, to replay it")])
    for violation in check.violations.prefix(ModelChecksSection.violationsShown) {
      table.add([.text(violation.what), .code("\(violation.seed)"), .code(violation.schedule)])
    }
    document.table(table)
    let rest = check.violations.count - ModelChecksSection.violationsShown
    if rest > 0 {
      document.paragraph("… and \(rest) more in `results.json`, \(code: "modelChecks[\(index)].violations").")
    }
  }
}
