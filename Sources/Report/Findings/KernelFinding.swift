import Results
import Study

/// Trouble that the kernel's log reports during parts of a run on live back ends: a finding of severity S1.
struct KernelFinding {
  /// A record of the results that has lines of the kernel's log.
  enum Record: Hashable {
    /// A record of ``StudyResults/probes``, by its index.
    case probe(Int)
    /// A record of ``StudyResults/losses``, by its index.
    case loss(Int)
    /// A record of ``KernelLogResult/parts``, by its index.
    case part(Int)
  }

  /// Trouble in the lines of one record.
  struct Occurrence {
    var record: Record
    var log: KernelLogExcerpt
    var trouble: KernelTrouble
    var cause: KernelLogCause
  }

  /// The trouble in a few words, with its place in the kernel's source if the log names it.
  var title: String
  /// The occurrences, in the order of the results.
  var occurrences: [Occurrence]

  /// The number of reports in the log. A report whose cause is undecided occurs in the record of each part that ran.
  var reports: Int { Set(occurrences.map { $0.log.lines[$0.trouble.headline].sequence }).count }

  /// The reason why the cause of some reports is undecided; `nil` if all are attributed.
  var undecided: String? {
    occurrences.lazy.compactMap { if case .undecided(let reason) = $0.cause { reason } else { nil } }.first
  }

  /// The findings of a run: reports of one kind and place are one, those caused by others none.
  static func all(in results: StudyResults) -> [KernelFinding] {
    occurrences(in: results).filter { $0.trouble.kind.isFault && $0.cause != .others }
      .grouped { title(of: $0) }.map { KernelFinding(title: $0.key, occurrences: $0.elements) }
  }

  /// All trouble in the log, that of others and reports of lost events included.
  static func occurrences(in results: StudyResults) -> [Occurrence] {
    logs(of: results).flatMap { record, log in
      log.troubles.map { Occurrence(record: record, log: log, trouble: $0, cause: log.cause(of: $0)) }
    }
  }

  /// The records with lines of the kernel's log.
  static func logs(of results: StudyResults) -> [(record: Record, log: KernelLogExcerpt)] {
    let probes = results.probes.enumerated().compactMap { index, probe in
      probe.kernelLog.map { (Record.probe(index), $0) }
    }
    let losses = results.losses.enumerated().compactMap { index, loss in loss.kernelLog.map { (Record.loss(index), $0) }
    }
    let parts = results.kernelLog?.parts ?? []
    return probes + losses + parts.enumerated().map { (.part($0), $1.log) }
  }

  /// The text of a report: its kind and headline, without the parts that differ between reports of one place.
  static func title(of occurrence: Occurrence) -> String {
    let headline = occurrence.log.lines[occurrence.trouble.headline].message
      .replacing(#/CPU: \d+ PID: \d+ /#, with: "").replacing(#/, CPU#\d+: .+/\d+$/#, with: "")
      .replacing(#/\+0x[0-9a-f]+/0x[0-9a-f]+/#, with: "").replacing(#/: at /#, with: " at ")
      // "WARNING: FILE:LINE at FUNCTION" since Linux 6.19, "WARNING: CPU: N PID: M at FILE:LINE FUNCTION" before.
      .replacing(#/^WARNING: (\S+:\d+) at /#) { "WARNING at \($0.output.1) " }
      .replacing(#/\b[0-9a-f]{12,16}\b/#, with: "…").replacing(#/(task .+|\[.+):\d+/#) { $0.output.1 }
    return "\(occurrence.trouble.kind.rawValue): \(headline)"
  }
}

extension KernelLogCause {
  /// The cause in a sentence's end.
  var text: String {
    switch self {
    case .part: "its thread is of the part"
    case .others: "its thread is of another part or program"
    case .undecided(let reason): "the cause is undecided: \(reason)"
    }
  }
}

extension KernelFinding.Record {
  /// The name of the part, and its back end.
  func name(in results: StudyResults) -> (part: String, backend: String?) {
    switch self {
    case .probe(let index): (results.probes[index].id, results.probes[index].backend)
    case .loss(let index):
      ("\(results.losses[index].scenario), \(results.losses[index].mode)", results.losses[index].backend)
    case .part(let index):
      results.kernelLog?.parts.flatMap { $0.indices.contains(index) ? ($0[index].part, $0[index].backend) : nil }
        ?? ("", nil)
    }
  }

  /// The place in `results.json`.
  var path: String {
    switch self {
    case .probe(let index): "probes[\(index)].kernelLog"
    case .loss(let index): "losses[\(index)].kernelLog"
    case .part(let index): "kernelLog.parts[\(index)].log"
    }
  }

  /// A link to the record, as far as a page has it.
  func link(_ results: StudyResults, _ anchors: Anchors) -> Inline {
    let label: Inline = "\(name(in: results).part)"
    switch self {
    case .probe(let index): return .link(label, to: anchors.findings[index])
    case .loss(let index): return .link(label, to: anchors.losses[index])
    case .part: return LinkedSection.kernelLog.link(label)
    }
  }
}

/// The reports of one trouble in the kernel's log.
package struct TroubleReports: Codable, Sendable, Hashable {
  /// Their number.
  package var reports: Int
  /// `true` if all came during measurements, or loss scenarios in which writer and reader run at the same time: a log without
  /// them shows nothing.
  package var isByChance: Bool
  /// The claims and, as "mode, scenario", the loss scenarios during which they came; a log decides nothing of the reports
  /// if none of these was made. Sorted.
  package var parts: [String]

  /// The name of a loss scenario among ``parts``.
  static func part(_ name: MatrixLossName) -> String { "\(name.mode), \(name.scenario)" }

  static func + (one: TroubleReports, other: TroubleReports) -> TroubleReports {
    TroubleReports(
      reports: one.reports + other.reports, isByChance: one.isByChance && other.isByChance,
      parts: Set(one.parts + other.parts).sorted())
  }
}

extension StudyResults {
  /// Trouble in the kernel's log during parts of a back end, or of several together, by title.
  ///
  /// The titles lack numbers of lines, which differ between versions.
  /// - Returns: `nil` if the log was not read, so that nothing is known.
  func kernelTroubles(of backend: String) -> [String: TroubleReports]? {
    guard let log = self.kernelLog, log.unreadable == nil else { return nil }
    let found = KernelFinding.all(in: self).compactMap { finding -> (title: String, reports: TroubleReports)? in
      var own = finding
      own.occurrences = finding.occurrences.filter { occurrence in
        let name = occurrence.record.name(in: self).backend
        return name == nil || name == backend
      }
      let isByChance = own.occurrences.allSatisfy { occurrence in
        switch occurrence.record {
        case .probe: false
        case .loss(let index): losses[index].isConcurrent
        case .part: true
        }
      }
      return own.occurrences.isEmpty
        ? nil
        : (
          finding.titleWithoutLines,
          TroubleReports(
            reports: own.reports, isByChance: isByChance, parts: Set(own.occurrences.compactMap(part)).sorted())
        )
    }
    return Dictionary(found.map { ($0.title, $0.reports) }, uniquingKeysWith: +)
  }

  /// The part during which trouble came; `nil` if it was no claim and no loss scenario.
  private func part(_ occurrence: KernelFinding.Occurrence) -> String? {
    switch occurrence.record {
    case .probe(let index): probes[index].id.bounded
    case .loss(let index): TroubleReports.part(MatrixLossName(losses[index]))
    case .part: nil
    }
  }
}

extension KernelFinding {
  /// A title without the kind of the trouble, which the kernel's own words repeat: "WARNING at", "BUG:".
  static func withoutKind(_ title: String) -> Substring {
    let kind = [KernelTrouble.Kind.warning, .bug].map { "\($0.rawValue): " }.first { title.hasPrefix($0) }
    return title.dropFirst(kind?.count ?? 0)
  }

  /// The title as it is compared between versions: without the number of a line of the source, "ring_buffer.c" for
  /// "ring_buffer.c:1234", and without the directory that lttng-modules up to 2.15 is built from.
  var titleWithoutLines: String {
    title.replacing(#/(\.[chS]):\d+/#) { $0.output.1 }.replacing(" at src/lib/", with: " at lib/")
  }

  /// The explanation of a report.
  func note(in wording: Wording) -> LogNote? { wording.logNote(titled: titleWithoutLines) }
}

/// A finding of the kernel's log.
struct KernelFindingText {
  let finding: KernelFinding
  let index: Int
  let page: FrontPage

  /// The number of lines of a report that are shown; the rest are in `results.json`.
  private static let linesShown = 14

  private var anchor: String { "kernel-\(index + 1)" }

  private var times: Inline { .text(Format.count(finding.reports, "report")) }

  /// The parts by back end: "double-acquire, put-twice (`lttng-modules`)".
  private func parts(upTo count: Int) -> Inline {
    let records = finding.occurrences.map(\.record).uniqued()
    let groups = records.grouped { $0.name(in: page.results).backend }.map { backend, records -> Inline in
      let shown = records.prefix(count).map { $0.link(page.results, page.anchors) }
      let rest = records.count - shown.count
      let list = Inline(shown + (rest > 0 ? ["\(rest) more"] : []), separator: ", ")
      return backend.map { "\(list) (\(code: $0))" } ?? list
    }
    return Inline(groups, separator: "; ")
  }

  private var cause: Inline { finding.undecided.map { "The cause is undecided: \($0)." } ?? "" }

  private var versions: String? { page.otherVersions?.text(of: finding, in: page.results) }

  /// The finding in a line, for the front page.
  var line: Inline {
    let title = Format.cut(String(KernelFinding.withoutKind(finding.title)), to: 120)
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

  /// The number of lines that are shown; the rest are in `results.json`.
  private static let linesShown = 24

  /// The reports of trouble, each with its cause, and the gaps of the log.
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
