import Results

/// The questions that the live ABIs answer alike, those that they answer differently, and the reasons that their designers
/// gave.
struct ComparisonSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    guard page.backends.count > 1 else { return }
    let claims = page.answers.claims
    let same = claims.filter { if case .same = page.answers.comparison(of: $0) { true } else { false } }
    let different = claims.filter { page.answers.comparison(of: $0) == .different }
    guard !same.isEmpty || !different.isEmpty else { return }
    document.shortHeading(2, "Similarities, differences, reasons", anchor: "comparison")
    document.wrapped(
      """
      Computed from the answers: \(same.count) questions are answered alike by every live ABI that answers them, \
      \(different.count) differently. \(LinkedSection.claims.link("All of them")).
      """)
    // Answers that most ABIs share come first.
    let common = prominent(same).grouped { page.answers.groups(of: $0).first?.backends.count ?? 0 }
      .sorted { $0.key > $1.key }.flatMap(\.elements)
    write(similarities: common, to: &document)
    write(differences: prominent(different), to: &document)
  }

  /// The claims with those first that a designer asks about.
  private func prominent(_ claims: [String]) -> [String] {
    let first = page.wording.rationales.map(\.claim) + page.wording.decisions.map(\.claim)
    return (first + claims).uniqued().filter(Set(claims).contains)
  }

  private func title(_ claim: String) -> String { page.answers.entries(of: claim).first?.result.title ?? claim }

  private func write(similarities claims: [String], to document: inout MarkdownDocument) {
    guard !claims.isEmpty else { return }
    let shown = min(claims.count, page.detail.similarities)
    document.heading(3, shown == claims.count ? "Same answer" : "Same answer, \(shown) of \(claims.count)")
    var table = FrontPage.table([.text("Question"), .text("Answer"), .text("ABIs")])
    for claim in claims.prefix(page.detail.similarities) {
      guard let group = page.answers.groups(of: claim).first else { continue }
      table.add([
        page.claim(claim, Format.cut(title(claim), to: 62)), .text(Format.cut(group.answer, to: 36)),
        group.backends.count == page.backends.count ? "all" : .text(group.backends.joined(separator: ", ")),
      ])
    }
    document.table(table)
  }

  private func write(differences claims: [String], to document: inout MarkdownDocument) {
    guard !claims.isEmpty else { return }
    document.heading(3, "Different answers, and why")
    let reasons = claims.compactMap(explained)
    let abis = page.backends.flatMap { page.results.abis(of: $0) }
    for design in page.wording.sharedDesigns where !reasons.isEmpty && abis.contains(design.abi) {
      document.wrapped("*Note*: \(Inline.cited(design.text))")
    }
    document.wrappedList(Array(reasons.prefix(page.detail.reasons)))
    let hidden = reasons.count - page.detail.reasons
    let more: Inline =
      hidden > 0 ? "\(hidden) more with a stated reason: \(Inline.link("reasons", to: Self.reasonsAnchor)). " : ""
    let others = claims.filter { rationale(of: $0) == nil }
    let shown = others.filter { claim in page.wording.decisions.contains { $0.claim == claim } }
    let rest = others.count - shown.count
    let unstated =
      shown.map { page.claim($0, title($0)) }
      + (rest > 0 ? ["\(rest) \(LinkedSection.claims.link("others"))"] : [])
    let reasonless: Inline =
      unstated.isEmpty
      ? "" : "Reason not stated by the designers, as far as the authors found: \(Inline(unstated, separator: "; "))."
    if hidden > 0 || !unstated.isEmpty { document.wrapped("\(more)\(reasonless)") }
  }

  /// The differences whose reason the designers stated.
  var explainedDifferences: [Inline] {
    prominent(page.answers.claims.filter { page.answers.comparison(of: $0) == .different }).compactMap(explained)
  }

  private static let reasonsAnchor = "reasons"

  /// Every difference whose reason the designers stated.
  var allReasons: NotesSection {
    NotesSection(
      title: "Differences whose reason the designers stated (notes)", anchor: Self.reasonsAnchor,
      notes: explainedDifferences)
  }

  private func explained(_ claim: String) -> Inline? {
    rationale(of: claim).map { rationale in
      "\(page.claim(claim, title(claim))): \(answers(claim)). *Reason*: \(Inline.cited(rationale.text))"
    }
  }

  private func answers(_ claim: String) -> Inline {
    Inline(page.answers.groups(of: claim).map { "\($0.answer) (\(page.names($0.backends)))" }, separator: "; ")
  }

  /// The reason that is bound to the answers of this run.
  private func rationale(of claim: String) -> Rationale? {
    page.wording.rationales.first { rationale in
      rationale.claim == claim
        && page.answers.entries(of: claim).allSatisfy { entry in
          let expected = page.results.abis(of: entry.result.backend).lazy.compactMap { rationale.answers[$0] }.first
          return expected == nil || expected == entry.result.answer
        }
        && page.answers.entries(of: claim).count { entry in
          page.results.abis(of: entry.result.backend).contains { rationale.answers[$0] == entry.result.answer }
        } > 1
    }
  }
}

/// The changes of a design after its review: answers of a model of an earlier posting that differ from the live ABI.
struct HistorySection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let all = page.wording.changes
    let changes =
      all.filter { $0.claim != nil }.compactMap(text)
      + all.filter { $0.claim == nil }.prefix(page.detail.changes).compactMap(text)
    guard !changes.isEmpty else { return }
    document.shortHeading(2, "What changed between v11 and the merged ABI", anchor: "history")
    document.wrapped(
      """
      v11 (January 2024) was never released: its answers come from a model that the authors wrote after the posting, which \
      no kernel validates. Changes of the layout are notes.
      """)
    document.wrappedList(changes)
    if all.count(where: { $0.claim == nil }) > page.detail.changes {
      document.wrapped("All changes: \(Inline.link("models", to: Self.allAnchor)).")
    }
  }

  private static let allAnchor = "changes"

  /// All changes that the answers of this run show, and those that no answer shows.
  var all: NotesSection {
    NotesSection(
      title: "Changes since the posting of v11", anchor: Self.allAnchor, notes: page.wording.changes.compactMap(text))
  }

  /// A change, if the two answers of this run show it; a change that no answer shows is a note.
  private func text(_ change: DesignChange) -> Inline? {
    guard let claim = change.claim else {
      return "\(Inline.prose(change.text.text)) (note: \(Inline.prose(change.text.source)))"
    }
    for model in page.results.backends where !model.isLive && model.abis.count > 1 {
      guard let live = model.modelOf, page.backends.contains(live) else { continue }
      let table = AnswerTable(page.results, on: [model.name, live])
      guard let before = table[claim, model.name]?.result, let after = table[claim, live]?.result,
        let old = before.answer, let new = after.answer, old != new
      else { continue }
      return """
        \(page.claim(claim, after.title)): \(old) (model of v11), \(new) (\(code: live)). \(Inline.cited(change.text))
        """
    }
    return nil
  }
}

/// Notes in full, of which the front page shows the first ones.
struct NotesSection: ReportSection {
  let title: Inline
  let anchor: String
  let notes: [Inline]

  func write(to document: inout MarkdownDocument) {
    guard !notes.isEmpty else { return }
    document.heading(2, title, anchor: anchor)
    document.wrappedList(notes)
  }
}
