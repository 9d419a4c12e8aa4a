import Study

/// The differences of two runs as Markdown.
public enum DiffReport {
  /// The differences of the conditions of the runs; empty without any.
  public static func renderDifferences(_ diff: ResultsDiff) -> String {
    guard !diff.differences.isEmpty else { return "" }
    var document = MarkdownDocument()
    document.heading(2, "Different conditions")
    var table = MarkdownTable([.text("What"), .text("Base"), .text("New")])
    for difference in diff.differences {
      table.add([.text(difference.name), value(difference.base), value(difference.new)])
    }
    document.table(table)
    return document.source
  }

  /// The rows that both runs have.
  /// - Parameter threshold: by which share of the base's cost a row has to differ to be named: 0.05 for 5 %.
  public static func render(_ diff: ResultsDiff, threshold: Double) -> String {
    var document = MarkdownDocument()
    document.heading(2, "Costs, new over base")
    let family = TestFamily(diff.rows.map(\.comparison))
    let percent = Format.decimal(threshold * 100, digits: 2)
    let (slower, faster) = (diff.regressions(threshold: threshold), diff.improvements(threshold: threshold))
    document.paragraph(
      """
      \(diff.rows.count) rows are in both; \(slower.count) slower and \(faster.count) faster, by more than \(percent) % \
      and with an uncorrected p below \(Format.decimal(MannWhitney.significance, digits: 2)), which about \
      \(Format.decimal(MannWhitney.significance * Double(family.count), digits: 1)) of the \(family.count) tests have by chance \
      if nothing changed. The column *p* is corrected; only a row that is significant after the correction is in bold. \
      \(family.note)
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Operation"), .text("Condition"), .number("n"),
      .number("base: median of trials (\(diff.unit))"), .number("new: median of trials (\(diff.unit))"),
      .number("new / base"),
      .number("p"), .text("Verdict"),
    ])
    for row in diff.rows { table.add(cells(row, threshold, family)) }
    document.spreadNote()
    document.table(table)
    if !diff.unmatched.isEmpty {
      document.paragraph("Not compared, because only one of the runs has them under these conditions:")
      document.list(diff.unmatched.map { "\($0.plainName), \($0.mode), \($0.operation), \(condition($0))" })
    }
    return document.source
  }

  private static func cells(_ row: ResultsDiff.Row, _ threshold: Double, _ family: TestFamily) -> [Inline] {
    let comparison = row.comparison
    return [
      .code(row.about.plainName), .text(row.about.mode), .text(row.about.operation), .text(condition(row.about)),
      "\(comparison.base.count), \(comparison.other.count)", LatencyFormat.median(comparison.base),
      LatencyFormat.median(comparison.other), LatencyFormat.ratio(comparison), family.p(comparison),
      verdict(comparison, threshold, family),
    ]
  }

  private static func verdict(_ comparison: Comparison, _ threshold: Double, _ family: TestFamily) -> Inline {
    guard comparison.isSignificant, let ratio = comparison.ratio else { return "~" }
    if ratio > 1 + threshold { return family.isSignificant(comparison) ? "**slower**" : "slower" }
    if ratio < 1 - threshold { return "faster" }
    return "within the threshold"
  }

  private static func condition(_ row: ResultsDiff.Cost.Name) -> String {
    row.growth.map { "\(row.condition), \($0.series.rawValue): \($0.level)" } ?? row.condition
  }

  private static func value(_ value: String?) -> Inline { value.map { .text($0) } ?? .absent }
}
