import Study

/// The findings by severity: the severe ones in full, the others in a row each.
struct FindingsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.heading(2, "Findings by severity", anchor: "findings")
    guard !page.findings.isEmpty else {
      return document.paragraph("Every decided answer of a live ABI is as expected, and no note ranks one.")
    }
    document.wrappedList(
      Severity.allCases.map { severity in
        "*\(severity.rawValue)*: \(severity.meaning): \(page.findings.count { $0.severity == severity })."
      })
    for finding in page.findings where finding.severity <= .s2 {
      FindingText(finding: finding, page: page).write(to: &document, isWhole: false)
    }
    let others = page.findings.filter { $0.severity > .s2 }
    guard !others.isEmpty else { return }
    document.heading(3, "S3 and S4")
    var table = page.table([.text("Finding"), .text("ABI"), .text("Answer"), .text("")])
    for finding in others {
      table.add([
        .link("\(FrontPage.cut(finding.note?.title ?? finding.result.title, to: 70))", to: FindingText.anchor(finding, page.anchors)),
        .code(finding.result.backend), .text(FrontPage.cut(finding.result.shortCell, to: 32)),
        .text(finding.severity.rawValue),
      ])
    }
    document.table(table)
    document.wrapped(
      "Each with its expectation, cause, workaround and reproducer: \(Inline.link("findings", to: "all-findings")).")
  }
}

/// All findings in full, with proposed texts.
struct AllFindingsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.append(Inline.anchor("all-findings").source())
    document.wrappedList(Severity.allCases.map { "*\($0.rawValue)*: \($0.meaning)." })
    for finding in page.findings { FindingText(finding: finding, page: page).write(to: &document, isWhole: true) }
  }
}

/// One finding.
struct FindingText {
  let finding: Finding
  let page: FrontPage

  /// The place of a finding on the page of findings.
  static func anchor(_ finding: Finding, _ anchors: Anchors) -> String { "finding-\(anchors.findings[finding.index])" }

  /// - Parameter isWhole: with the proposed text and the procedure, on the page of findings.
  func write(to document: inout MarkdownDocument, isWhole: Bool) {
    let (result, note) = (finding.result, finding.note)
    let anchor = FindingText.anchor(finding, page.anchors)
    let title: Inline = "\(finding.severity.rawValue) · \(finding.title)"
    document.heading(3, isWhole ? title : .link(title, to: anchor), anchor: isWhole ? anchor : nil)
    var lines: [Inline] = [
      """
      *Observed* on \(code: result.backend): \(result.title): **\(result.answer ?? "—")** (\(result.outcome.rawValue); \
      \(Inline.link("evidence", to: page.anchors.findings[finding.index]))).
      """,
      "*Expected*: \(result.expectation).\(isWhole || result.basis == .documented ? " Source: \(result.source)" : "")",
    ]
    if let note {
      if let cause = note.cause { lines.append("*Cause* (note): \(cause.text) (\(cause.source))") }
      lines.append("*Consequence* (note): \(note.consequence)")
      lines.append("*Workaround* (note): \(note.workaround ?? "none known.")")
      if let status = note.status { lines.append("*Upstream* (note): \(status.text) (\(status.source))") }
    } else {
      lines.append("No note explains this answer yet: cause, consequence and workaround are not established.")
    }
    var reproduce: Inline = "*Reproduce*: \(code: "abi-compare probe \(result.id) --backend \(result.backend)")"
    if let program = note?.reproducer {
      reproduce = "\(reproduce); without abi-compare: \(code: "Examples/second-opinions/\(program)")"
    }
    lines.append("\(reproduce).")
    if note?.patch != nil, !isWhole { lines.append("*Proposed text*: \(Inline.link("patch", to: anchor)).") }
    document.wrappedList(lines)
    if let patch = note?.patch, isWhole {
      document.paragraph("Proposed text (note):")
      document.codeBlock(patch, language: "diff")
    }
  }
}
