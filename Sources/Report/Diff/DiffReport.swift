import Study

/// The differences of two runs as Markdown.
public enum DiffReport {
  /// What differs in how and where the runs were made; empty where nothing does.
  public static func renderDifferences(_ diff: ResultsDiff) -> String {
    guard !diff.differences.isEmpty else { return "" }
    var document = MarkdownDocument()
    document.heading(2, "Not made under the same conditions")
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
    let percent = Format.decimal(threshold * 100, digits: 2)
    let (slower, faster) = (diff.regressions(threshold: threshold), diff.improvements(threshold: threshold))
    document.paragraph(
      """
      \(diff.rows.count) rows are in both; \(slower.count) slower and \(faster.count) faster, by more than \(percent) % \
      and with p below \(Format.decimal(MannWhitney.significance, digits: 2)). Nothing is corrected for the number of \
      rows: where nothing differs, \(Format.decimal(MannWhitney.significance * Double(diff.rows.count), digits: 1)) of \
      them are expected to have such a p.
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Operation"), .text("Condition"), .number("n"),
      .number("base: median of trials [95 %]"), .number("new: median of trials [95 %]"), .number("new / base [95 %]"),
      .number("p"), .text("Verdict"),
    ])
    for row in diff.rows { table.add(cells(row, threshold)) }
    document.table(table)
    if !diff.unmatched.isEmpty {
      document.paragraph("Not compared, since only one of the runs has them under these conditions:")
      document.list(diff.unmatched.map { "\($0.plainName), \($0.mode), \($0.operation), \(condition($0))" })
    }
    return document.source
  }

  private static func cells(_ row: ResultsDiff.Row, _ threshold: Double) -> [Inline] {
    let comparison = row.comparison
    return [
      .code(row.about.plainName), .text(row.about.mode), .text(row.about.operation), .text(condition(row.about)),
      "\(comparison.base.count), \(comparison.other.count)", LatencyFormat.median(comparison.base),
      LatencyFormat.median(comparison.other), LatencyFormat.ratio(comparison), LatencyFormat.p(comparison),
      verdict(comparison, threshold),
    ]
  }

  private static func verdict(_ comparison: Comparison, _ threshold: Double) -> Inline {
    guard comparison.isSignificant, let ratio = comparison.ratio else { return "~" }
    if ratio > 1 + threshold { return "**slower**" }
    if ratio < 1 - threshold { return "faster" }
    return "within the threshold"
  }

  private static func condition(_ row: ResultsDiff.Cost.Name) -> String {
    row.growth.map { "\(row.condition), \($0.series.rawValue): \($0.level)" } ?? row.condition
  }

  private static func value(_ value: String?) -> Inline { value.map { .text($0) } ?? .absent }
}
