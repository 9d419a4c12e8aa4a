import Study

/// The claims that a model answers differently from its live ABI.
struct ModelsSection: ReportSection {
  let results: Results
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
  let results: Results
  let anchors: Anchors
  let answers: AnswerTable

  func write(to document: inout MarkdownDocument) {
    guard !answers.claims.isEmpty else { return }
    document.heading(2, "Answers of the models")
    var table = MarkdownTable([.text("Claim")] + answers.backends.map { .text(.code($0)) })
    for id in answers.claims {
      guard let claim = answers.entries(of: id).first?.result else { continue }
      table.add(
        [.link("\(claim.title)", to: anchors.claims[id] ?? "")]
          + answers.backends.map { backend in
            guard let entry = answers[id, backend] else { return .absent }
            return .link("\(entry.result.shortCell)", to: anchors.findings[entry.index])
          })
    }
    document.table(table)
  }
}
