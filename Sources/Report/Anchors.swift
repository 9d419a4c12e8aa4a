import Study

/// The anchors of the report, worked out before anything is written, so that a table can link to what comes below it.
struct Anchors {
  /// The section of each probe, by the probe's name.
  let probes: [String: String]
  /// The evidence of each record of ``Results/probes``, by its index.
  let findings: [String]
  /// The channels of each record of ``Results/losses``, by its index.
  let losses: [String]

  init(_ results: Results) {
    var names = UniqueNames()
    probes = Dictionary(
      results.probes.grouped { $0.id }.map { ($0.key, names.next("probe-\(Format.slug($0.key))")) },
      uniquingKeysWith: { first, _ in first })
    findings = results.probes.map { names.next("probe-\(Format.slug($0.id))-on-\(Format.slug($0.backend))") }
    losses = results.losses.map { loss in
      names.next("loss-\([loss.backend, loss.mode, loss.scenario].map(Format.slug).joined(separator: "-"))")
    }
  }
}
