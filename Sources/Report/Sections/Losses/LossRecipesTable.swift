import Study

/// For each back end and mode, the recipe for the most exact count, and its remaining error.
struct LossRecipesTable: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let recipes = LossSubject.all(of: results).compactMap { subject in
      recipe(of: subject).map { (subject: subject, recipe: $0) }
    }
    guard !recipes.isEmpty else { return }
    document.heading(3, "Loss-counting recipe and its remaining error")
    document.paragraph(
      """
      The steps by which the sources of this tool count lost events, and the error that remains over the scenarios of the \
      mode, those with a loss and those without.
      """)
    for (subject, recipe) in recipes {
      document.paragraph("\(results.label(subject.backend)), *\(subject.mode)*:")
      document.list([
        "With each hand-over: \(Inline(recipe.withEachHandover.map { .text($0) }, separator: "; ")).",
        "In total: \(Inline(recipe.inTotal.map { .text($0) }, separator: "; ")).",
        "Remaining error of the sum over the hand-overs: \(error(of: subject, \.handoverLosses))",
        "Remaining error of the total: \(error(of: subject, \.recipe))",
        "Remaining error of the total by the reader ABI alone: \(error(of: subject, \.readerABI))",
      ])
    }
  }

  private func recipe(of subject: LossSubject) -> LossRecipe? {
    results.backend(subject.backend)?.lossRecipes.first { $0.mode == subject.mode }
  }

  private func error(of subject: LossSubject, _ total: KeyPath<LossJudgement, ChannelVerdict>) -> Inline {
    let verdicts = subject.rows.map { (row: $0, verdict: $0.judgement[keyPath: total]) }
    let exact = verdicts.count { $0.verdict.isLossExact }
    let silent = verdicts.count { $0.verdict.relation == .nothingLost }
    let wrong = verdicts.filter { !$0.verdict.isLossExact && $0.verdict.relation != .nothingLost }
    let parts: [Inline] = wrong.grouped { $0.verdict.relation }.map { relation, entries in
      let worst = entries.max { ($0.verdict.difference ?? 0) < ($1.verdict.difference ?? 0) }
      let by: Inline =
        worst.flatMap { worst in
          worst.verdict.difference.map { ", by at most \($0) (\(worst.row.result.scenario))" }
        } ?? ""
      let names = entries.map(\.row.result.scenario)
      let shown: Inline = names.count > 4 ? "" : ": \(Inline(names.map { .text($0) }, separator: ", "))"
      return "*\(relation.rawValue)* in \(entries.count)\(by)\(worst?.verdict.difference == nil ? shown : "")"
    }
    let lossy = subject.lossy.count
    let right: Inline =
      "none in \(exact) of \(lossy) scenarios with a loss and in \(silent) of \(subject.rows.count - lossy) without"
    return parts.isEmpty ? "\(right)." : "\(right); \(Inline(parts, separator: ", "))."
  }
}

extension ChannelVerdict {
  /// `true` if events were lost, and the number reported is the number lost, be it called an upper bound.
  var isLossExact: Bool { relation == .exact || relation == .upperBound && difference == 0 }
}
