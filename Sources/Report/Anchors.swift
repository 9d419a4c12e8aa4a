import Study

/// The anchors of the report, worked out before anything is written, so that a table can link to what comes below it.
struct Anchors {
  /// The table of each topic.
  let topics: [Topic: String]
  /// The section of each claim, by the claim's name.
  let claims: [String: String]
  /// The evidence of each record of ``Results/probes``, by its index.
  let findings: [String]
  /// Each record of ``Results/losses`` in the document that has them one by one, by its index.
  let losses: [String]
  /// The evidence of each record of ``Results/clauses``, by its index.
  let clauses: [String]
  /// The violations of each record of ``Results/modelChecks``, by its index.
  let modelChecks: [String]

  init(_ results: Results) {
    var names = UniqueNames()
    topics = Dictionary(
      Topic.allCases.map { ($0, names.next("topic-\(Format.slug($0.title))")) },
      uniquingKeysWith: { first, _ in first }
    )
    claims = Dictionary(
      results.probes.grouped { $0.id }.map { ($0.key, names.next("claim-\(Format.slug($0.key))")) },
      uniquingKeysWith: { first, _ in first })
    findings = results.probes.map { names.next("claim-\(Format.slug($0.id))-on-\(Format.slug($0.backend))") }
    losses = results.losses.map { loss in
      names.next("loss-\([loss.backend, loss.mode, loss.scenario].map(Format.slug).joined(separator: "-"))")
    }
    clauses = results.clauses.map { names.next("clause-\($0.clause)-on-\(Format.slug($0.backend))") }
    modelChecks = results.modelChecks.map {
      names.next("self-check-\(Format.slug($0.backend))-\(Format.slug($0.mode))")
    }
  }

  /// A link to a record of ``Results/losses`` in the document that has those of its back end one by one; without one the
  /// label alone.
  func loss(_ label: Inline, _ index: Int, in file: String?) -> Inline {
    file == nil ? label : .link(label, to: losses[index])
  }
}
