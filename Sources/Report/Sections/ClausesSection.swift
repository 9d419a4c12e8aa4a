import Study

/// The clauses of the protocol, tested on each back end's source.
struct ClausesSection: ReportSection {
  private typealias Record = (index: Int, result: ClauseResult)

  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.clauses)
    guard !results.clauses.isEmpty else { return document.paragraph("No clause was tested.") }
    let recorded = Set(results.clauses.map(\.backend))
    let backends = results.backendNames.filter(recorded.contains)
    let records = results.clauses.enumerated().map { Record(index: $0.offset, result: $0.element) }
    document.paragraph(
      """
      Tests of this tool's own reader of each ABI, not of the ABI (`Sources/SubbufferSource/SubbufferSource.swift` contains \
      the clauses). In brackets: the number of ring buffers tested. `—`: no record for that back end.
      """)
    var table = MarkdownTable([.text("Clause")] + backends.map { .text(results.columnHeading($0)) })
    for (key, clause) in records.grouped(by: { "\($0.result.clause) \($0.result.title)" })
      .sorted(by: { $0.elements[0].result.clause < $1.elements[0].result.clause })
    {
      table.add(
        ["\(key)"]
          + backends.map { backend in
            let verdicts = clause.filter { $0.result.backend == backend }.map(cell)
            return verdicts.isEmpty ? Inline.absent : Inline(verdicts, separator: ", ")
          })
    }
    document.table(table)
    let absent = results.backendNames.filter { !recorded.contains($0) }
    if !absent.isEmpty { document.paragraph("No clause was tested on \(results.labels(absent)).") }
    let open = records.filter { $0.result.verdict != .kept }.sorted { $0.result.clause < $1.result.clause }
    guard !open.isEmpty else { return }
    document.heading(3, "Not kept, or not tested")
    for record in open where !record.result.evidence.isEmpty { write(record, to: &document) }
    document.list(
      open.filter(\.result.evidence.isEmpty)
        .grouped { ["\($0.result.clause)", $0.result.verdict.rawValue, $0.result.reason] }.map { brief($0.elements) })
  }

  private func cell(_ record: Record) -> Inline {
    let result = record.result
    let cases: Inline = result.cases == 0 ? "" : " (\(result.cases))"
    switch result.verdict {
    case .kept: return "kept\(cases)"
    case .broken: return "\(Inline.link("**broken**", to: anchors.clauses[record.index]))\(cases)"
    case .inconclusive, .notApplicable:
      return "\(Inline.link("\(result.verdict.rawValue)", to: anchors.clauses[record.index]))\(cases)"
    }
  }

  private func brief(_ records: [Record]) -> Inline {
    let names = records.map {
      "\(Inline.anchor(anchors.clauses[$0.index]))\(results.label($0.result.backend))" as Inline
    }
    let result = records[0].result
    let reason: Inline = result.reason.map { "\($0)" } ?? "no reason was recorded"
    return "\(Inline(names, separator: ", ")): clause \(result.clause), \(result.verdict.rawValue): \(reason)"
  }

  private func write(_ record: Record, to document: inout MarkdownDocument) {
    let result = record.result
    let verdict: Inline = result.verdict == .broken ? "<b>broken</b>" : "\(result.verdict.rawValue)"
    let summary: Inline = """
      \(Inline.anchor(anchors.clauses[record.index]))\(results.label(result.backend)): clause \(result.clause), \
      \(result.title): \(verdict)
      """
    document.details(summary, isOpen: result.verdict == .broken) { document in
      document.list(result.reason.map { ["Reason: \($0)"] } ?? [])
      if !result.evidence.isEmpty { document.table(of: result.evidence, heading: "Observed") }
    }
  }
}
