import Results
import Study

/// The number of subjects that did not change.
struct MatrixUnchangedSection: ReportSection {
  let page: MatrixPage

  func write(to document: inout MarkdownDocument) {
    let lines = page.subjects.filter { $0.abi.columns.count > 1 }.map { subject -> Inline in
      let (answers, losses) = (subject.answers, subject.losses)
      let costs = subject.costs.reduce(0) { $0 + $1.constant.count }
      let clauses = MatrixClauses(subject.abi)
      let parts = [
        "\(Format.count(answers.constant.count, "question")) with one answer",
        "\(Format.count(losses.comparable - losses.differing, "report")) of losses",
        Format.count(costs, "cost"),
        "\(Format.count(clauses.constant, "clause")) that no version breaks",
      ]
      return """
        \(code: subject.abi.name): \(Format.list(parts)); answered by one version only: \(answers.single.count); by none: \
        \(answers.never.count)\(clauses.text).
        """
    }
    guard !page.subjects.isEmpty else { return }
    document.shortHeading(2, "What did not change", anchor: "unchanged")
    document.wrappedList(lines)
    document.paragraph(
      "One by one, and the answers of ABIs of one version: \(Inline.link("list", toFile: MatrixPage.unchangedFile)).")
  }
}

/// The clauses of the protocol on one ABI over its versions: tests of this program's reader.
struct MatrixClauses {
  /// The number of clauses that no version breaks.
  let constant: Int
  /// The others: "; clause 3 broken in 6.16.3".
  let text: String

  init(_ abi: MatrixABI) {
    let numbers = Set(abi.columns.flatMap { $0.runs.flatMap(\.backend.clauses.keys) }).sorted()
    var constant = 0
    var text = ""
    for number in numbers {
      let broken = abi.columns.filter { $0.runs.contains { $0.backend.clauses[number] == .broken } }.map(\.title)
      if broken.isEmpty { constant += 1 } else { text += "; clause \(number) broken in \(Format.list(broken))" }
    }
    (self.constant, self.text) = (constant, text)
  }
}

/// Everything that did not change, one by one.
struct MatrixConstantsSection: ReportSection {
  let page: MatrixPage

  func write(to document: inout MarkdownDocument) {
    document.heading(1, "What did not change")
    document.paragraph(
      """
      \(Inline.link("What changed", toFile: MatrixPage.file)). *Versions*: the number of versions that answer. The findings \
      among the answers have their severity.
      """)
    for subject in page.subjects { write(subject, to: &document) }
  }

  private func write(_ subject: MatrixPage.Subject, to document: inout MarkdownDocument) {
    let (abi, answers) = (subject.abi, subject.answers)
    document.heading(2, "\(code: abi.name), \(abi.range)")
    let severities = Dictionary(
      firstOf: subject.findings.map { ([$0.claim, $0.answer], $0.severity.rawValue) })
    let rows = answers.constant + answers.single
    if !rows.isEmpty {
      document.heading(3, "Questions with one answer")
      var table = FrontPage.table([.text("Question"), .text("Answer"), .text(""), .number("Versions")])
      for row in page.shown(rows) {
        let answer = row.cells.lazy.compactMap(\.decided).first
        let severity = answer?.answer.flatMap { severities[[row.claim, $0]] } ?? ""
        let text = answer.map { ProbeResult.shortCell($0.answer, $0.outcome, $0.basis) } ?? ""
        table.add([
          .text(Format.cut(row.title, to: 66)), .text(Format.cut(text, to: 44)), .text(severity),
          "\(row.cells.count { $0.decided != nil })",
        ])
      }
      document.table(table)
      page.countRest(of: rows.count, "question", in: &document)
    }
    writeLosses(subject.losses, to: &document)
    for costs in subject.costs where !costs.constant.isEmpty {
      document.heading(3, "Costs in \(costs.unit) on \(page.name(of: costs.machine))")
      MatrixGrid(
        heading: costs.unit, versions: costs.versions,
        rows: page.shown(costs.constant).map {
          MatrixGrid.Row(label: $0.name, cells: $0.values.map { $0?.text ?? "—" })
        }
      ).write(to: &document)
      page.countRest(of: costs.constant.count, "cost", in: &document)
    }
    if !answers.never.isEmpty {
      document.heading(3, "Not answered by any version")
      page.writeList(answers.never, "question", to: &document) { row in
        let words = row.cells.flatMap(\.answers).map(\.outcome.rawValue).uniqued()
        return "\(Format.cut(row.title, to: 100)): \(words.joined(separator: ", "))"
      }
    }
  }

  private func writeLosses(_ losses: MatrixLosses, to document: inout MarkdownDocument) {
    guard !losses.constant.isEmpty else { return }
    document.heading(3, "Reports of losses")
    page.writeList(losses.constant, "row", to: &document) { row in
      let word = row.history.values.first ?? ""
      return """
        \(row.mode), \(Format.cut(row.channel, to: 60)): **\(Format.cut(word, to: 60))** in \
        \(row.scenarios.map { Format.cut($0, to: 60) }.joined(separator: ", "))
        """
    }
  }
}
