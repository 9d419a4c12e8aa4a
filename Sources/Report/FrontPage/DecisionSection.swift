import Study

/// The questions of a designer against the live ABIs; each cell is an answer.
struct DecisionSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let rows = page.wording.decisions.filter { !page.answers.entries(of: $0.claim).isEmpty }
    guard !rows.isEmpty else { return }
    document.shortHeading(2, "Decision table", anchor: "decisions")
    document.table(
      page.table(
        "Question",
        rows.map { row in
          let cells = page.backends.map { page.answers[row.claim, $0]?.result.shortCell ?? "—" }
          return (row.text, { page.claim(row.claim, $0) }, cells)
        }, cut: 40))
    document.wrapped(
      """
      *As reported*: after one plain loss; all scenarios: \(Inline.link("counting losses", to: "losses-at-a-glance")).
      """)
    guard page.detail.hasConsequences else {
      return document.wrapped(
        "Why a cell has no answer: \(Inline.link("claims and answers", to: ContentsSection.Section.claims.anchor)).")
    }
    for backend in page.backends {
      let reasons = reasons(rows, on: backend)
      if !reasons.isEmpty { document.wrapped("No answer of \(code: backend): \(Inline(reasons, separator: "; ")).") }
    }
  }

  /// The questions without an answer and the reason, those with one reason together.
  private func reasons(_ rows: [DesignQuestion], on backend: String) -> [Inline] {
    let silent = rows.compactMap { row -> (reason: String, question: String)? in
      guard let result = page.answers[row.claim, backend]?.result, result.answer == nil, let reason = result.reason
      else { return nil }
      return (reason, row.text)
    }
    return silent.grouped(by: \.reason).map { reason, elements in
      "*\(Inline(elements.map { .text($0.question) }, separator: ", "))* (\(Inline.prose(shown(reason))))"
    }
  }

  /// The reason, or its first clause if the page has little room.
  private func shown(_ reason: String) -> String {
    if page.detail < .least { return reason }
    let end = [":", ";", " ("].compactMap { reason.firstRange(of: $0)?.lowerBound }.min() ?? reason.endIndex
    return String(reason[..<end])
  }
}
