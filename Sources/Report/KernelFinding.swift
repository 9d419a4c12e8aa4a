import Study

/// Trouble that the kernel's log reports during parts of a run on live back ends: a finding of severity S1.
struct KernelFinding {
  /// A record of the results that has lines of the kernel's log.
  enum Record: Hashable {
    /// A record of ``Results/probes``, by its index.
    case probe(Int)
    /// A record of ``Results/losses``, by its index.
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
  static func all(in results: Results) -> [KernelFinding] {
    occurrences(in: results).filter { $0.trouble.kind.isFault && $0.cause != .others }
      .grouped { title(of: $0) }.map { KernelFinding(title: $0.key, occurrences: $0.elements) }
  }

  /// All trouble in the log, that of others and reports of lost events included.
  static func occurrences(in results: Results) -> [Occurrence] {
    logs(of: results).flatMap { record, log in
      log.troubles.map { Occurrence(record: record, log: log, trouble: $0, cause: log.cause(of: $0)) }
    }
  }

  /// The records with lines of the kernel's log.
  static func logs(of results: Results) -> [(record: Record, log: KernelLogExcerpt)] {
    let probes = results.probes.enumerated().compactMap { index, probe in
      probe.kernelLog.map { (Record.probe(index), $0) }
    }
    let losses = results.losses.enumerated().compactMap { index, loss in loss.kernelLog.map { (Record.loss(index), $0) }
    }
    let parts = results.kernelLog?.parts ?? []
    return probes + losses + parts.enumerated().map { (.part($0), $1.log) }
  }

  /// The text of a report: its kind and headline, without what differs between reports of one place.
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
  func name(in results: Results) -> (part: String, backend: String?) {
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
  func link(_ results: Results, _ anchors: Anchors) -> Inline {
    let label: Inline = "\(name(in: results).part)"
    switch self {
    case .probe(let index): return .link(label, to: anchors.findings[index])
    case .loss(let index): return .link(label, to: anchors.losses[index])
    case .part: return .link(label, to: ContentsSection.Section.kernelLog.anchor)
    }
  }
}
