import Study

/// Failures of the tool or of a basic guarantee, if any.
struct DefectsSection: ReportSection {
  let results: Results
  let anchors: Anchors
  func write(to document: inout MarkdownDocument) {
    let defects = results.defects
    guard !defects.isEmpty else { return }
    document.heading(2, "Defects")
    document.paragraph("**Failures of this tool or of a basic guarantee (\(defects.count)):**")
    document.list(defects.map(item))
  }

  private func item(_ defect: Defect) -> Inline {
    switch defect {
    case .backend(let index):
      let backend = results.backends[index]
      let reason: Inline = backend.reason.map { "\($0)" } ?? "no reason was recorded"
      return """
        \(results.label(backend.name)): \(Inline.link("failed", to: ContentsSection.Section.backends.anchor)): \
        \(reason)
        """
    case .loss(let index):
      let loss = results.losses[index]
      return """
        \(results.label(loss.backend)): \(Inline.link("\(loss.scenario), \(loss.mode)", to: anchors.losses[index])): \
        \(Inline((loss.judgement?.violations ?? []).map { .text($0) }, separator: "; "))
        """
    case .clause(let index):
      let clause = results.clauses[index]
      return """
        \(results.label(clause.backend)): \
        \(Inline.link("clause \(clause.clause), \(clause.title), broken", to: anchors.clauses[index]))
        """
    case .modelCheck(let index):
      let check = results.modelChecks[index]
      return """
        \(results.label(check.backend)): \
        \(Inline.link("violates its invariants in \(check.mode) mode", to: anchors.modelChecks[index]))
        """
    }
  }
}
