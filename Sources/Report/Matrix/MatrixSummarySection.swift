import Study

/// The changes in a few sentences. Each is a template that the matrix fills, or is left out.
struct MatrixSummarySection: ReportSection {
  let page: MatrixPage

  /// The number of findings that a sentence names.
  private static let mostNamed = 6

  func write(to document: inout MarkdownDocument) {
    let alone = page.subjects.filter { $0.abi.columns.count < 2 }.map {
      "\(code: $0.abi.name) (\($0.abi.range))" as Inline
    }
    let all =
      page.subjects.filter { $0.abi.columns.count > 1 }.flatMap(sentences)
      + (alone.isEmpty ? [] : ["One version only, so that nothing is compared: \(Inline(alone, separator: ", "))."])
    guard !all.isEmpty else { return }
    document.shortHeading(2, "What changed", anchor: "what-changed")
    document.wrappedList(all)
  }

  private func sentences(_ subject: MatrixPage.Subject) -> [Inline] {
    let (abi, answers) = (subject.abi, subject.answers)
    let losses = subject.losses.differing
    let costs = subject.costs.reduce(0) { $0 + $1.changed.count }
    let comparable = subject.losses.comparable
    let rows = subject.costs.reduce(0) { $0 + $1.rows.count }
    let parts: [Inline?] = [
      """
      answers differ in \(answers.changed.count) of the \(MatrixText.count(answers.comparable, "question")) that at least two \
      versions answered
      """,
      answers.varying.isEmpty ? nil : "unlike answers by runs of one version in \(answers.varying.count)",
      comparable == 0 ? "no report of losses is comparable" : "reports of losses differ in \(losses) of \(comparable)",
      rows == 0 ? "no cost was measured on two versions and one machine" : "costs differ in \(costs) of \(rows)",
    ]
    let summary: Inline = "\(code: abi.name), \(abi.range): \(Inline(parts.compactMap(\.self), separator: "; "))."
    let findings = subject.findings.filter { !$0.isEverywhere && $0.presence.values.contains(true) }
    func ofNewest(_ has: Bool?) -> [MatrixFinding] { findings.filter { ($0.has.last ?? nil) == has } }
    let (newest, older) = (ofNewest(true), ofNewest(false))
    let (newestClaims, olderClaims) = (Set(newest.map(\.claim)), Set(older.map(\.claim)))
    // Trouble in the log has no claim.
    func hadAnother(_ finding: MatrixFinding) -> Bool { !finding.claim.isEmpty && olderClaims.contains(finding.claim) }
    let gone = older.filter { $0.claim.isEmpty || !newestClaims.contains($0.claim) }
    let version = abi.columns.last?.title ?? ""
    return [summary] + named(gone, "Findings that \(code: abi.name) \(version) does not have any more")
      + named(
        newest.filter { !hadAnother($0) },
        "Findings of \(code: abi.name) \(version) that an older version does not have")
      + named(
        newest.filter(hadAnother),
        "Findings of \(code: abi.name) \(version) on questions whose older answers were findings, too")
      + named(ofNewest(nil), "Findings of older versions on which \(code: abi.name) \(version) does not decide")
  }

  private func named(_ findings: [MatrixFinding], _ title: Inline) -> [Inline] {
    guard !findings.isEmpty else { return [] }
    let shown = findings.prefix(min(Self.mostNamed, page.limit)).map { finding -> Inline in
      "*\(FrontPage.cut(finding.title, to: 80))* (\(finding.severity.rawValue)), \(FrontPage.cut(finding.versions(isBrief: true), to: 160))"
    }
    let rest: Inline = findings.count > shown.count ? "; \(findings.count - shown.count) more" : ""
    return ["\(title): \(Inline(shown, separator: "; "))\(rest) (\(Inline.link("findings", toFile: "#findings")))."]
  }
}
