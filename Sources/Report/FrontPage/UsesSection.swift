import Study

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
      parentheses those in which the reader ABI alone is.
      """)
    document.table(
      page.table(
        "Use", rows.map { row in (row.use.text, { link(row.use, $0) }, row.cells.map { $0 ?? "—" }) }, cut: 50))
  }

  private func link(_ use: Use, _ label: String) -> Inline {
    switch use.requirement {
    case .answer(let claim, _): page.claim(claim, label)
    case .exactLosses: .link("\(label)", to: ContentsSection.Section.losses.anchor)
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
