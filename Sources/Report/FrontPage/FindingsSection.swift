import Foundation
import Study

/// The findings by severity: the severe ones in full, the others in a row each.
struct FindingsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.shortHeading(2, "Findings by severity", anchor: "findings")
    guard !page.findings.isEmpty else {
      writeKernel(to: &document)
      return document.paragraph("Every decided answer of a live ABI is as expected, and no note ranks one.")
    }
    document.wrapped(
      """
      \(Severity.counts(page.findings.map(\.severity)))\(ofLog). Answers are observations; titles, consequences, workarounds and *Upstream* are \
      notes. Each finding with its expectation and source, cause, reproducer and proposed text: \
      \(Inline.link("findings", to: "all-findings")). A line with a workaround and without *Upstream*: no report was found, \
      and the newest version that was read is unchanged.\(versions)
      """)
    writeKernel(to: &document)
    for severity in Severity.allCases {
      let findings = page.findings.filter { $0.severity == severity }
      if severity == .s1, page.detail.hasParagraphs {
        for finding in findings { FindingText(finding: finding, page: page).writeShort(to: &document) }
      } else if severity <= .s2, !findings.isEmpty {
        document.heading(3, "\(severity.rawValue)")
        let isShort = severity == .s2 && !page.detail.hasConsequences
        document.wrappedList(
          findings.map { finding in
            let text = FindingText(finding: finding, page: page)
            return isShort ? text.observation : text.line
          })
      }
    }
    writeOthers(page.findings.filter { $0.severity > .s2 }, to: &document)
    writeFixed(to: &document)
    writeHazards(to: &document)
  }

  /// The kinds of trouble in the log, besides the counted findings.
  private var ofLog: Inline {
    page.kernelFindings.isEmpty
      ? "" : ", and in the kernel's log \(Format.count(page.kernelFindings.count, "kind")) of trouble (S1)"
  }

  /// Trouble that the kernel's log reports, as far as it fits.
  private func writeKernel(to document: inout MarkdownDocument) {
    guard !page.kernelFindings.isEmpty else { return }
    document.heading(
      3,
      "Trouble in the kernel's log (\(Severity.s1.rawValue)): \(Format.count(page.kernelFindings.count, "kind"))"
    )
    let texts = page.kernelFindings.enumerated().map { KernelFindingText(finding: $1, index: $0, page: page) }
    let rest = texts.count - Self.kernelFindingsShown
    document.wrappedList(
      texts.prefix(Self.kernelFindingsShown).map(\.line)
        + (rest > 0 ? ["\(rest) more: \(Inline.link("findings", to: "all-findings"))."] : []))
  }

  /// N kinds of trouble in the kernel's log are shown.
  private static let kernelFindingsShown = 6

  /// The definition of *seen in*, if there is a matrix.
  private var versions: Inline {
    guard let otherVersions = page.otherVersions, page.versionDetail != .none else { return "" }
    return " *Seen in*, *not in*: other versions, from a matrix of \(Format.count(otherVersions.runs, "run"))."
  }

  /// The findings that a later version does not have, by their notes.
  private func writeFixed(to document: inout MarkdownDocument) {
    let fixed = page.findings.compactMap { finding -> (backend: String, text: Inline)? in
      guard finding.isFixedLater, let note = finding.note, let status = note.status else { return nil }
      let isAbove = finding.severity == .s1 || finding.severity == .s2 && page.detail.hasConsequences
      return (finding.result.backend, "*\(Inline.prose(note.title))* (\(isAbove ? "above" : .prose(status.text)))")
    }
    guard !fixed.isEmpty else { return }
    document.heading(3, "Fixed upstream (notes)")
    document.wrappedList(
      fixed.grouped(by: \.backend).map { backend, elements in
        "\(code: backend): \(Inline(elements.map(\.text), separator: "; "))."
      })
  }

  /// The less severe findings: a row each, or a paragraph for each severity and ABI.
  private func writeOthers(_ findings: [Finding], to document: inout MarkdownDocument) {
    guard !findings.isEmpty else { return }
    document.heading(3, "S3 and S4")
    guard page.detail.hasRows else {
      return document.wrappedList(
        findings.grouped { [$0.severity.rawValue, $0.result.backend] }.map { key, findings in
          let shown = findings.prefix(findings[0].severity == .s4 ? page.detail.surprises : findings.count)
          var texts = shown.map { finding -> Inline in
            let versions = page.otherVersions?.missing(finding).map { " (\($0))" } ?? ""
            let shown = page.versionDetail == .none ? "" : versions
            if let note = finding.note { return "\(note.title)\(shown)" }
            let title = finding.result.title
            return "\(title)\(title.hasSuffix("?") ? "" : ":") *\(finding.result.answer ?? "")*\(shown)"
          }
          if shown.count < findings.count { texts.append("\(findings.count - shown.count) more") }
          return "**\(key[0])** \(code: key[1]): \(Inline(texts, separator: "; "))."
        })
    }
    let hasVersions = page.otherVersions != nil && page.versionDetail != .none
    var table = FrontPage.table(
      [.text(""), .text("ABI"), .text("Finding"), .text("Answer")] + (hasVersions ? [.text("Other versions")] : []))
    for finding in findings {
      let versions = page.versions(of: finding) ?? "—"
      table.add([
        .text(finding.severity.rawValue), .code(finding.result.backend),
        .text(Format.cut(finding.note?.title ?? finding.result.title, to: hasVersions ? 48 : 70)),
        .text(Format.cut(finding.result.shortCell, to: hasVersions ? 28 : 38)),
        .text(Format.cut(versions, to: 32)),
      ])
    }
    document.table(table)
  }

  /// The titles of the hazards of the ABIs that ran.
  private func writeHazards(to document: inout MarkdownDocument) {
    let hazards = page.hazards.filter { !$0.isShown }
    guard !hazards.isEmpty else { return }
    document.heading(
      3,
      """
      Known hazards that this run does not establish (notes; \(Inline.link("in full", to: AllFindingsSection.hazardsAnchor)))
      """)
    document.wrappedList(
      hazards.grouped { [$0.hazard.severity.rawValue, $0.backend] }.map { key, hazards in
        "**\(key[0])** \(code: key[1]): \(Inline(hazards.map { .prose($0.hazard.title) }, separator: "; "))."
      })
  }
}

/// All findings in full, with proposed texts.
struct AllFindingsSection: ReportSection {
  static let hazardsAnchor = "hazards"

  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.append(Inline.anchor("all-findings").source())
    document.wrappedList(Severity.allCases.map { "*\($0.rawValue)*: \($0.meaning)." })
    for (index, finding) in page.kernelFindings.enumerated() {
      KernelFindingText(finding: finding, index: index, page: page).write(to: &document)
    }
    for finding in page.findings { FindingText(finding: finding, page: page).write(to: &document) }
    guard !page.hazards.isEmpty else { return }
    document.heading(2, "Known hazards that no probe of this run observes (notes)", anchor: Self.hazardsAnchor)
    for (backend, hazard, _) in page.hazards {
      document.heading(3, "\(hazard.severity.rawValue) · \(Inline.prose(hazard.title)) (\(code: backend))")
      var lines: [Inline] = [
        .prose(hazard.text), "*Versions*: \(Inline.prose(hazard.versions))", "*Source*: \(Inline.prose(hazard.source))",
      ]
      if let program = hazard.reproducer {
        lines.append("*Reproduce*: \(code: "Examples/second-opinions/\(program)").")
      }
      document.wrappedList(lines)
    }
  }
}

/// One finding.
struct FindingText {
  let finding: Finding
  let page: FrontPage

  /// The place of a finding on the page of findings.
  static func anchor(_ finding: Finding, _ anchors: Anchors) -> String { "finding-\(anchors.findings[finding.index])" }

  private var title: Inline { "\(finding.severity.rawValue) · \(finding.title)" }

  private var reproduction: Inline {
    let result = finding.result
    let probe: Inline = "\(code: "abi-compare probe \(result.id) --backend \(result.backend)")"
    return finding.note?.reproducer.map { "\(probe), or \(code: "Examples/second-opinions/\($0)")" } ?? probe
  }

  /// The author of the expectation.
  private var stated: String {
    finding.result.basis == .documented ? Format.cut(finding.result.source, to: 90) : "undocumented: the authors"
  }

  /// The whole finding, with the source of the expectation and the proposed text.
  func write(to document: inout MarkdownDocument) {
    let (result, note) = (finding.result, finding.note)
    document.heading(3, title, anchor: FindingText.anchor(finding, page.anchors))
    var lines: [Inline] = [
      """
      *Observed* on \(code: result.backend): \(result.title): **\(result.answer ?? "—")** (\(result.outcome.rawValue); \
      \(Inline.link("evidence", to: page.anchors.findings[finding.index]))).
      """,
      "*Expected* (\(result.basis.rawValue)): \(result.expectation). Source: \(result.source)",
    ]
    if let note {
      if let cause = note.cause { lines.append("*Cause* (note): \(Inline.cited(cause))") }
      lines.append("*Consequence* (note): \(Inline.prose(note.consequence))")
      lines.append("*Workaround* (note): \(Inline.prose(note.workaround ?? "none known."))")
      if let status = note.status { lines.append("*Upstream* (note): \(Inline.cited(status))") }
    } else {
      lines.append("No note explains this answer yet: cause, consequence and workaround are not established.")
    }
    if let versions = page.otherVersions?.text(of: finding) { lines.append("*Other versions*: \(versions).") }
    lines.append("*Reproduce*: \(reproduction).")
    document.wrappedList(lines)
    guard let patch = note?.patch else { return }
    document.paragraph("Proposed text (note):")
    document.codeBlock(patch, language: "diff")
  }

  /// The finding in one paragraph, for the front page.
  func writeShort(to document: inout MarkdownDocument) {
    let (result, note) = (finding.result, finding.note)
    document.heading(3, .link(title, to: FindingText.anchor(finding, page.anchors)))
    var text: Inline = """
      *Observed* on \(code: result.backend): \(result.title): **\(result.answer ?? "—")** (\(result.outcome.rawValue)). \
      *Expected*: \(result.expectation) (\(stated)).
      """
    if let note {
      if let cause = note.cause { text = "\(text) *Cause* (note): \(Inline.cited(cause))." }
      text = """
        \(text) *Consequence* (note): \(Inline.prose(note.consequence)) *Workaround* (note): \
        \(Inline.prose(note.workaround ?? "none known."))
        """
      if let status = note.status { text = "\(text) *Upstream* (note): \(Inline.cited(status))." }
    }
    let versions: Inline = page.versions(of: finding).map { " *Other versions*: \($0)." } ?? ""
    document.wrapped("\(text)\(versions) *Reproduce*: \(reproduction).")
  }

  /// The title and the answer, for a list.
  var observation: Inline {
    let result = finding.result
    let versions: Inline = page.versions(of: finding).map { " *Other versions*: \($0)." } ?? ""
    return """
      \(Inline.link("\(finding.title)", to: FindingText.anchor(finding, page.anchors))) (\(code: result.backend): \
      **\(result.answer ?? "—")**, \(result.outcome.rawValue)).\(versions)
      """
  }

  /// The finding in a line, for the front page.
  var line: Inline {
    var text = observation
    guard let note = finding.note else { return text }
    text = "\(text) \(Inline.prose(note.consequence)) *Workaround*: \(Inline.prose(note.workaround ?? "none known."))"
    guard let status = note.status, !status.isUnreported else { return text }
    return "\(text) *Upstream*: \(Inline.prose(status.text))."
  }
}
