import Study

/// The contradictions within the results, if any.
struct ConsistencySection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let contradictions = Contradiction.all(in: results)
    guard !contradictions.isEmpty else { return }
    document.heading(2, "Contradictions in the results")
    document.paragraph(
      "**These records contradict themselves (\(contradictions.count)). The tables below show them as recorded.**"
    )
    document.list(contradictions.map { "\(code: $0.path): \($0.statement)" })
  }
}
