import Study

/// The answers of back ends to the claims, by claim.
struct AnswerTable {
  /// A record of a claim on a back end.
  struct Entry {
    /// Its index in ``Results/probes``.
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
  }

  /// The back ends that are compared, in the order of the report.
  let backends: [String]
  /// The claims by their stable names, in the order of the records.
  let claims: [String]
  private let entries: [String: [String: Entry]]

  /// The answers of some back ends.
  init(_ results: Results, on backends: [String]) {
    self.backends = backends
    var entries: [String: [String: Entry]] = [:]
    var claims: [String] = []
    for (index, result) in results.probes.enumerated() where backends.contains(result.backend) {
      if entries[result.id] == nil { claims.append(result.id) }
      // Of two records on one back end the first counts; ``Contradiction`` lists the others.
      if entries[result.id]?[result.backend] == nil {
        entries[result.id, default: [:]][result.backend] = Entry(index: index, result: result)
      }
    }
    self.claims = claims
    self.entries = entries
  }

  subscript(_ claim: String, _ backend: String) -> Entry? { entries[claim]?[backend] }

  /// The records of one claim in the order of the back ends.
  func entries(of claim: String) -> [Entry] { backends.compactMap { entries[claim]?[$0] } }

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

extension Results {
  /// The live back ends that ran, in the order of the report.
  var liveBackends: [String] { backends.filter { $0.isLive && $0.status == .ran }.map(\.name) }

  /// The ABIs of a back end, the most specific first.
  func abis(of backend: String) -> [ABI] { self.backend(backend)?.abis.map(ABI.init) ?? [] }
}

extension ProbeResult {
  /// The answer and its mark, or the outcome of a question without an answer.
  var shortCell: String { ProbeResult.shortCell(answer, outcome, basis) }

  /// An answer and its mark, or the outcome of a question without an answer.
  static func shortCell(_ answer: String?, _ outcome: Outcome, _ basis: Basis) -> String {
    answer.map { $0 + mark(outcome, basis) } ?? outcome.rawValue
  }

  /// The mark after an answer. An answer that is as expected has none, and so has one that differs from another ABI's: the
  /// answers show the difference.
  static func mark(_ outcome: Outcome, _ basis: Basis) -> String {
    switch (outcome, basis) {
    case (.contradicts, _): " ✗"
    case (.notAsAssumed, .assumed): " (✗)"
    default: ""
    }
  }
}
