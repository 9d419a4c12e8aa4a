import Results

/// The argument of the front page as plain text, ready for a mail: `report.txt`.
package enum MailReport {
  /// The greatest length of a line, as Documentation/process/submitting-patches.rst asks for.
  static let width = 75
  /// The greatest number of lines.
  static let greatestLength = 100

  /// The text, with a newline at the end.
  package static func render(_ results: StudyResults, _ wording: Wording) -> String {
    let page = FrontPage(results, wording, anchors: Anchors(results), plots: [])
    var lines = ["Ring-buffer reader ABIs compared by experiment", ""]
    lines += scope(page)
    lines += section("What came out", HighlightsSection(page: page).sentences.map(\.plain))
    let end = references(wording)
    let differences = ComparisonSection(page: page).explainedDifferences.map(\.plain)
    let findings = page.kernelFindings.map(text) + page.findings.filter { $0.severity <= .s2 }.map(text)
    // Lines that do not fit are counted, the findings first.
    lines += fitted("Findings, S1 and S2", findings, into: greatestLength - lines.count - end.count - 24)
    lines += fitted("Differences, and their reasons", differences, into: greatestLength - lines.count - end.count)
    return (lines + end).map { $0.trimmingSuffix { $0 == " " } }.joined(separator: "\n") + "\n"
  }

  private static func scope(_ page: FrontPage) -> [String] {
    let live = page.results.backends.filter(\.isLive).map { backend in
      "\(backend.name): \(backend.version ?? "version not recorded"), \(backend.status.rawValue)"
    }
    let run = page.results.run
    return live.flatMap { wrap($0, bullet: true) }
      + wrap("Run of \(run.startedAt), profile \(run.profile), seed \(run.seed), abi-compare \(run.toolVersion).")
  }

  private static func text(_ finding: Finding) -> String {
    let workaround = finding.note.map { " Workaround: \($0.workaround ?? "none known.")" } ?? ""
    return
      "\(finding.severity.rawValue) \(finding.result.backend): \(finding.title). Observed: \(finding.result.answer ?? "").\(workaround)"
  }

  private static func text(_ finding: KernelFinding) -> String {
    "\(Severity.s1.rawValue) kernel log: \(finding.title); reports: \(finding.reports)."
  }

  private static func section(_ title: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["", title, ""] + items.flatMap { wrap($0, bullet: true) }
  }

  /// As many items as fit into a number of lines, and the number of the others.
  private static func fitted(_ title: String, _ items: [String], into lines: Int) -> [String] {
    for count in stride(from: items.count, through: 1, by: -1) {
      let rest = items.count - count
      let shown = Array(items.prefix(count)) + (rest > 0 ? ["\(rest) more in report.md"] : [])
      let text = section(title, shown)
      if text.count <= lines { return text }
    }
    return []
  }

  private static func references(_ wording: Wording) -> [String] {
    let mails = wording.mails.enumerated().flatMap { index, mail in
      ["[\(index + 1)] \(mail.subject), \(mail.date)", "    https://lore.kernel.org/r/\(mail.messageID)/"]
    }
    return (mails.isEmpty ? [] : ["", "References", ""] + mails)
      + ["", "Repeat a cell: abi-compare explain BACKEND/CLAIM results.json"]
  }

  private static func wrap(_ text: String, bullet: Bool = false) -> [String] {
    MarkdownDocument.wrap(text, first: bullet ? "- " : "", rest: bullet ? "  " : "", width: width)
      .split(separator: "\n").map(String.init)
  }
}
