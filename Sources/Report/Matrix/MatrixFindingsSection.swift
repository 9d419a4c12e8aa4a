import Study

/// The findings by severity, with the versions that have them.
struct MatrixFindingsSection: ReportSection {
  let page: MatrixPage

  private typealias Entry = (subject: MatrixPage.Subject, finding: MatrixFinding)

  func write(to document: inout MarkdownDocument) {
    let entries = Severity.allCases.flatMap { severity in
      page.subjects.flatMap { subject in
        subject.findings.filter { $0.severity == severity }.map { (subject: subject, finding: $0) }
      }
    }
    guard !entries.isEmpty else { return }
    document.shortHeading(2, "Findings by severity", anchor: "findings")
    let counts = Severity.allCases.map { severity -> Inline in
      "**\(severity.rawValue)** \(severity.meaning): \(entries.count { $0.finding.severity == severity })"
    }
    document.wrapped("\(Inline(counts, separator: "; ")). Titles are notes, or the question with its answer.")
    writeDiffering(entries.filter { !$0.finding.isEverywhere }, to: &document)
    writeCommon(entries.filter(\.finding.isEverywhere), to: &document)
  }

  private func writeDiffering(_ entries: [Entry], to document: inout MarkdownDocument) {
    guard !entries.isEmpty else { return }
    document.heading(3, "In some versions only")
    var table = MarkdownTable([.text(""), .text("ABI"), .text("Finding"), .text("Versions")])
    table.greatestWidth = FrontPage.greatestRow
    var long: [Entry] = []
    for entry in page.shown(entries) {
      let name = entry.subject.abi.name
      let title = FrontPage.cut(entry.finding.title, to: 72)
      let severity = entry.finding.severity.rawValue
      let room = FrontPage.greatestRow - MatrixGrid.length([severity, name, title]) - 5
      if entry.finding.versions.count > room { long.append(entry) }
      table.add([
        .text(severity), .code(name), .text(title),
        .text(FrontPage.cut(entry.finding.versions, to: room)),
      ])
    }
    document.table(table)
    page.countRest(of: entries.count, "finding", in: &document)
    document.wrappedList(
      long.map { entry in
        """
        \(code: entry.subject.abi.name), *\(FrontPage.cut(entry.finding.title, to: 100))*: \
        \(FrontPage.cut(entry.finding.versions, to: 400)).
        """
      })
    let explained = entries.compactMap { entry in entry.finding.logNote.map { (title: entry.finding.title, note: $0) } }
    document.wrappedList(
      explained.uniqued { $0.title }.map { title, note in
        "*\(FrontPage.cut(title, to: 100))* (note): \(Inline.cited(note.cause)). \(Inline.cited(note.status))."
      })
  }

  /// The findings that no version is without: the severe ones by name, the others counted.
  private func writeCommon(_ entries: [Entry], to document: inout MarkdownDocument) {
    guard !entries.isEmpty else { return }
    document.heading(3, "In every version that decides")
    document.wrappedList(
      entries.grouped { [$0.finding.severity.rawValue, $0.subject.abi.name] }.map { key, own in
        let isNamed = own[0].finding.severity <= .s3
        let shown = isNamed ? page.shown(own) : []
        var texts = shown.map { "\(FrontPage.cut($0.finding.title, to: 100))" as Inline }
        if shown.count < own.count {
          texts.append("\(markup: isNamed ? "\(own.count - shown.count) more" : "\(own.count)") \(list)")
        }
        return "**\(key[0])** \(code: key[1]): \(Inline(texts, separator: "; "))."
      })
  }

  private var list: Inline { "(\(Inline.link("list", toFile: MatrixPage.unchangedFile)))" }
}
