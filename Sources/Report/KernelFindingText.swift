import Study

/// A finding of the kernel's log.
struct KernelFindingText {
  let finding: KernelFinding
  let index: Int
  let page: FrontPage

  /// N lines of a report are shown; the rest are in `results.json`.
  private static let linesShown = 14

  private var anchor: String { "kernel-\(index + 1)" }

  private var times: Inline { "\(finding.reports) \(markup: finding.reports == 1 ? "report" : "reports")" }

  /// The parts by back end: "double-acquire, put-twice (`lttng-modules`)".
  private func parts(upTo count: Int) -> Inline {
    let records = finding.occurrences.map(\.record).uniqued { $0 }
    let groups = records.grouped { $0.name(in: page.results).backend }.map { backend, records -> Inline in
      let shown = records.prefix(count).map { $0.link(page.results, page.anchors) }
      let rest = records.count - shown.count
      let list = Inline(shown + (rest > 0 ? ["\(rest) more"] : []), separator: ", ")
      return backend.map { "\(list) (\(code: $0))" } ?? list
    }
    return Inline(groups, separator: "; ")
  }

  private var cause: Inline { finding.undecided.map { "The cause is undecided: \($0)." } ?? "" }

  private var versions: String? { page.sightings?.text(of: finding, in: page.results) }

  /// The finding in a line, for the front page.
  var line: Inline {
    let title = FrontPage.cut(String(KernelFinding.withoutKind(finding.title)), to: 120)
    let others: Inline = page.versionDetail == .full ? versions.map { " *Other versions*: \($0)." } ?? "" : ""
    return """
      \(Inline.link("\(title)", to: anchor)): \(times), during \(parts(upTo: page.detail.parts)). \(cause)\(others)
      """
  }

  /// The whole finding.
  func write(to document: inout MarkdownDocument) {
    document.heading(3, "\(Severity.s1.rawValue) · \(finding.title)", anchor: anchor)
    var lines: [Inline] = ["*Observed* in the kernel's log: \(times), during \(parts(upTo: .max))."]
    if let first = finding.occurrences.first {
      let text: Inline = "\(first.cause.text)"
      lines.append("*Cause* of the first report: \(text). Its lines: \(code: first.record.path)")
    }
    if let note = finding.note(in: page.wording) {
      lines += ["*Cause* (note): \(Inline.cited(note.cause))", "*Upstream* (note): \(Inline.cited(note.status))"]
    }
    if let versions { lines.append("*Other versions*: \(versions).") }
    document.wrappedList(lines)
    guard let first = finding.occurrences.first else { return }
    document.codeBlock(
      first.log.firstLines(of: first.trouble, Self.linesShown).joined(separator: "\n"), language: "text")
  }
}

/// The lines of the kernel's log in a record.
struct KernelLogText {
  let log: KernelLogExcerpt

  /// N lines are shown; the rest are in `results.json`.
  private static let linesShown = 24

  /// The reports of trouble, each with its cause, and what is missing.
  var statements: [String] {
    log.troubles.map { trouble in
      let cause = trouble.kind.isFault ? "; \(log.cause(of: trouble).text)" : ""
      return "\(trouble.kind.rawValue): \(log.lines[trouble.headline].message)\(cause)"
    }
      + (log.taint.map {
        [
          "the kernel's taint changed from \(KernelLogResult.text(ofTaint: $0.before)) to \(KernelLogResult.text(ofTaint: $0.after))"
        ]
      } ?? []) + (log.overwritten.map { ["\($0) records were overwritten before they were read"] } ?? [])
  }

  /// The statements and the lines, as a reader unfolds them.
  func write(to document: inout MarkdownDocument) {
    document.list(statements.map { "Kernel log: \($0)" })
    guard !log.lines.isEmpty else { return }
    var text = log.lines.prefix(Self.linesShown).map(\.text)
    let rest = log.lines.count - text.count
    if rest > 0 { text.append("… and \(rest) more lines in results.json") }
    if let leftOut = log.leftOut { text.append("(\(leftOut) other lines of the kernel were not kept)") }
    document.paragraph("Kernel log, each line with its record, the µs since the part began, and its level:")
    document.codeBlock(text.joined(separator: "\n"), language: "text")
  }
}
