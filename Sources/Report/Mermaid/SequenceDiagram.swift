import Study

/// One recorded round of reading as a sequence diagram in mermaid's notation, which hosts draw.
struct SequenceDiagram {
  /// The back end, for the heading of its lifeline.
  let backend: String
  /// The calls in the order in which they were made.
  let records: [OperationRecord]

  /// The source of the diagram.
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
