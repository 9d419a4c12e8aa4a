import Study

/// Each claim with its source, and what was observed of it on each back end.
struct EvidenceSection: ReportSection {
  /// So many observations are shown; the rest are in `results.json`.
  static let observationsShown = 10

  private typealias Finding = (index: Int, result: ProbeResult)

  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.evidence)
    guard !results.probes.isEmpty else { return document.paragraph("No probe was recorded.") }
    document.paragraph("A line with a triangle unfolds to what was observed; findings are unfolded.")
    let claims = results.probes.enumerated().map { Finding(index: $0.offset, result: $0.element) }
      .grouped { $0.result.id }
    for topic in Topic.allCases {
      for (id, findings) in claims where findings[0].result.topic == topic { write(id, findings, to: &document) }
    }
  }

  private func write(_ id: String, _ findings: [Finding], to document: inout MarkdownDocument) {
    document.heading(3, distinct(findings, \.title), anchor: anchors.claims[id])
    let topic = findings[0].result.topic
    var lines: [Inline] = [
      "Claim: \(code: id), about \(Inline.link("\(topic.rawValue)", to: anchors.topics[topic] ?? ""))"
    ]
    for (name, value) in [("Question", \ProbeResult.question), ("Source", \.source), ("Procedure", \.procedure)] {
      lines.append("\(name): \(distinct(findings, value))")
    }
    document.list(lines)
    let order = results.backendNames
    let sorted = order.flatMap { backend in findings.filter { $0.result.backend == backend } }
    for finding in sorted where !isBrief(finding.result) { write(finding, to: &document) }
    document.list(
      sorted.filter { isBrief($0.result) }.grouped { [$0.result.outcome.rawValue, $0.result.reason] }
        .map { brief($0.elements) })
  }

  /// What the records say of it; they agree where they were made from one catalogue.
  private func distinct(_ findings: [Finding], _ value: KeyPath<ProbeResult, String>) -> Inline {
    Inline(findings.grouped { $0.result[keyPath: value] }.map { .text($0.key) }, separator: " / ")
  }

  /// Whether there is nothing but a reason to tell.
  private func isBrief(_ result: ProbeResult) -> Bool { (result.outcome == .notTested || result.outcome == .doesNotApply) && result.evidence.isEmpty }

  /// Back ends that have the same reason, in one line.
  private func brief(_ findings: [Finding]) -> Inline {
    let names = findings.map {
      "\(Inline.anchor(anchors.findings[$0.index]))\(results.label($0.result.backend))" as Inline
    }
    let result = findings[0].result
    let reason: Inline = result.reason.map { "\($0)" } ?? "no reason was recorded"
    return "\(Inline(names, separator: ", ")): \(result.outcome.rawValue): \(reason)"
  }

  private func write(_ finding: Finding, to document: inout MarkdownDocument) {
    let result = finding.result
    let summary: Inline = """
      \(Inline.anchor(anchors.findings[finding.index]))\(results.label(result.backend)): \(result.cell). Expected: \
      \(result.expectation)
      """
    document.details(summary, isOpen: results.isContradiction(finding.index)) { document in
      var lines: [Inline] = []
      if let failure = result.failure { lines.append("The probe did not come to its end: \(failure)") }
      if let reason = result.reason, reason != result.failure { lines.append("Reason: \(reason)") }
      if result.reason == nil, !result.isDecided {
        lines.append("No reason was recorded.")
      }
      if result.evidence.isEmpty { lines.append("No observation was recorded.") }
      document.list(lines)
      document.observations(result.evidence, path: "probes[\(finding.index)].evidence")
    }
  }
}

extension MarkdownDocument {
  /// The first observations, and where the others are; nothing where there are none.
  /// - Parameter path: where they are in `results.json`.
  mutating func observations(_ observations: [Observation], path: String) {
    guard !observations.isEmpty else { return }
    table(of: Array(observations.prefix(EvidenceSection.observationsShown)), heading: "Observed")
    let rest = observations.count - EvidenceSection.observationsShown
    if rest > 0 { paragraph("… and \(rest) more in `results.json`, \(code: path).") }
  }
}
