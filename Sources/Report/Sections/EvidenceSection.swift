import Study

/// The claims of one topic, each with its source and all observations on some back ends.
struct EvidenceSection: ReportSection {
  private typealias Entry = AnswerTable.Entry

  let results: Results
  let anchors: Anchors
  let answers: AnswerTable
  let topic: Topic
  /// `true` if the anchors of claims are here; evidence of models is on a page of its own, and links to them.
  var hasClaimAnchors = true

  func write(to document: inout MarkdownDocument) {
    for id in answers.claims where answers.entries(of: id).first?.result.topic == topic { write(id, to: &document) }
  }

  private func write(_ id: String, to document: inout MarkdownDocument) {
    let entries = answers.entries(of: id)
    guard let claim = entries.first?.result else { return }
    if hasClaimAnchors {
      document.heading(3, distinct(entries, \.title), anchor: anchors.claims[id])
      var lines: [Inline] = ["Claim: \(code: id)"]
      for (name, value) in [("Question", \ProbeResult.question), ("Source", \.source), ("Procedure", \.procedure)] {
        lines.append("\(name): \(distinct(entries, value))")
      }
      document.list(lines)
    } else {
      document.heading(3, .link("\(claim.title)", to: anchors.claims[id] ?? ""))
    }
    for entry in entries where !isBrief(entry.result) { write(entry, to: &document) }
    document.list(
      entries.filter { isBrief($0.result) }.grouped { [$0.result.outcome.rawValue, $0.result.reason] }
        .map { brief($0.elements) })
  }

  /// The text of the records; they agree if they were made from one catalogue.
  private func distinct(_ entries: [Entry], _ value: KeyPath<ProbeResult, String>) -> Inline {
    Inline(entries.grouped { $0.result[keyPath: value] }.map { .text($0.key) }, separator: " / ")
  }

  /// `true` if a record has a reason and nothing else.
  private func isBrief(_ result: ProbeResult) -> Bool {
    (result.outcome == .notTested || result.outcome == .doesNotApply) && result.evidence.isEmpty
  }

  /// Back ends with the same reason, in one line.
  private func brief(_ entries: [Entry]) -> Inline {
    let names = entries.map {
      "\(Inline.anchor(anchors.findings[$0.index]))\(results.label($0.result.backend))" as Inline
    }
    let result = entries[0].result
    let reason: Inline = result.reason.map { "\($0)" } ?? "no reason was recorded"
    return "\(Inline(names, separator: ", ")): \(result.outcome.rawValue): \(reason)"
  }

  private func write(_ entry: Entry, to document: inout MarkdownDocument) {
    let result = entry.result
    let answer: Inline =
      result.answer.map { "<b>\($0)</b> (\(result.outcome.rawValue))" } ?? "\(result.outcome.rawValue)"
    let summary: Inline = """
      \(Inline.anchor(anchors.findings[entry.index]))\(results.label(result.backend)): \(answer). Expected: \
      \(result.expectation)
      """
    document.details(summary, isOpen: results.isContradiction(entry.index)) { document in
      var lines: [Inline] = ["\(code: "probes[\(entry.index)]"); \(code: explain(result))"]
      if let failure = result.failure { lines.append("The probe did not finish: \(failure)") }
      if let reason = result.reason, reason != result.failure { lines.append("Reason: \(reason)") }
      if result.reason == nil, !result.isDecided { lines.append("No reason was recorded.") }
      if result.evidence.isEmpty { lines.append("No observation was recorded.") }
      document.list(lines)
      if !result.evidence.isEmpty { document.table(of: result.evidence, heading: "Observed") }
      if let log = result.kernelLog { KernelLogText(log: log).write(to: &document) }
    }
  }

  private func explain(_ result: ProbeResult) -> String {
    "abi-compare explain \(Format.shell(["\(result.backend)/\(result.id)"])) results.json"
  }
}
