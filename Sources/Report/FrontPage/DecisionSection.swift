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
      let answers = page.backends.map { page.answers[row.claim, $0]?.result.shortCell ?? "—" }
      // The label is a link with a number.
      let cells = FrontPage.fitted(answers, reserved: label.count + 8)
      table.add([page.claim(row.claim, label)] + cells.map { .text($0) })
    }
    document.table(table)
  }
}
