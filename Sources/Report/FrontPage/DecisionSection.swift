import Study

/// The questions of a designer against the live ABIs; each cell is an answer.
struct DecisionSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let rows = page.wording.decisions.filter { !page.answers.entries(of: $0.claim).isEmpty }
    guard !rows.isEmpty else { return }
    document.shortHeading(2, "Decision table", anchor: "decisions")
    var table = page.table([.text("Question")] + page.backends.map { .text(.code($0)) })
    for row in rows {
      let label = FrontPage.cut(row.text, to: 40)
      table.add(
        [page.claim(row.claim, label)]
          + page.backends.map { backend in
            guard let entry = page.answers[row.claim, backend] else { return .absent }
            return .text(
              page.cell(entry.result.shortCell, columns: page.backends.count, reserved: label.count + 12))
          })
    }
    document.table(table)
  }
}
