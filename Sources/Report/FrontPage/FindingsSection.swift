import Foundation
import Results

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

  /// Writes the trouble that the kernel's log reports, as far as it fits.
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

  /// The number of kinds of trouble that are shown.
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
    if page.detail == .least {
      return document.wrapped(
        """
        Known hazards that this run does not establish (notes): \
        \(Inline.link("\(hazards.count)", to: AllFindingsSection.hazardsAnchor)).
        """)
    }
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
