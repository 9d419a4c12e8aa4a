import Study

/// For each back end and mode, the steps to the most exact count, and what is wrong with it all the same.
struct LossRecipesTable: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let recipes = LossSubject.all(of: results).compactMap { subject in
      recipe(of: subject).map { (subject: subject, recipe: $0) }
    }
    guard !recipes.isEmpty else { return }
    document.heading(3, "The best that a reader can do")
    document.paragraph(
      """
      What the sources of this tool do to find out what was lost, and the error that remains, over the scenarios in which \
      events were lost and those in which none was.
      """)
    for (subject, recipe) in recipes {
      document.paragraph("**\(results.label(subject.backend)), \(subject.mode)**")
      document.list([
        "With each hand-over: \(Inline(recipe.withEachHandover.map { .text($0) }, separator: "; ")).",
        "In total: \(Inline(recipe.inTotal.map { .text($0) }, separator: "; ")).",
        "Remaining error, with each hand-over added up: \(error(of: subject, \.handoverLosses))",
        "Remaining error, in total: \(error(of: subject, \.recipe))",
        "Remaining error, in total and by the reader ABI alone: \(error(of: subject, \.readerABI))",
      ])
    }
  }

  private func recipe(of subject: LossSubject) -> LossRecipe? {
    results.backend(subject.backend)?.lossRecipes.first { $0.mode == subject.mode }
  }

  private func error(of subject: LossSubject, _ total: KeyPath<LossJudgement, ChannelVerdict>) -> Inline {
    let verdicts = subject.rows.map { (row: $0, verdict: $0.judgement[keyPath: total]) }
    let right = verdicts.count { $0.verdict.relation == .exact || $0.verdict.relation == .nothingLost }
    let wrong = verdicts.filter { $0.verdict.relation != .exact && $0.verdict.relation != .nothingLost }
    let parts: [Inline] = wrong.grouped { $0.verdict.relation }.map { relation, entries in
      let worst = entries.max { ($0.verdict.difference ?? 0) < ($1.verdict.difference ?? 0) }
      let by: Inline =
        worst.flatMap { worst in
          worst.verdict.difference.map { " by at most \($0) (\(worst.row.result.scenario))" }
        } ?? ""
      let names = entries.map(\.row.result.scenario)
      let shown: Inline = names.count > 4 ? "" : ": \(Inline(names.map { .text($0) }, separator: ", "))"
      return "*\(relation.rawValue)* in \(entries.count)\(by)\(worst?.verdict.difference == nil ? shown : "")"
    }
    return parts.isEmpty
      ? "none in \(right) scenarios." : "none in \(right) scenarios, \(Inline(parts, separator: ", "))."
  }
}
