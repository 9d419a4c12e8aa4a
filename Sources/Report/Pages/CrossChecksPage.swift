import Results

/// The cross-check: the counts of other programs, and of other ways of reading, next to those of this program.
struct CrossChecksSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.crossChecks)
    guard results.crossChecks.contains(where: { $0.skipped == nil }) else {
      document.paragraph("No cross-check was made.")
      return writeSkipped(to: &document)
    }
    document.paragraph(
      """
      The same load, counted by this program, by another, and by the producer (*truth*). A difference is explained only by a \
      rule that holds in the data of this run. `—`: no number is reported.
      """)
    document.table(summary)
    let checks = results.crossChecks.filter { $0.skipped == nil }
    document.heading(3, "Where this program and the other differ")
    if checks.contains(where: { $0.rows.contains { $0.agreement == .differ } }) {
      document.table(table(of: checks, .differ))
    } else {
      document.paragraph("Nowhere.")
    }
    document.heading(3, "All other counts")
    for (_, own) in checks.grouped(by: { [$0.backend, $0.tool] }) {
      for agreement in [CrossCheckResult.Row.Agreement.equalAndUntrue, .equal] {
        let count = own.reduce(0) { $0 + $1.rows.count { $0.agreement == agreement } }
        guard count > 0 else { continue }
        let kind: Inline = agreement == .equal ? "equal" : "equal to each other, not to the truth"
        document.details("\(results.label(own[0].backend)), \(own[0].tool), \(kind): \(count)") {
          $0.table(table(of: own, agreement))
        }
      }
    }
    writeSkipped(to: &document)
    writeEvidence(to: &document)
  }

  /// The number of counts by their agreement.
  private var summary: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Counted by"), .number("loads"), .number("counts"), .number("equal"),
      .number("equal to each other, not to the truth"), .number("differ"), .number("of these two, unexplained"),
    ])
    for (key, checks) in results.crossChecks.filter({ $0.skipped == nil }).grouped(by: { [$0.backend, $0.tool] }) {
      let rows = checks.flatMap(\.rows)
      let unexplained = rows.count(where: \.isUnexplained)
      let kinds: [Inline] = CrossCheckResult.Row.Agreement.allCases.map { kind in
        "\(rows.count { $0.agreement == kind })"
      }
      table.add(
        [results.label(key[0]), .text(key[1]), "\(checks.count)", "\(rows.count)"] + kinds + [
          unexplained == 0 ? "0" : "**\(unexplained)**"
        ])
    }
    return table
  }

  private func table(
    of checks: [CrossCheckResult], _ agreement: CrossCheckResult.Row.Agreement
  ) -> MarkdownTable {
    var table = MarkdownTable(
      [
        .text("Back end"), .text("Mode"), .text("Load"), .text("Counted by"), .text("Count"), .number("this program"),
        .number("the other"), .number("truth"), .text("this program by"), .text("the other by"),
      ] + (agreement == .equal ? [] : [.text("Explanation")]))
    for check in checks {
      for row in check.rows where row.agreement == agreement {
        table.add([
          results.label(check.backend), .text(check.mode), .text(check.load.name), .text(check.tool), .text(row.what),
          .optional(row.ours), .optional(row.theirs), .optional(row.truth), .text(row.oursBy), .text(row.theirsBy),
          row.differs ? .text(row.explanation ?? CrossCheckResult.Row.unexplained) : .absent,
        ])
      }
    }
    return agreement == .differ ? table : table.withoutEmptyColumns()
  }

  private func writeSkipped(to document: inout MarkdownDocument) {
    let skipped = results.crossChecks.filter { $0.skipped != nil }
    guard !skipped.isEmpty else { return }
    document.heading(3, "Not counted")
    document.list(
      skipped.grouped { [$0.backend, $0.tool, $0.skipped?.reason] }.map { _, checks in
        let loads = checks.map { "\($0.load.name) (\($0.mode))" }
        return .skipped(
          "\(results.label(checks[0].backend)), \(checks[0].tool)", loads, reason: checks[0].skipped?.reason ?? "",
          remedy: checks[0].skipped?.remedy ?? "")
      })
  }

  private func writeEvidence(to document: inout MarkdownDocument) {
    let checks = results.crossChecks.filter { !$0.evidence.isEmpty }
    guard !checks.isEmpty else { return }
    document.details("The lines of the tools from which the counts were taken, and the loads") { document in
      for check in checks {
        document.paragraph("\(results.label(check.backend)), \(check.mode), \(check.load.name), \(check.tool):")
        document.list(of: check.load.setup)
        document.codeBlock(check.evidence.joined(separator: "\n"), language: "text")
      }
    }
  }
}
