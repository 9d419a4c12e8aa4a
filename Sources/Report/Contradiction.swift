import Study

/// A contradiction in the results: parts of one record, or two records, that cannot both be true.
struct Contradiction: Equatable {
  /// The record in `results.json`: `losses[3]`.
  var path: String
  /// The values that contradict each other.
  var statement: String

  /// Every contradiction that can be seen in the results alone.
  static func all(in results: Results) -> [Contradiction] {
    results.losses.enumerated().flatMap { index, loss in
      statements(on: loss).map { Contradiction(path: "losses[\(index)]", statement: $0) }
    }
      + results.probes.enumerated().flatMap { index, probe in
        statements(on: probe).map { Contradiction(path: "probes[\(index)]", statement: $0) }
      }
      + results.modelChecks.enumerated().filter { results.isLive($0.element.backend) }.map {
        Contradiction(path: "modelChecks[\($0)]", statement: "“\($1.backend)” is checked as a model but is live")
      }
      + results.surface.enumerated().filter { !$0.element.disagreeing.isEmpty }.map { index, surface in
        let operations = surface.disagreeing.map(\.rawValue).joined(separator: ", ")
        return Contradiction(
          path: "surface[\(index)]", statement: "perf and ptrace did not count the same system calls: \(operations)")
      }
      + unknownBackends(in: results) + repeatedFindings(in: results)
  }

  private static func statements(on probe: ProbeResult) -> [String] {
    guard probe.isDecided else { return [] }
    var statements: [String] = []
    if probe.failure != nil { statements.append("outcome “\(probe.outcome.rawValue)” of a probe that failed") }
    if probe.basis == .none {
      statements.append("outcome “\(probe.outcome.rawValue)” of a question that does not apply")
    }
    return statements
  }

  private static func statements(on loss: LossResult) -> [String] {
    var statements: [String] = []
    if loss.history != nil || loss.judgement != nil, loss.judgement != loss.judgedAgain.judgement {
      statements.append("the judgement does not follow from the history")
    }
    if loss.skipped != nil, loss.history != nil { statements.append("skipped, but with a history") }
    if loss.skipped == nil, loss.history == nil { statements.append("not skipped, but without a history") }
    return statements
  }

  private static func unknownBackends(in results: Results) -> [Contradiction] {
    let known = Set(results.backends.map(\.name))
    return results.backendNames.filter { !known.contains($0) }.map {
      Contradiction(path: "backends", statement: "there are records of “\($0)”, which is not among the back ends")
    }
  }

  private static func repeatedFindings(in results: Results) -> [Contradiction] {
    results.probes.enumerated().grouped { [$0.element.id, $0.element.backend] }.compactMap { key, records in
      guard records.count > 1 else { return nil }
      return Contradiction(
        path: "probes", statement: "\(records.count) records of “\(key[0])” on “\(key[1])”; all of them are shown")
    }
  }
}
