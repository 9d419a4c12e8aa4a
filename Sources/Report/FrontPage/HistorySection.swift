import Study

/// The changes of a design after its review: where a model of an earlier posting answers differently than the live ABI.
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
      document.wrapped("All changes: \(Inline.link("models", to: AllChangesSection.anchor)).")
    }
  }

  /// All changes that the answers of this run show, and those that no answer shows.
  var all: [Inline] { page.wording.changes.compactMap(text) }

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

/// Every change of the design, on the page of models.
struct AllChangesSection: ReportSection {
  static let anchor = "changes"

  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let changes = HistorySection(page: page).all
    guard !changes.isEmpty else { return }
    document.heading(2, "Changes since the posting of v11", anchor: Self.anchor)
    document.wrappedList(changes)
  }
}
