import Study

/// A comparison of the costs of two runs, row by row, with the statistics of the report.
public struct ResultsDiff: Sendable {
  /// One row that both runs have.
  public struct Row: Sendable {
    /// The subject of the row.
    public var about: Cost.Name
    /// The base's trials and the new run's.
    public var comparison: Comparison
  }

  /// The differences of the conditions of the runs.
  public let differences: [Difference]
  /// The rows that both have under the same conditions, in the order of the base.
  public let rows: [Row]
  /// The rows of one run that the other has not, or has under other conditions.
  public let unmatched: [Cost.Name]

  /// The unit of the costs: `ns` or `instructions`.
  let unit: String

  /// A property of the runs that differs.
  public struct Difference: Sendable, Equatable {
    /// The property.
    public var name: String
    /// In the base; `nil` if it was not recorded.
    public var base: String?
    /// In the new run; `nil` if it was not recorded.
    public var new: String?
  }

  /// Compares two runs.
  public init(base: Results, new: Results) {
    differences = ResultsDiff.differences(ResultsDiff.configuration(base), ResultsDiff.configuration(new))
    unit = base.timeUnit
    let (costs, newCosts) = (base.costs, new.costs)
    let others = Dictionary(newCosts.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    let known = Set(costs.map(\.name))
    rows = costs.compactMap { cost in
      others[cost.name].map { Row(about: cost.name, comparison: Comparison(base: cost.values, other: $0)) }
    }
    unmatched = costs.map(\.name).filter { others[$0] == nil } + newCosts.map(\.name).filter { !known.contains($0) }
  }

  /// The rows that became slower by more than a share of the base's cost, with a p below the level before any correction.
  /// - Parameter threshold: 0.05 for 5 %.
  public func regressions(threshold: Double) -> [Row] {
    rows.filter { $0.comparison.isSignificant && ($0.comparison.ratio ?? 1) > 1 + threshold }
  }

  /// The rows that became faster by more than a share of the base's cost, significantly.
  /// - Parameter threshold: 0.05 for 5 %.
  public func improvements(threshold: Double) -> [Row] {
    rows.filter { $0.comparison.isSignificant && ($0.comparison.ratio ?? 1) < 1 - threshold }
  }

  /// The conditions that must be equal for a difference to come from the code.
  private static func configuration(_ results: Results) -> [(name: String, value: String)] {
    var facts = [("abi-compare", results.run.toolVersion), ("profile", results.run.profile)]
    if let measurement = results.measurement {
      facts.append(("warm-up", "\(measurement.warmup)"))
      facts.append(("trials", "\(measurement.trials)"))
    }
    // The load of the machine before a run differs from run to run.
    let environment = results.environment.facts.filter { $0.name != EnvironmentFact.loadAverage }
    facts += environment.map { ($0.name, "\($0.value)") }
    for backend in results.backends {
      facts.append((backend.name, backend.status.rawValue))
      facts += backend.facts.map { ("\(backend.name): \($0.name)", "\($0.value)") }
    }
    return facts
  }

  private static func differences(
    _ base: [(name: String, value: String)], _ new: [(name: String, value: String)]
  ) -> [Difference] {
    let values = Dictionary(base.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let others = Dictionary(new.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    return (base + new).map(\.name).grouped { $0 }.map(\.key).compactMap { name in
      values[name] == others[name] ? nil : Difference(name: name, base: values[name], new: others[name])
    }
  }
}
