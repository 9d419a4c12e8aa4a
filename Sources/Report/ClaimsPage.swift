import Study

/// The catalogue of claims as a page of the documentation.
public enum ClaimsPage {
  /// The text of the page.
  public static func render(_ claims: [Claim]) -> String {
    var document = MarkdownDocument()
    document.heading(1, "Claims")
    document.paragraph(
      """
      What is put to the test, made by `abi-compare list --markdown` from `Sources/StudiedBackends/Claims`: \
      \(claims.count) claims. *Basis* says where an expectation comes from, see [Methods](methods.md#probes). A version of an ABI has a row of its own \
      only where something else is expected of it.
      """)
    let topics = Topic.allCases.map { topic in (topic: topic, claims: claims.filter { $0.topic == topic }) }
      .filter { !$0.claims.isEmpty }
    document.list(
      topics.map { topic, claims in
        "\(Inline.link("\(topic.rawValue.capitalizedFirst)", to: "topic-\(Format.slug(topic.rawValue))")): \(claims.count)"
      })
    for (topic, claims) in topics {
      document.heading(2, "\(topic.rawValue.capitalizedFirst)", anchor: "topic-\(Format.slug(topic.rawValue))")
      for claim in claims { write(claim, to: &document) }
    }
    return document.source
  }

  private static func write(_ claim: Claim, to document: inout MarkdownDocument) {
    document.heading(3, "\(claim.title)", anchor: "claim-\(Format.slug(claim.id))")
    document.list(
      [
        "Claim: \(code: claim.id)", "Question: \(claim.question)", "Source: \(claim.source)",
        "Procedure: \(claim.procedure)",
      ] + (claim.notModelled.map { ["No model is asked: \($0)"] } ?? []))
    var table = MarkdownTable([.text("ABI"), .text("Basis"), .text("Expected")])
    for (abi, expectation) in claim.expectations.sorted(by: { $0.key.name < $1.key.name }) {
      let text = [expectation.text, expectation.reason].compactMap(\.self).joined(separator: "; ")
      table.add([.text(abi.name), .text(expectation.basis.rawValue), .text(text)])
    }
    document.table(table)
  }
}
