import Results

/// One round of reading on each ABI, the calls of the same step side by side.
struct OperationsSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.operations)
    let (backends, others) = results.backendNames(recordedIn: results.operations.map(\.backend))
    guard !backends.isEmpty else { return document.paragraph("No round of reading was recorded.") }

    let steps = OperationRecord.Step.allCases.filter { step in results.operations.contains { $0.step == step } }
    var table = MarkdownTable([.text("Step")] + backends.map { .text(results.columnHeading($0)) })
    for step in steps {
      table.add(["\(step.rawValue)"] + backends.map { cell(step, $0) })
    }
    document.paragraph(
      """
      Each cell: the number of the record in the round, the call, `=` its result, and below it its effects. `—`: no call was \
      recorded in that step.
      """)
    if backends.contains(where: { !isComplete($0) }) {
      document.paragraph("`?`: no call was recorded in that step, on a back end whose round was not completed.")
    }
    document.table(table)
    writeDiagrams(of: backends, to: &document)
    if !others.isEmpty {
      document.paragraph("No round was recorded on \(results.labels(others)).")
    }
  }

  private func writeDiagrams(of backends: [String], to document: inout MarkdownDocument) {
    document.paragraph("The same round as a diagram for each back end:")
    for backend in backends {
      document.details("\(results.label(backend)), call by call") { document in
        let records = results.operations.filter { $0.backend == backend }
        document.codeBlock(
          SequenceDiagram(backend: results.plainLabel(backend), records: records).source, language: "mermaid")
      }
    }
  }

  private func isComplete(_ backend: String) -> Bool { results.backend(backend)?.status == .ran }

  private func cell(_ step: OperationRecord.Step, _ backend: String) -> Inline {
    let calls = results.operations.filter { $0.backend == backend }.enumerated().filter { $0.element.step == step }
    // A failed back end may have the call and not have reached it.
    guard !calls.isEmpty else { return isComplete(backend) ? Inline.absent : "?" }
    let lines = calls.flatMap { index, record in
      ["\(index + 1). \(code: record.call) = \(code: record.result)" as Inline]
        + record.effects.map { "· \($0.name): \(code: $0.value)" as Inline }
    }
    return Inline(lines, separator: "<br>")
  }
}

/// One recorded round of reading as a sequence diagram in mermaid's notation, which hosts draw.
struct SequenceDiagram {
  /// The back end, for the heading of its lifeline.
  let backend: String
  /// The calls in the order in which they were made.
  let records: [OperationRecord]

  var source: String {
    var lines = ["sequenceDiagram"]
    if records.contains(where: isByWriter) { lines.append("  participant writer") }
    lines += ["  participant ring as \(MermaidEscape.text(backend))", "  participant reader"]
    for (index, record) in records.enumerated() {
      let caller = isByWriter(record) ? "writer" : "reader"
      lines.append("  \(caller)->>ring: \(MermaidEscape.text("\(index + 1). \(record.call)"))")
      lines.append("  ring-->>\(caller): \(MermaidEscape.text(record.result))")
      if !record.effects.isEmpty {
        let effects = record.effects.map { MermaidEscape.text("\($0.name): \($0.value)") }.joined(separator: "<br/>")
        lines.append("  Note over ring: \(effects)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func isByWriter(_ record: OperationRecord) -> Bool { record.step == .write }
}

/// Escapes text for a label of a mermaid diagram.
enum MermaidEscape {
  /// The characters without a meaning in mermaid and in the HTML that it makes of a label.
  private static let plain = Set(" -.,()[]/_+=!?'→…−–·|")

  /// The text, with everything else as an entity (`#59;`) and line ends as `<br/>`.
  ///
  /// A semicolon or a number sign ends a label, `%%` begins a comment or a directive, `$$` a formula; a colon before a
  /// number sign can be taken for a style (mermaid's `sequenceDiagram.jison` and `encodeEntities`).
  static func text(_ text: String) -> String {
    if text.isEmpty { return "(empty)" }
    return MarkdownEscape.lines(of: text).map { line in
      line.unicodeScalars.map { scalar in
        let isPlain =
          plain.contains(Character(scalar)) || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        return isPlain ? String(scalar) : "#\(scalar.value);"
      }.joined()
    }.joined(separator: "<br/>")
  }
}
