import Study

/// What programs of others, and other ways of reading, count beside this program.
struct CrossChecksSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.crossChecks)
    guard results.crossChecks.contains(where: { $0.skipped == nil }) else {
      document.paragraph("Nothing was counted by others.")
      return writeSkipped(to: &document)
    }
    document.paragraph(
      """
      The same load, counted by this program, by others, and by the producer (*truth*). Where two of them differ, the \
      reason is one that holds in the data of this run. `—` stands where no number is told.
      """)
    document.table(summary)
    let differing = results.crossChecks.contains { $0.rows.contains(where: \.differs) }
    document.heading(3, "Where they differ")
    if differing {
      document.table(table { $0.differs })
    } else {
      document.paragraph("Nowhere.")
    }
    document.details("Where they are equal") { $0.table(table { !$0.differs }) }
    writeSkipped(to: &document)
    writeEvidence(to: &document)
  }

  /// How much was compared, and what came of it.
  private var summary: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Counted by"), .number("loads"), .number("counts"), .number("equal"),
      .number("differ, explained"), .number("differ, unexplained"),
    ])
    for (key, checks) in results.crossChecks.filter({ $0.skipped == nil }).grouped(by: { [$0.backend, $0.tool] }) {
      let rows = checks.flatMap(\.rows)
      let unexplained = rows.count(where: \.isUnexplained)
      let differing = rows.count(where: \.differs)
      table.add([
        results.label(key[0]), .text(key[1]), "\(checks.count)", "\(rows.count)", "\(rows.count - differing)",
        "\(differing - unexplained)", unexplained == 0 ? "0" : "**\(unexplained)**",
      ])
    }
    return table
  }

  private func table(_ isWanted: (CrossCheckResult.Row) -> Bool) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Load"), .text("Counted by"), .text("Count"), .number("this program"),
      .number("the other"), .number("truth"), .text("this program by"), .text("the other by"), .text("Why they differ"),
    ])
    for check in results.crossChecks {
      for row in check.rows where isWanted(row) {
        table.add([
          results.label(check.backend), .text(check.mode), .text(check.load.name), .text(check.tool), .text(row.what),
          number(row.ours), number(row.theirs), number(row.truth), .text(row.oursBy), .text(row.theirsBy),
          row.differs ? .text(row.explanation ?? CrossCheckResult.Row.unexplained) : .absent,
        ])
      }
    }
    return table
  }

  private func number(_ number: UInt64?) -> Inline { number.map { "\($0)" } ?? .absent }

  private func writeSkipped(to document: inout MarkdownDocument) {
    let skipped = results.crossChecks.filter { $0.skipped != nil }
    guard !skipped.isEmpty else { return }
    document.heading(3, "Not counted")
    document.list(
      skipped.grouped { [$0.backend, $0.tool, $0.skipped?.reason] }.map { _, checks in
        let loads = checks.map { "\($0.load.name) (\($0.mode))" }
        let remedy = checks[0].skipped?.remedy ?? ""
        let enable: Inline = remedy.isEmpty ? "" : "; to enable it: \(code: remedy)"
        return """
          \(results.label(checks[0].backend)), \(checks[0].tool): \(Inline(loads.map { .text($0) }, separator: ", ")): \
          \(checks[0].skipped?.reason ?? "")\(enable)
          """
      })
  }

  private func writeEvidence(to document: inout MarkdownDocument) {
    let checks = results.crossChecks.filter { !$0.evidence.isEmpty }
    guard !checks.isEmpty else { return }
    document.details("The lines that the counts were taken from, and the loads") { document in
      for check in checks {
        document.paragraph("\(results.label(check.backend)), \(check.mode), \(check.load.name), \(check.tool):")
        document.list(check.load.setup.map { "\($0.name): \(code: $0.value)" })
        document.codeBlock(check.evidence.joined(separator: "\n"), language: "text")
      }
    }
  }
}
