import Results
import Study

/// An answer of a live ABI that matters to a consumer: it is not as expected, or a note ranks it.
struct Finding {
  /// The index of the record in ``StudyResults/probes``.
  var index: Int
  var result: ProbeResult
  var severity: Severity
  /// The note bound to this answer; `nil` if there is no note.
  var note: Note?

  /// The finding in a few words.
  var title: String { note?.title ?? "\(result.title): \(result.answer ?? result.outcome.rawValue)" }

  /// `true` if its note states that a later version does not have it.
  var isFixedLater: Bool { note?.status?.text.hasPrefix("Fixed") == true }

  /// The findings of a run on its live back ends, the most severe first, those as documented last among equals.
  ///
  /// Without a note an answer that contradicts its documentation is S3, and one that is not as assumed S4. An answer that
  /// was only assumed from another ABI and is a different one is a difference and no finding.
  static func all(in results: StudyResults, _ wording: Wording) -> [Finding] {
    let notes = Dictionary(grouping: wording.notes, by: \.claim)
    let found = results.probes.indices.compactMap { index in
      Finding(at: index, in: results, notes[results.probes[index].id] ?? [])
    }
    return (found.filter { $0.result.outcome != .asDocumented } + found.filter { $0.result.outcome == .asDocumented })
      .sorted(bySeverity: \.severity)
  }

  /// The finding of one record; `nil` if it is none.
  /// - Parameter notes: the notes, at least those of its claim.
  init?(at index: Int, in results: StudyResults, _ notes: [Note]) {
    let result = results.probes[index]
    guard results.isLive(result.backend), let answer = result.answer else { return nil }
    let ranked = Self.rank(
      result.id, answer, result.outcome, result.basis, abis: results.abis(of: result.backend), notes)
    guard let ranked else { return nil }
    (self.index, self.result, self.severity, self.note) = (index, result, ranked.severity, ranked.note)
  }

  /// The severity of an answer of a live ABI, and the note bound to it; `nil` if it is not a finding.
  /// - Parameters:
  ///   - abis: the ABIs that the back end is one of.
  ///   - notes: the notes, at least those of the claim.
  static func rank(
    _ claim: String, _ answer: String, _ outcome: ProbeResult.Outcome, _ basis: ProbeRecord.Basis, abis: [ABI],
    _ notes: [Note]
  ) -> (severity: Severity, note: Note?)? {
    let note = notes.first { $0.claim == claim && $0.answer == answer && abis.contains($0.abi) }
    return (note?.severity ?? unranked(outcome, basis)).map { ($0, note) }
  }

  private static func unranked(_ outcome: ProbeResult.Outcome, _ basis: ProbeRecord.Basis) -> Severity? {
    switch (outcome, basis) {
    case (.contradicts, _): .s3
    case (.notAsAssumed, .assumed): .s4
    default: nil
    }
  }
}

extension Severity {
  /// The number of findings of each severity with its definition.
  static func counts(_ severities: [Severity]) -> Inline {
    Inline(
      allCases.map { severity in
        "**\(severity.rawValue)** \(severity.meaning): \(severities.count { $0 == severity })"
      }, separator: "; ")
  }
}

extension Array {
  /// The elements by severity, the most severe first, equals in their order.
  func sorted(bySeverity severity: (Element) -> Severity) -> [Element] {
    Severity.allCases.flatMap { each in filter { severity($0) == each } }
  }
}

/// All findings in full, with proposed texts.
struct AllFindingsSection: ReportSection {
  static let hazardsAnchor = "hazards"

  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.append(Inline.anchor("all-findings").source())
    document.wrappedList(Severity.allCases.map { "*\($0.rawValue)*: \($0.meaning)." })
    for (index, finding) in page.kernelFindings.enumerated() {
      KernelFindingText(finding: finding, index: index, page: page).write(to: &document)
    }
    for finding in page.findings { FindingText(finding: finding, page: page).write(to: &document) }
    guard !page.hazards.isEmpty else { return }
    document.heading(2, "Known hazards that no probe of this run observes (notes)", anchor: Self.hazardsAnchor)
    for (backend, hazard, _) in page.hazards {
      document.heading(3, "\(hazard.severity.rawValue) · \(Inline.prose(hazard.title)) (\(code: backend))")
      var lines: [Inline] = [
        .prose(hazard.text), "*Versions*: \(Inline.prose(hazard.versions))", "*Source*: \(Inline.prose(hazard.source))",
      ]
      if let program = hazard.reproducer {
        lines.append("*Reproduce*: \(code: "Examples/second-opinions/\(program)").")
      }
      document.wrappedList(lines)
    }
  }
}

/// One finding.
struct FindingText {
  let finding: Finding
  let page: FrontPage

  /// The place of a finding on the page of findings.
  static func anchor(_ finding: Finding, _ anchors: Anchors) -> String { "finding-\(anchors.findings[finding.index])" }

  private var title: Inline { "\(finding.severity.rawValue) · \(finding.title)" }

  private var reproduction: Inline {
    let result = finding.result
    let probe: Inline = "\(code: "abi-compare probe \(result.id) --backend \(result.backend)")"
    return finding.note?.reproducer.map { "\(probe), or \(code: "Examples/second-opinions/\($0)")" } ?? probe
  }

  /// The author of the expectation.
  private var stated: String {
    finding.result.basis == .documented ? Format.cut(finding.result.source, to: 90) : "undocumented: the authors"
  }

  /// The whole finding, with the source of the expectation and the proposed text.
  func write(to document: inout MarkdownDocument) {
    let (result, note) = (finding.result, finding.note)
    document.heading(3, title, anchor: FindingText.anchor(finding, page.anchors))
    var lines: [Inline] = [
      """
      *Observed* on \(code: result.backend): \(result.title): **\(result.answer ?? "—")** (\(result.outcome.rawValue); \
      \(Inline.link("evidence", to: page.anchors.findings[finding.index]))).
      """,
      "*Expected* (\(result.basis.rawValue)): \(result.expectation). Source: \(result.source)",
    ]
    if let note {
      if let cause = note.cause { lines.append("*Cause* (note): \(Inline.cited(cause))") }
      lines.append("*Consequence* (note): \(Inline.prose(note.consequence))")
      lines.append("*Workaround* (note): \(Inline.prose(note.workaround ?? "none known."))")
      if let status = note.status { lines.append("*Upstream* (note): \(Inline.cited(status))") }
    } else {
      lines.append("No note explains this answer yet: cause, consequence and workaround are not established.")
    }
    if let versions = page.otherVersions?.text(of: finding) { lines.append("*Other versions*: \(versions).") }
    lines.append("*Reproduce*: \(reproduction).")
    document.wrappedList(lines)
    guard let patch = note?.patch else { return }
    document.paragraph("Proposed text (note):")
    document.codeBlock(patch, language: "diff")
  }

  /// The finding in one paragraph, for the front page.
  func writeShort(to document: inout MarkdownDocument) {
    let (result, note) = (finding.result, finding.note)
    document.heading(3, .link(title, to: FindingText.anchor(finding, page.anchors)))
    var text: Inline = """
      *Observed* on \(code: result.backend): \(result.title): **\(result.answer ?? "—")** (\(result.outcome.rawValue)). \
      *Expected*: \(result.expectation) (\(stated)).
      """
    if let note {
      if let cause = note.cause { text = "\(text) *Cause* (note): \(Inline.cited(cause))." }
      text = """
        \(text) *Consequence* (note): \(Inline.prose(note.consequence)) *Workaround* (note): \
        \(Inline.prose(note.workaround ?? "none known."))
        """
      if let status = note.status { text = "\(text) *Upstream* (note): \(Inline.cited(status))." }
    }
    let versions: Inline = page.versions(of: finding).map { " *Other versions*: \($0)." } ?? ""
    document.wrapped("\(text)\(versions) *Reproduce*: \(reproduction).")
  }

  /// The title and the answer, for a list.
  var observation: Inline {
    let result = finding.result
    let versions: Inline = page.versions(of: finding).map { " *Other versions*: \($0)." } ?? ""
    return """
      \(Inline.link("\(finding.title)", to: FindingText.anchor(finding, page.anchors))) (\(code: result.backend): \
      **\(result.answer ?? "—")**, \(result.outcome.rawValue)).\(versions)
      """
  }

  /// The finding in a line, for the front page.
  var line: Inline {
    var text = observation
    guard let note = finding.note else { return text }
    text = "\(text) \(Inline.prose(note.consequence)) *Workaround*: \(Inline.prose(note.workaround ?? "none known."))"
    guard let status = note.status, !status.isUnreported else { return text }
    return "\(text) *Upstream*: \(Inline.prose(status.text))."
  }
}
