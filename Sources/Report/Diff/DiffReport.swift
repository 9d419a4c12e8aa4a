import Results

/// The differences of two runs as Markdown, the worse results first.
package enum DiffReport {
  /// The judgements, and the costs if they are compared.
  /// - Parameters:
  ///   - threshold: the share of the base's cost by which a row has to differ to be named: 0.05 for 5 %.
  ///   - comparesCosts: `false` if the costs were measured under other conditions.
  package static func render(_ diff: ResultsDiff, threshold: Double, comparesCosts: Bool = true) -> String {
    var document = MarkdownDocument()
    document.heading(1, "New run against base")
    let comparesCosts = comparesCosts && !diff.rows.isEmpty
    let runs: [Inline] = ["Base: \(diff.runs.base).", "New: \(diff.runs.new)."]
    document.list(runs + summary(diff, threshold, comparesCosts: comparesCosts))
    write(diff, [.worse, .undecided, .gone], to: &document)
    if comparesCosts, !diff.slower(threshold).isEmpty {
      document.heading(2, "Costs that increased")
      document.table(table(diff, diff.slower(threshold), threshold))
    }
    write(diff, [.other, .otherLoss, .better, .decided, .new], to: &document)
    if comparesCosts { writeCosts(diff, threshold, to: &document) }
    writeModels(diff, to: &document)
    writeDifferences(diff, to: &document)
    return document.source
  }

  // MARK: Judgements

  private static func summary(_ diff: ResultsDiff, _ threshold: Double, comparesCosts: Bool) -> [Inline] {
    let counts = ResultsDiff.Change.allCases.map { change -> Inline in
      let text: Inline = "\(change.rawValue) \(diff.judgements(change).count)"
      return change == .worse && !diff.judgements(change).isEmpty ? "**\(text)**" : text
    }
    var lines: [Inline] = [
      """
      Judgements on live ABIs: \(diff.comparedJudgements) claims, loss scenarios and clauses are in both; \
      \(Inline(counts, separator: ", ")).
      """
    ]
    if comparesCosts {
      let (slower, faster) = (diff.slower(threshold).count, diff.faster(threshold).count)
      let increased = diff.regressions(threshold: threshold).count
      let text: Inline = "increased \(increased)"
      lines.append(
        """
        Costs: \(diff.rows.count) rows are in both; \(increased > 0 ? "**\(text)**" : text) and decreased \
        \(diff.improvements(threshold: threshold).count) by more than \(Format.decimal(threshold * 100, digits: 2)) %, \
        significantly after the correction for \(diff.family.count) tests; before it \(slower) and \(faster), of which about \
        \(Format.decimal(MannWhitney.significance * Double(diff.family.count), digits: 1)) by chance if nothing changed.
        """)
    } else if diff.units.base != diff.units.new {
      lines.append("Costs: not compared, since one run counts \(diff.units.base) and the other \(diff.units.new).")
    } else if !diff.rows.isEmpty {
      lines.append("Costs: not compared, since the conditions at the end of this page differ.")
    }
    return lines
  }

  private static func write(
    _ diff: ResultsDiff, _ changes: [ResultsDiff.Change], to document: inout MarkdownDocument
  ) {
    for change in changes {
      let judgements = diff.judgements(change)
      guard !judgements.isEmpty else { continue }
      document.heading(2, "\(change.rawValue.capitalizedFirst)")
      document.table(table(judgements))
    }
  }

  private static func table(_ judgements: [ResultsDiff.Judgement]) -> MarkdownTable {
    var table = MarkdownTable([.text("ABI"), .text("Subject"), .text("Base"), .text("New"), .text("Name")])
    for judgement in judgements {
      let names = judgement.names.map { Inline.code($0) }
      let reason: Inline = judgement.reason.map { " (\($0))" } ?? ""
      // The reason belongs to the run that did not decide.
      let isOld = [.decided, .new].contains(judgement.change)
      table.add([
        .code(judgement.backend), .text(judgement.subject), "\(Inline.optional(judgement.base))\(isOld ? reason : "")",
        "\(Inline.optional(judgement.new))\(isOld ? "" : reason)", Inline(names, separator: ", "),
      ])
    }
    return table
  }

  /// The judgements on models, which change with this program and not with a kernel: counts, and one list.
  private static func writeModels(_ diff: ResultsDiff, to document: inout MarkdownDocument) {
    let models = diff.judgements.filter { !$0.isLive }
    guard !models.isEmpty else { return }
    document.details("Models: \(models.count) differences, which do not count in the exit code") { document in
      document.list(
        models.map { judgement in
          let names = judgement.names.isEmpty ? "" : " (\(judgement.names.joined(separator: ", ")))"
          return """
            \(judgement.change.rawValue): \(code: judgement.backend), \(judgement.subject)\(names): \(Inline.optional(judgement.base)) → \
            \(Inline.optional(judgement.new))
            """
        })
    }
  }

  // MARK: Conditions

  private static func writeDifferences(_ diff: ResultsDiff, to document: inout MarkdownDocument) {
    for (title, isCondition) in [("Software under test that differs", false), ("Conditions that differ", true)] {
      let differences = diff.differences.filter { $0.isCondition == isCondition }
      guard !differences.isEmpty else { continue }
      document.heading(2, "\(title)")
      var table = MarkdownTable([.text("What"), .text("Base"), .text("New")])
      for difference in differences {
        table.add([.text(difference.name), Inline.optional(difference.base), Inline.optional(difference.new)])
      }
      document.table(table)
    }
  }

  // MARK: Costs

  private static func writeCosts(_ diff: ResultsDiff, _ threshold: Double, to document: inout MarkdownDocument) {
    document.heading(2, "Costs, new over base")
    document.paragraph(diff.family.note)
    document.spreadNote()
    let slower = Set(diff.slower(threshold).map(\.about))
    let faster = diff.faster(threshold)
    let named = slower.union(faster.map(\.about))
    if !faster.isEmpty {
      document.heading(3, "Decreased")
      document.table(table(diff, faster, threshold))
    }
    let others = diff.rows.filter { !named.contains($0.about) }
    if !others.isEmpty {
      document.heading(3, "Within the threshold, or not significant before the correction")
      document.table(table(diff, others, threshold))
    }
    if !diff.unmatched.isEmpty {
      document.paragraph("Not compared, because only one of the runs has them under these conditions:")
      document.list(diff.unmatched.map { "\($0.plainName), \($0.mode), \($0.operation), \(condition($0))" })
    }
  }

  private static func table(_ diff: ResultsDiff, _ rows: [ResultsDiff.Row], _ threshold: Double) -> MarkdownTable {
    let unit = diff.units.base
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Operation"), .text("Condition"), .number("n"),
      .number("base: median of trials (\(unit))"), .number("new: median of trials (\(unit))"),
      .number("new / base"), .number("p"), .text("Verdict"),
    ])
    for row in rows { table.add(cells(row, threshold, diff.family)) }
    return table
  }

  private static func cells(_ row: ResultsDiff.Row, _ threshold: Double, _ family: TestFamily) -> [Inline] {
    let comparison = row.comparison
    return [
      .code(row.about.plainName), .text(row.about.mode), .text(row.about.operation), .text(condition(row.about)),
      "\(comparison.base.count), \(comparison.other.count)", CostFormat.median(comparison.base),
      CostFormat.median(comparison.other), CostFormat.ratio(comparison), family.p(comparison),
      verdict(comparison, threshold, family),
    ]
  }

  private static func verdict(_ comparison: Comparison, _ threshold: Double, _ family: TestFamily) -> Inline {
    guard comparison.isSignificant, let ratio = comparison.ratio else { return "~" }
    if ratio > 1 + threshold { return family.isSignificant(comparison) ? "**slower**" : "slower, uncorrected" }
    if ratio < 1 - threshold { return family.isSignificant(comparison) ? "faster" : "faster, uncorrected" }
    return "within the threshold"
  }

  private static func condition(_ row: ResultsDiff.Cost.Name) -> String {
    row.growth.map { "\(row.condition), \($0.series.rawValue): \($0.level)" } ?? row.condition
  }
}
