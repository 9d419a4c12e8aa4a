import Study

/// A mark of one probe or loss scenario on one back end, and whether it was reached.
struct MarkRecord {
  /// The kind of the mark.
  var id: String
  /// The point in a few words.
  var words: String
  var backend: String
  /// The claim, or the scenario and its mode.
  var subject: String
  var isReached: Bool
  /// `true` if the machine decides it.
  var isOfMachine: Bool

  /// The marks of all probes that observed something, and of all scenarios that were made.
  static func all(in results: Results, _ wording: Wording) -> [MarkRecord] {
    let claims = Dictionary(wording.claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let probes = results.probes.filter { !$0.evidence.isEmpty }.flatMap { probe -> [MarkRecord] in
      let evidence = Evidence(probe.evidence)
      return marks(of: probe, claims[probe.id], in: results).map { mark in
        MarkRecord(
          id: mark.id, words: mark.words, backend: probe.backend, subject: probe.id,
          isReached: mark.isReached(in: evidence), isOfMachine: mark.isOfMachine)
      }
    }
    let losses = results.losses.flatMap { loss -> [MarkRecord] in
      guard let history = loss.history else { return [] }
      return loss.marks.map { mark in
        MarkRecord(
          id: mark.rawValue, words: mark.words, backend: loss.backend, subject: "\(loss.scenario), \(loss.mode)",
          isReached: mark.isReached(in: history), isOfMachine: false)
      }
    }
    return probes + losses
  }

  /// The marks that a probe must reach; none if the claim or the expectation is unknown.
  static func marks(of probe: ProbeResult, _ claim: Claim?, in results: Results) -> [Mark] {
    guard let claim, let expectation = claim.expectation(of: results.abis(of: probe.backend)) else { return [] }
    return claim.marks(of: expectation) ?? []
  }
}
