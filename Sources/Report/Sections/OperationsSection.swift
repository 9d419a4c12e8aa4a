import Study

/// One round of reading on each ABI, the calls of the same step side by side.
struct OperationsSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(2, "Operations side by side")
    let recorded = Set(results.operations.map(\.backend))
    let backends = results.backendNames.filter(recorded.contains)
    guard !backends.isEmpty else { return document.paragraph("No round of reading was recorded.") }

    let steps = OperationRecord.Step.allCases.filter { step in results.operations.contains { $0.step == step } }
    var table = MarkdownTable([.text("Step")] + backends.map { .text(.code($0)) })
    for step in steps {
      table.add(["\(step.rawValue)"] + backends.map { cell(step, $0) })
    }
    document.paragraph(
      """
      Each cell: the number of the call in the round, the call as it was made, `=` what it returned, and below it what \
      it brought about. `—`: no call was recorded in that step.
      """)
    if backends.contains(where: { !isComplete($0) }) {
      document.paragraph("`?`: no call was recorded in that step, on a back end whose round did not run to the end.")
    }
    document.table(table)
    let absent = results.backendNames.filter { !recorded.contains($0) }
    if !absent.isEmpty {
      document.paragraph("No round was recorded on \(Inline(absent.map { .code($0) }, separator: ", ")).")
    }
  }

  private func isComplete(_ backend: String) -> Bool { results.status(of: backend) == .ran }

  private func cell(_ step: OperationRecord.Step, _ backend: String) -> Inline {
    let calls = results.operations.filter { $0.backend == backend }.enumerated().filter { $0.element.step == step }
    // A failed back end may have the call and not have come to it: that must not read as "no such call".
    guard !calls.isEmpty else { return isComplete(backend) ? Inline.absent : "?" }
    let lines = calls.flatMap { index, record in
      ["\(index + 1). \(code: record.call) = \(code: record.result)" as Inline]
        + record.effects.map { "· \($0.name): \(code: $0.value)" as Inline }
    }
    return Inline(lines, separator: "<br>")
  }
}
