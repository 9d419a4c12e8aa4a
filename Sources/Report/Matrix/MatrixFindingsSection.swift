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
    // Findings of one question together, where the most severe one is.
    let questions = entries.map(\.finding).grouped { finding in
      [finding.abi.name, finding.claim.isEmpty ? finding.title : finding.claim]
    }.map { $0.1 }
    document.wrappedList(page.shown(questions).map(text))
    page.countRest(of: questions.count, "question", in: &document)
  }

  /// The findings of a question: "**S1** `a`: *A title*: until 1 (not in 2). Another answer to it: *B title* (S2): since 2 …".
  private func text(_ findings: [MatrixFinding]) -> Inline {
    let texts = findings.enumerated().map { index, finding -> Inline in
      let title: Inline = "*\(FrontPage.cut(finding.title, to: 100))*\(finding.during)"
      let versions = FrontPage.cut(finding.versions(), to: 400)
      let note: Inline =
        finding.logNote.map { " *Note*: \(Inline.cited($0.cause)). \(Inline.cited($0.status))." } ?? ""
      return index == 0
        ? "**\(finding.severity.rawValue)** \(code: finding.abi.name): \(title): \(versions).\(note)"
        : "Another answer to it: \(title) (\(finding.severity.rawValue)): \(versions).\(note)"
    }
    return Inline(texts, separator: " ")
  }

  /// The findings that no version is without: the severe ones by name, the others counted.
  private func writeCommon(_ entries: [Entry], to document: inout MarkdownDocument) {
    guard !entries.isEmpty else { return }
    document.heading(3, "In every version that decides")
    document.wrappedList(
      entries.grouped { [$0.finding.severity.rawValue, $0.subject.abi.name] }.map { key, own in
        let isNamed = own[0].finding.severity <= .s3
        let shown = isNamed ? page.shown(own) : []
        var texts = shown.map { entry -> Inline in
          let open = entry.finding.has.indices.filter { entry.finding.has[$0] == nil }
          let undecided: Inline = open.isEmpty ? "" : " (not decided in \(entry.finding.abi.ranges(open)))"
          return "\(FrontPage.cut(entry.finding.title, to: 100))\(entry.finding.during)\(undecided)"
        }
        if shown.count < own.count {
          texts.append("\(markup: isNamed ? "\(own.count - shown.count) more" : "\(own.count)") \(list)")
        }
        return "**\(key[0])** \(code: key[1]): \(Inline(texts, separator: "; "))."
      })
  }

  private var list: Inline { "(\(Inline.link("list", toFile: MatrixPage.unchangedFile)))" }
}
