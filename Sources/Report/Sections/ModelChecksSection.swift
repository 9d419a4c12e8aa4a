import Study

/// The models' invariants, checked under many schedules.
struct ModelChecksSection: ReportSection {
  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.modelChecks)
    guard !results.modelChecks.isEmpty else { return document.paragraph("No model was checked.") }
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
    var table = MarkdownTable([.text("Violation"), .text("Seed"), .text("Schedule, to replay it")])
    for violation in check.violations {
      table.add([.text(violation.what), .code("\(violation.seed)"), .code(violation.schedule)])
    }
    document.table(table)
  }
}
