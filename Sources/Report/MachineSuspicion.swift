import Study

/// A reason to doubt the numbers of a run: a property of the machine while it measured.
struct MachineSuspicion {
  /// The load average per CPU above which a machine is not idle.
  static let mostLoadPerCPU = 0.5
  /// The deviation of A/A ratios from 1 above which a row is noisy.
  static let mostNoise = 0.1

  /// The reason in one sentence.
  var text: Inline

  /// All reasons, none of which is a defect by itself.
  static func all(in results: Results) -> [MachineSuspicion] {
    let costs = results.shownCosts.filter { !$0.values.isEmpty }
    // A count of instructions has no speed: two clusters of it are two code paths.
    let speeds = results.environment.countsInstructions ? nil : speeds(costs)
    return [load(results), speeds, noise(costs)].compactMap(\.self).map(MachineSuspicion.init)
  }

  private static func load(_ results: Results) -> Inline? {
    func fact(_ name: String) -> String? { results.environment.facts.value(of: name) }
    guard let average = fact(EnvironmentFact.loadAverage)?.split(separator: " ").first.flatMap({ Double($0) }),
      let cpus = fact(EnvironmentFact.onlineCPUs).flatMap(count(ofCPUs:)), average > mostLoadPerCPU * Double(cpus)
    else { return nil }
    return """
      Not idle: the load average before the run was \(Format.significant(average, digits: 2)) on \
      \(cpus) CPUs, more than \(Format.decimal(mostLoadPerCPU, digits: 1)) per CPU.
      """
  }

  private static func speeds(_ costs: [ResultsDiff.Cost]) -> Inline? {
    let rows = costs.compactMap { cost in TwoSpeeds(in: cost.values).map { (name: cost.name, speeds: $0) } }
    guard let worst = rows.max(by: { $0.speeds.gap < $1.speeds.gap }) else { return nil }
    return """
      Two speeds: in \(rows.count) of \(costs.count) rows the trials fall into two clusters \
      (\(LatencyFormat.twoSpeeds)), at most \(Format.significant(worst.speeds.gap * 100, digits: 2)) % of the median apart \
      (\(text(worst.name))).
      """
  }

  private static func noise(_ costs: [ResultsDiff.Cost]) -> Inline? {
    let ratios = costs.filter { $0.values.count > 3 }.compactMap { cost in
      Comparison.withItself(cost.values).ratio.map { (name: cost.name, factor: max($0, 1 / $0)) }
    }
    let rows = ratios.filter { $0.factor > 1 + mostNoise }
    guard let worst = rows.max(by: { $0.factor < $1.factor }) else { return nil }
    return """
      Noise: two halves of the trials of one row, every other one and the rest, differ by more than \
      \(Format.decimal(mostNoise * 100, digits: 0)) % in \(rows.count) of \(ratios.count) rows (A/A), at most by a factor of \
      \(LatencyFormat.short(worst.factor)) (\(text(worst.name))).
      """
  }

  private static func text(_ name: ResultsDiff.Cost.Name) -> Inline {
    "\(code: name.plainName), \(name.mode), \(name.operation), \(name.condition)"
  }

  /// The number of CPUs of a list such as `0-3,6`; `nil` of anything else.
  static func count(ofCPUs list: String) -> Int? {
    var count = 0
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
      switch (ends.first ?? nil, ends.last ?? nil) {
      case (let first?, let last?) where ends.count <= 2 && first <= last: count += Int(last - first) + 1
      default: return nil
      }
    }
    return count
  }
}

extension Results {
  /// The costs that the report shows: where CPUs take turns, not those of a writer and a reader that run at the same time.
  var shownCosts: [ResultsDiff.Cost] {
    guard environment.countsInstructions else { return costs }
    var results = self
    (results.freshness, results.disturbance) = ([], [])
    return results.costs
  }
}
