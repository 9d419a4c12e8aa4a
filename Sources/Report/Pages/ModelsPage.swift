import Results
import Study

/// The claims that a model answers differently from its live ABI.
struct ModelsSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  /// The findings of the live ABIs, whose notes name the cause of an answer.
  let findings: [Finding]

  func write(to document: inout MarkdownDocument) {
    document.heading(.models)
    let comparisons = results.backends.filter { !$0.isLive }.map { ModelComparison(of: $0, in: results) }
    guard !comparisons.isEmpty else { return document.paragraph("No model was recorded.") }
    for comparison in comparisons {
      guard let obstacle = comparison.obstacle else { continue }
      let live: Inline = comparison.live.map { ", a model of \(code: $0)" } ?? ""
      document.paragraph("\(code: comparison.model)\(live): \(obstacle).")
    }
    let compared = comparisons.filter { $0.obstacle == nil }
    guard !compared.isEmpty else { return }
    document.paragraph("Agreement of the models' answers with those of the live ABIs, in claims:")
    document.table(counts(of: compared))
    if compared.allSatisfy(\.disagreements.isEmpty) {
      document.paragraph("Every claim that was decided on both has the same answer on both.")
    } else {
      document.heading(3, "Different answers")
      document.table(disagreements(of: compared))
    }
    if compared.contains(where: { !$0.undecided.isEmpty }) {
      document.heading(3, "Not comparable")
      document.table(undecided(of: compared))
    }
  }

  private func counts(of comparisons: [ModelComparison]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Model"), .text("Model of"), .number("same answer"), .number("different answer"),
      .number("same answer, different expectation"), .number("not comparable"),
    ])
    for each in comparisons {
      table.add([
        .code(each.model), .code(each.live ?? ""), "\(each.agreements)", "\(each.disagreements.count)",
        "\(each.unlike)", "\(each.undecided.reduce(0) { $0 + $1.count })",
      ])
    }
    return table
  }

  private func disagreements(of comparisons: [ModelComparison]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Claim"), .text("Model"), .text("on the model"), .text("on the live ABI"), .text("Expected"),
      .text("Reason, source"),
    ])
    for each in comparisons {
      for pair in each.disagreements {
        let (model, live) = (results.probes[pair.model], results.probes[pair.live])
        table.add([
          .link("\(model.title)", to: anchors.claims[model.id] ?? ""), .code(each.model), verdict(pair.model),
          verdict(pair.live),
          model.hasExpectation(of: live)
            ? "of both: \(model.expectation)"
            : "of the model: \(model.expectation)<br>of the live ABI: \(live.expectation)",
          reason(pair),
        ])
      }
    }
    return table
  }

  /// The cause of the live ABI's answer, if a note states it, and the sources of the claims.
  private func reason(_ pair: ModelComparison.Pair) -> Inline {
    let (model, live) = (results.probes[pair.model], results.probes[pair.live])
    let sources = (model.source == live.source ? [live.source] : [model.source, live.source]).map { Inline.text($0) }
    let source: Inline = "source of the claim: \(Inline(sources, separator: "; "))"
    guard let cause = findings.first(where: { $0.index == pair.live })?.note?.cause else { return source }
    return "note: \(Inline.cited(cause))<br>\(source)"
  }

  private func verdict(_ index: Int) -> Inline {
    .link(results.probes[index].cell, to: anchors.findings[index])
  }

  private func undecided(of comparisons: [ModelComparison]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Model"), .text("on the model"), .text("on the live ABI"), .number("Claims"),
    ])
    for each in comparisons {
      for kind in each.undecided {
        let labels = [kind.model, kind.live].map { label in label.map { "\($0.rawValue)" as Inline } ?? "no record" }
        table.add([.code(each.model)] + labels + ["\(kind.count)"])
      }
    }
    return table
  }
}

/// The answers of the models, claim by claim.
struct ModelAnswersSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  let answers: AnswerTable

  func write(to document: inout MarkdownDocument) {
    guard !answers.claims.isEmpty else { return }
    document.heading(2, "Answers of the models")
    document.paragraph("Questions that apply to no model are left out.")
    document.table(answers.table(of: answers.claims, anchors, heading: Inline.code))
  }
}

/// The verdicts on a model next to those on the live back end that it is a model of.
struct ModelComparison {
  /// A claim that both back ends have a record of, by the indices of the records.
  struct Pair {
    var model: Int
    var live: Int
  }

  /// Claims without a decision on both, with their outcomes.
  struct UndecidedClaims: Equatable {
    /// The outcome on the live back end; `nil` if it has no record.
    var live: ProbeResult.Outcome?
    /// The outcome on the model; `nil` if it has no record.
    var model: ProbeResult.Outcome?
    var count: Int
  }

  let model: String
  /// The live back end; `nil` if the model names none.
  let live: String?
  /// Decided on both against the same expectation, and alike.
  private(set) var agreements = 0
  /// Decided on both, and not alike.
  private(set) var disagreements: [Pair] = []
  /// Decided on both and alike, against different expectations.
  private(set) var unlike = 0
  /// Not decided on both.
  private(set) var undecided: [UndecidedClaims] = []
  /// The reason why nothing can be compared; `nil` if the model is compared.
  let obstacle: String?

  init(of model: BackendResult, in results: StudyResults) {
    self.model = model.name
    live = model.modelOf
    guard let live else {
      obstacle = "it names no back end that it is a model of"
      return
    }
    let index = { (backend: String) in
      Dictionary(
        firstOf: results.probes.enumerated().filter { $0.element.backend == backend }.map { ($0.element.id, $0.offset) }
      )
    }
    let (onModel, onLive) = (index(model.name), index(live))
    guard results.isLive(live), !onLive.isEmpty else {
      obstacle = "no live back end to compare with"
      return
    }
    obstacle = nil
    var counts: [[ProbeResult.Outcome?]] = []
    for id in results.probes.map(\.id).uniqued() {
      let pair = (model: onModel[id], live: onLive[id])
      guard pair.model != nil || pair.live != nil else { continue }
      if let ours = pair.model, let theirs = pair.live, results.probes[ours].isDecided, results.probes[theirs].isDecided
      {
        add(Pair(model: ours, live: theirs), of: results)
      } else {
        counts.append([pair.live, pair.model].map { $0.map { results.probes[$0].outcome } })
      }
    }
    undecided = counts.grouped { $0 }.map {
      UndecidedClaims(live: $0.key[0], model: $0.key[1], count: $0.elements.count)
    }
  }

  private mutating func add(_ pair: Pair, of results: StudyResults) {
    if results.probes[pair.model].answer != results.probes[pair.live].answer {
      disagreements.append(pair)
    } else if results.probes[pair.model].hasExpectation(of: results.probes[pair.live]) {
      agreements += 1
    } else {
      unlike += 1
    }
  }
}

extension ProbeResult {
  /// `true` if it was held against the same as another one.
  func hasExpectation(of other: ProbeResult) -> Bool {
    self.expectation == other.expectation && self.basis == other.basis
  }
}

/// The models' invariants, checked under many schedules.
struct ModelChecksSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.modelChecks)
    guard !results.modelChecks.isEmpty else { return document.paragraph("No model was checked.") }
    var table = MarkdownTable([
      .text("Model"), .text("Mode"), .number("schedules"), .number("steps"), .number("exchanges"),
      .number("delivered"), .number("lost"), .number("violations"),
    ])
    for (index, check) in results.modelChecks.enumerated() {
      let violations: Inline =
        check.violations.isEmpty ? "0" : .link("**\(check.violations.count)**", to: anchors.modelChecks[index])
      table.add([
        .code(check.backend), .text(check.mode), "\(check.schedules)", "\(check.steps)", "\(check.exchanges)",
        "\(check.delivered)", "\(check.lost)", violations,
      ])
    }
    document.table(table)
    for (index, check) in results.modelChecks.enumerated() where !check.violations.isEmpty {
      write(check, index, to: &document)
    }
  }

  private func write(_ check: ModelCheckResult, _ index: Int, to document: inout MarkdownDocument) {
    document.heading(3, "\(code: check.backend), \(check.mode)", anchor: anchors.modelChecks[index])
    var table = MarkdownTable([.text("Violation"), .text("Seed"), .text("Schedule, to replay it")])
    for violation in check.violations {
      table.add([.text(violation.what), .code("\(violation.seed)"), .code(violation.schedule)])
    }
    document.table(table)
  }
}
