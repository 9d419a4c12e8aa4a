import Study

/// The answers to every claim on some back ends, topic by topic.
struct ClaimsSection: ReportSection {
  let results: Results
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
      let claims = answers.claims.filter { answers.entries(of: $0).first?.result.topic == topic }
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
      document.table(table(of: claims))
    }
  }

  private func table(of claims: [String]) -> MarkdownTable {
    var table = MarkdownTable([.text("Claim"), .text("")] + answers.backends.map { .text(results.columnHeading($0)) })
    for id in claims {
      guard let claim = answers.entries(of: id).first?.result else { continue }
      table.add(
        [.link("\(claim.title)", to: anchors.claims[id] ?? ""), mark(answers.comparison(of: id))]
          + answers.backends.map { backend in
            guard let entry = answers[id, backend] else { return .absent }
            return .link("\(entry.result.shortCell)", to: anchors.findings[entry.index])
          })
    }
    return table
  }

  private func mark(_ comparison: AnswerTable.Comparison) -> Inline {
    switch comparison {
    case .same: "="
    case .different: "≠"
    case .notComparable: ""
    }
  }
}

extension String {
  /// With a capital letter where it begins.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
