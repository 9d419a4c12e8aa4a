import Results
import Study

/// The questions of a designer against the live ABIs; each cell is an answer.
struct DecisionSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let rows = page.wording.decisions.filter { !page.answers.entries(of: $0.claim).isEmpty }
    guard !rows.isEmpty else { return }
    document.shortHeading(2, "Decision table", anchor: "decisions")
    document.table(
      page.table(
        "Question",
        rows.map { row in
          let cells = page.backends.map { page.answers[row.claim, $0]?.result.shortCell ?? "—" }
          return (row.text, { page.claim(row.claim, $0) }, cells)
        }, cut: 40))
    document.wrapped(
      """
      *As reported*: after one plain loss; all scenarios: \(Inline.link("counting losses", to: "losses-at-a-glance")).
      """)
    guard page.detail.hasConsequences else {
      return document.wrapped(
        "Why a cell has no answer: \(LinkedSection.claims.link("claims and answers")).")
    }
    for backend in page.backends {
      let reasons = reasons(rows, on: backend)
      if !reasons.isEmpty { document.wrapped("No answer of \(code: backend): \(Inline(reasons, separator: "; ")).") }
    }
  }

  /// The questions without an answer and the reason, those with one reason together.
  private func reasons(_ rows: [DesignQuestion], on backend: String) -> [Inline] {
    let silent = rows.compactMap { row -> (reason: String, question: String)? in
      guard let result = page.answers[row.claim, backend]?.result, result.answer == nil, let reason = result.reason
      else { return nil }
      return (reason, row.text)
    }
    return silent.grouped(by: \.reason).map { reason, elements in
      "*\(Inline(texts: elements.map(\.question)))* (\(Inline.prose(shown(reason))))"
    }
  }

  /// The reason, or its first clause if the page has little room.
  private func shown(_ reason: String) -> String {
    if page.detail < .least { return reason }
    let end = [":", ";", " ("].compactMap { reason.firstRange(of: $0)?.lowerBound }.min() ?? reason.endIndex
    return String(reason[..<end])
  }
}

/// The purposes of consumers against the live ABIs; each cell follows from an answer or from the loss scenarios.
struct UsesSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let rows = page.wording.uses.map { use in (use: use, cells: page.backends.map { cell(use, on: $0) }) }
      .filter { $0.cells.contains { $0 != nil } }
    guard !rows.isEmpty else { return }
    document.heading(3, "Suitability by use")
    document.wrapped(
      """
      *yes* and *no* follow from the answer under the link. Losses: the scenarios in which the recipe is exact, and in \
      parentheses those in which the reader ABI alone is; those that an ABI cannot play are not counted, so that the whole \
      differs.
      """)
    document.table(
      page.table(
        "Use", rows.map { row in (row.use.text, { link(row.use, $0) }, row.cells.map { $0 ?? "—" }) }, cut: 50))
  }

  private func link(_ use: Use, _ label: String) -> Inline {
    switch use.requirement {
    case .answer(let claim, _): page.claim(claim, label)
    case .exactLosses: LinkedSection.losses.link("\(label)")
    }
  }

  /// `yes`, `no` with the answer, or the outcome of a question without an answer; `nil` if nothing was recorded.
  private func cell(_ use: Use, on backend: String) -> String? {
    switch use.requirement {
    case .answer(let claim, let accepted):
      guard let result = page.answers[claim, backend]?.result else { return nil }
      guard let answer = result.answer else { return result.outcome.rawValue }
      if accepted.contains(answer) { return "yes" }
      if accepted.contains(where: { answer.contains(": \($0)") }) { return "in part (\(answer))" }
      let refusal = Self.refusal(answer)
      return isFixed(claim, on: backend) && refusal.hasSuffix(")") ? "\(refusal.dropLast()); fixed later)" : refusal
    case .exactLosses(let mode):
      guard let subject = page.losses.first(where: { $0.backend == backend && $0.mode == mode }),
        !subject.lossy.isEmpty
      else { return nil }
      let (exact, all) = (subject.exact(\.recipe), subject.lossy.count)
      return "\(exact == all ? "yes" : "no"): \(exact) of \(all) (\(subject.exact(\.readerABI)))"
    }
  }

  /// `true` if a note states that a later version gives another answer.
  private func isFixed(_ claim: String, on backend: String) -> Bool {
    page.findings.contains { finding in
      finding.result.id == claim && finding.result.backend == backend && finding.isFixedLater
    }
  }

  /// `no` with an answer in parentheses, without the answer's own yes or no: "yes, missing packets" is "no (missing packets)".
  private static func refusal(_ answer: String) -> String {
    let rest = answer.split(maxSplits: 1) { ":,".contains($0) }.map(String.init)
    guard let first = rest.first, ["yes", "no"].contains(first) else { return "no (\(answer))" }
    return rest.count < 2 ? "no" : "no (\(rest[1].drop { $0 == " " }))"
  }
}

/// Advice to consumers, which follows from the answers of this run.
struct RulesSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let parts = page.backends.map { (backend: $0, rules: rules(of: $0)) }.filter { !$0.rules.isEmpty }
    guard !parts.isEmpty else { return }
    document.shortHeading(2, "Rules for a consumer (notes, each bound to an answer)", anchor: "rules")
    for (backend, rules) in parts {
      document.heading(3, .code(backend))
      document.wrappedList(
        rules.map { rule in
          "\(rule.isDo ? "**Do**" : "**Don't**" as Inline) \(Inline.prose(rule.text)) (\(page.claim(rule.claim, rule.answer)))"
        })
    }
  }

  private func rules(of backend: String) -> [Rule] {
    let abis = page.results.abis(of: backend)
    let all = page.wording.rules.filter { rule in
      abis.contains(rule.abi) && page.answers[rule.claim, backend]?.result.answer == rule.answer
    }
    return Array(all.prefix(page.detail.rules))
  }
}
