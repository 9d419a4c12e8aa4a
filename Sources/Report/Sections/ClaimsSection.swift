import Study

/// What is claimed or asked, and the verdict on each back end, topic by topic.
struct ClaimsSection: ReportSection {
  private typealias Finding = (index: Int, result: ProbeResult)

  let results: Results
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.claims)
    guard !results.probes.isEmpty else { return document.paragraph("No probe was recorded.") }
    let recorded = Set(results.probes.map(\.backend))
    let backends = results.backendNames.filter(recorded.contains)
    let findings = results.probes.enumerated().map { Finding(index: $0.offset, result: $0.element) }
    let topics = Topic.allCases.compactMap { topic in
      let claims = findings.filter { $0.result.topic == topic }.grouped { $0.result.id }.map(\.elements)
      return claims.isEmpty ? nil : (topic: topic, claims: claims)
    }
    document.paragraph(
      """
      Each verdict links to its evidence; the terms are defined in \(ContentsSection.Section.guide.link). `—`: the claim \
      has no record on that back end.
      """)
    document.paragraph(
      Inline(
        topics.map {
          "\(Inline.link("\($0.topic.rawValue)", to: anchors.topics[$0.topic] ?? "")) (\($0.claims.count))"
        },
        separator: " · "))
    for (topic, claims) in topics {
      document.heading(3, "\(topic.rawValue.capitalizedFirst)", anchor: anchors.topics[topic])
      document.table(table(of: claims, on: backends))
    }
    let absent = results.backendNames.filter { !recorded.contains($0) }
    if !absent.isEmpty { document.paragraph("No claim has a record on \(results.labels(absent)).") }
  }

  private func table(of claims: [[Finding]], on backends: [String]) -> MarkdownTable {
    var table = MarkdownTable([.text("Claim")] + backends.map { .text(results.columnHeading($0)) })
    for findings in claims {
      let claim = findings[0].result
      let title: Inline = .link("**\(claim.title)**", to: anchors.claims[claim.id] ?? "")
      table.add(
        [claim.question.isEmpty ? title : "\(title)<br>\(claim.question)"]
          + backends.map { backend in
            let verdicts = findings.filter { $0.result.backend == backend }.map { finding in
              Inline.link(finding.result.cell, to: anchors.findings[finding.index])
            }
            return verdicts.isEmpty ? Inline.absent : Inline(verdicts, separator: ", ")
          })
    }
    return table
  }
}

extension String {
  /// With a capital letter where it begins.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
