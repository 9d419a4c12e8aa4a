import Study

/// The marks of probes and loss scenarios: how often each kind was reached on each back end, and which were not.
struct MarksSection: ReportSection {
  let results: Results
  let wording: Wording

  func write(to document: inout MarkdownDocument) {
    let records = MarkRecord.all(in: results, wording)
    guard !records.isEmpty else { return }
    document.heading(.marks)
    document.paragraph(
      """
      A mark is a point that a probe or a loss scenario must pass; without it the outcome is *undecided*. Each cell: the \
      number of probes and scenarios that reached it, of those that must.
      """)
    let backends = results.backendNames.filter { name in records.contains { $0.backend == name } }
    var table = MarkdownTable([.text("Mark")] + backends.map { .text(.text(results.plainLabel($0))) })
    for (_, kind) in records.grouped(by: \.id) {
      let cells = backends.map { backend -> Inline in
        let own = kind.filter { $0.backend == backend }
        return own.isEmpty ? .absent : "\(own.count(where: \.isReached)) of \(own.count)"
      }
      table.add([.text(kind[0].words)] + cells)
    }
    document.table(table)
    let missing = records.filter { !$0.isReached }
    guard !missing.isEmpty else { return document.paragraph("Every mark was reached.") }
    document.paragraph("Not reached:")
    document.list(
      missing.map { record in
        let machine: Inline = record.isOfMachine ? "; the machine decides it" : ""
        return "\(results.label(record.backend)): \(record.subject): \(record.words)\(machine)"
      })
  }
}
