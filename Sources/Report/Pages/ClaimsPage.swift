import Results
import Study

/// The answers to every claim on some back ends, topic by topic.
struct ClaimsSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  let answers: AnswerTable

  func write(to document: inout MarkdownDocument) {
    document.heading(.claims)
    guard !answers.claims.isEmpty else { return document.paragraph("No claim was put to a live back end.") }
    document.paragraph(
      """
      Each answer links to its evidence. =: all live ABIs that answer give the same answer; ≠: they differ. ✗: contradicts \
      the ABI's documentation; (✗): undocumented, and not as assumed. `—`: the claim has no record on that back end.
      """)
    let topics = Topic.allCases.compactMap { topic in
      let claims = answers.claims(of: topic)
      return claims.isEmpty ? nil : (topic: topic, claims: claims)
    }
    document.paragraph(
      Inline(
        topics.map {
          "\(Inline.link("\($0.topic.title)", to: anchors.topics[$0.topic] ?? "")) (\($0.claims.count))"
        },
        separator: " · "))
    for (topic, claims) in topics {
      document.heading(3, "\(topic.title.capitalizedFirst)", anchor: anchors.topics[topic])
      document.table(answers.table(of: claims, anchors, heading: results.columnHeading, hasComparison: true))
    }
  }
}

/// The claims of one topic, each with its source and all observations on some back ends.
struct EvidenceSection: ReportSection {
  private typealias Entry = AnswerTable.Entry

  let results: StudyResults
  let anchors: Anchors
  let answers: AnswerTable
  let topic: Topic
  /// `true` if the anchors of claims are here; evidence of models is on a page of its own, and links to them.
  var hasClaimAnchors = true

  func write(to document: inout MarkdownDocument) {
    for id in answers.claims(of: topic) { write(id, to: &document) }
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
    let result = entries[0].result
    return results.brief(
      entries.map { (anchors.findings[$0.index], $0.result.backend) }, result.outcome.rawValue, result.reason)
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

/// The catalogue of claims as a page of the documentation.
package enum ClaimsPage {
  /// The text of the page.
  package static func render(_ claims: [Claim]) -> String {
    var document = MarkdownDocument()
    document.heading(1, "Claims")
    document.paragraph(
      """
      The \(claims.count) claims and questions of the study, generated by `abi-compare list --markdown` from \
      `Sources/Study/Questions` and the folders of the ABIs. *Basis*: the source of an expectation, see [Methods](methods.md#probes). A version \
      of an ABI has a row of its own only if its expectation differs. *Must be reached*: the [marks](methods.md#probes) \
      without which the outcome is undecided.
      """)
    let topics = Topic.allCases.map { topic in (topic: topic, claims: claims.filter { $0.topic == topic }) }
      .filter { !$0.claims.isEmpty }
    document.list(
      topics.map { topic, claims in
        "\(Inline.link("\(topic.title.capitalizedFirst)", to: "topic-\(Format.slug(topic.title))")): \(claims.count)"
      })
    for (topic, claims) in topics {
      document.heading(2, "\(topic.title.capitalizedFirst)", anchor: "topic-\(Format.slug(topic.title))")
      for claim in claims { write(claim, to: &document) }
    }
    return LinkResolver([(file, document.source)]).resolve(document.source, on: file, .inline)
  }

  /// The name of the page, by which its links to itself are resolved.
  private static let file = "claims.md"

  private static func write(_ claim: Claim, to document: inout MarkdownDocument) {
    document.heading(3, "\(claim.title)", anchor: "claim-\(Format.slug(claim.id))")
    document.list(
      [
        "Claim: \(code: claim.id)", "Question: \(claim.question)", "Source: \(claim.source)",
      ] + procedures(of: claim) + (claim.notModelled.map { ["Models are not asked: \($0)"] } ?? []))
    var table = MarkdownTable([.text("ABI"), .text("Basis"), .text("Expected"), .text("Must be reached")])
    for (abi, expectation) in claim.expectations.sorted(by: { $0.key.name < $1.key.name }) {
      let text = [expectation.text, expectation.reason].compactMap(\.self).joined(separator: "; ")
      let marks = claim.marks(of: expectation)?.map(\.words).joined(separator: "; ") ?? ""
      table.add([
        .text(abi.name), .text(expectation.basis.rawValue), .text(text), marks.isEmpty ? .absent : .text(marks),
      ])
    }
    document.table(table)
  }

  /// The steps of a probe; those of each ABI if the question gives none.
  private static func procedures(of claim: Claim) -> [Inline] {
    if let procedure = claim.procedure { return ["Procedure: \(procedure)"] }
    let own = claim.expectations.filter { $0.value.procedure != nil }.sorted { $0.key.name < $1.key.name }
    return own.grouped { $0.value.procedure ?? "" }.map { procedure, abis in
      "Procedure (\(abis.map(\.key.name).joined(separator: ", "))): \(procedure)"
    }
  }
}

/// The answers of back ends to the claims, by claim.
struct AnswerTable {
  /// A record of a claim on a back end.
  struct Entry {
    /// Its index in ``StudyResults/probes``.
    var index: Int
    var result: ProbeResult
  }

  /// The answers of some back ends to one claim, compared.
  enum Comparison: Equatable {
    /// All decided answers are equal, and there are at least two.
    case same(String)
    /// At least two decided answers differ.
    case different
    /// Fewer than two back ends decided.
    case notComparable

    var mark: Inline {
      switch self {
      case .same: "="
      case .different: "≠"
      case .notComparable: ""
      }
    }
  }

  /// The back ends that are compared, in the order of the report.
  let backends: [String]
  /// The claims by their stable names, in the order of the records.
  let claims: [String]
  private let entries: [String: [String: Entry]]

  /// The answers of some back ends.
  /// - Parameter areApplicable: leaves out the claims that apply to none of them.
  init(_ results: StudyResults, on backends: [String], areApplicable: Bool = false) {
    self.backends = backends
    var entries: [String: [String: Entry]] = [:]
    var claims: [String] = []
    for (index, result) in results.probes.enumerated() where backends.contains(result.backend) {
      if entries[result.id] == nil { claims.append(result.id) }
      // Of two records on one back end the first counts; ``ResultsCheck`` lists the others.
      if entries[result.id]?[result.backend] == nil {
        entries[result.id, default: [:]][result.backend] = Entry(index: index, result: result)
      }
    }
    self.claims = claims.filter { id in
      !areApplicable || entries[id]?.values.contains { $0.result.outcome != .doesNotApply } == true
    }
    self.entries = entries
  }

  subscript(_ claim: String, _ backend: String) -> Entry? { entries[claim]?[backend] }

  /// The records of one claim in the order of the back ends.
  func entries(of claim: String) -> [Entry] { backends.compactMap { entries[claim]?[$0] } }

  /// The claims of one topic.
  func claims(of topic: Topic) -> [String] { claims.filter { entries(of: $0).first?.result.topic == topic } }

  /// A row for each claim: its title and the answers, each linked to its evidence.
  /// - Parameter hasComparison: `true` for a column that marks equal and different answers.
  func table(
    of claims: [String], _ anchors: Anchors, heading: (String) -> Inline, hasComparison: Bool = false
  ) -> MarkdownTable {
    let columns: [MarkdownTable.Column] =
      [.text("Claim")] + (hasComparison ? [.text("")] : []) + backends.map { .text(heading($0)) }
    var table = MarkdownTable(columns)
    for id in claims {
      guard let claim = entries(of: id).first?.result else { continue }
      let answers = backends.map { backend -> Inline in
        self[id, backend].map { .link("\($0.result.shortCell)", to: anchors.findings[$0.index]) } ?? .absent
      }
      let title = Inline.link("\(claim.title)", to: anchors.claims[id] ?? "")
      table.add([title] + (hasComparison ? [comparison(of: id).mark] : []) + answers)
    }
    return table
  }

  /// The back ends by their answer to one claim, the answers in the order in which they first occur.
  func groups(of claim: String) -> [(answer: String, backends: [String])] {
    entries(of: claim).compactMap { entry in entry.result.answer.map { (answer: $0, backend: entry.result.backend) } }
      .grouped(by: \.answer).map { ($0.key, $0.elements.map(\.backend)) }
  }

  /// The answers to one claim, compared.
  func comparison(of claim: String) -> Comparison {
    let groups = groups(of: claim)
    guard groups.reduce(0, { $0 + $1.backends.count }) > 1 else { return .notComparable }
    return groups.count == 1 ? .same(groups[0].answer) : .different
  }
}

extension StudyResults {
  /// The live back ends that ran, in the order of the report.
  var liveBackends: [String] { self.backends.filter { $0.isLive && $0.status == .ran }.map(\.name) }

  /// The ABIs of a back end, the most specific first.
  func abis(of backend: String) -> [ABI] { self.backend(backend)?.abis.map(ABI.init) ?? [] }
}

extension ProbeResult {
  /// The answer and its mark, or the outcome of a question without an answer.
  var shortCell: String { ProbeResult.shortCell(answer, outcome, self.basis) }

  /// An answer and its mark, or the outcome of a question without an answer.
  static func shortCell(_ answer: String?, _ outcome: Outcome, _ basis: ProbeRecord.Basis) -> String {
    answer.map { $0 + mark(outcome, basis) } ?? outcome.rawValue
  }

  /// The mark after an answer. An answer that is as expected has none, and so has one that differs from another ABI's: the
  /// answers show the difference.
  static func mark(_ outcome: Outcome, _ basis: ProbeRecord.Basis) -> String {
    switch (outcome, basis) {
    case (.contradicts, _): " ✗"
    case (.notAsAssumed, .assumed): " (✗)"
    default: ""
    }
  }
}

extension ProbeResult {
  /// The answer and the outcome, as a cell of a table shows them: "-EAGAIN; as documented".
  var cell: Inline {
    answer.map { "\($0); \(outcome.rawValue)" } ?? "\(outcome.rawValue)"
  }
}
