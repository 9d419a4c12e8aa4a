import Results
import Study

/// A check of results for contradictions: parts of one record, or two records, that cannot both be true.
struct ResultsCheck {
  /// The record in `results.json`: `losses[3]`.
  var path: String
  /// The values that contradict each other.
  var statement: String

  /// The contradictions that the results alone show.
  static func failed(in results: StudyResults) -> [ResultsCheck] {
    results.losses.enumerated().flatMap { index, loss in
      statements(on: loss).map { ResultsCheck(path: "losses[\(index)]", statement: $0) }
    }
      + results.probes.enumerated().flatMap { index, probe in
        statements(on: probe).map { ResultsCheck(path: "probes[\(index)]", statement: $0) }
      }
      + results.modelChecks.enumerated().filter { results.isLive($0.element.backend) }.map {
        ResultsCheck(path: "modelChecks[\($0)]", statement: "“\($1.backend)” is checked as a model but is live")
      }
      + results.accessCounts.enumerated().filter { !$0.element.disagreeing.isEmpty }.map { index, accessCounts in
        let operations = accessCounts.disagreeing.map(\.rawValue).joined(separator: ", ")
        return ResultsCheck(
          path: "accessCounts[\(index)]",
          statement: "perf and ptrace did not count the same system calls: \(operations)")
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
    if loss.skipped != nil, loss.history != nil { statements.append("skipped, but with a history") }
    if loss.skipped == nil, loss.history == nil { statements.append("not skipped, but without a history") }
    return statements
  }

  private static func unknownBackends(in results: StudyResults) -> [ResultsCheck] {
    let known = Set(results.backends.map(\.name))
    return results.backendNames.filter { !known.contains($0) }.map {
      ResultsCheck(path: "backends", statement: "there are records of “\($0)”, which is not among the back ends")
    }
  }

  private static func repeatedFindings(in results: StudyResults) -> [ResultsCheck] {
    results.probes.enumerated().grouped { [$0.element.id, $0.element.backend] }.compactMap { key, records in
      guard records.count > 1 else { return nil }
      return ResultsCheck(
        path: "probes", statement: "\(records.count) records of “\(key[0])” on “\(key[1])”; all of them are shown")
    }
  }
}

/// The contradictions within the results, if any.
struct ContradictionsSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    let contradictions = ResultsCheck.failed(in: results)
    guard !contradictions.isEmpty else { return }
    document.heading(2, "Contradictions in the results")
    document.paragraph(
      "**These records contradict themselves (\(contradictions.count)). The tables below show them as recorded.**"
    )
    document.list(contradictions.map { "\(code: $0.path): \($0.statement)" })
  }
}

/// Failures of the tool or of a basic guarantee, if any.
struct DefectsSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  func write(to document: inout MarkdownDocument) {
    let defects = results.defects
    guard !defects.isEmpty else { return }
    document.heading(2, "Defects")
    document.paragraph("**Failures of this tool or of a basic guarantee (\(defects.count)):**")
    document.list(defects.map(item))
  }

  private func item(_ defect: Defect) -> Inline {
    switch defect {
    case .backend(let index):
      let backend = results.backends[index]
      let reason: Inline = backend.reason.map { "\($0)" } ?? "no reason was recorded"
      return """
        \(results.label(backend.name)): \(LinkedSection.backends.link("failed")): \
        \(reason)
        """
    case .loss(let index):
      let loss = results.losses[index]
      return """
        \(results.label(loss.backend)): \(Inline.link("\(loss.scenario), \(loss.mode)", to: anchors.losses[index])): \
        \(Inline(texts: loss.judgement?.violations ?? [], separator: "; "))
        """
    case .clause(let index):
      let clause = results.clauses[index]
      return """
        \(results.label(clause.backend)): \
        \(Inline.link("clause \(clause.clause), \(clause.title), broken", to: anchors.clauses[index]))
        """
    case .modelCheck(let index):
      let check = results.modelChecks[index]
      return """
        \(results.label(check.backend)): \
        \(Inline.link("violates its invariants in \(check.mode) mode", to: anchors.modelChecks[index]))
        """
    }
  }
}

/// A reason to doubt the numbers of a run: a property of the machine while it measured.
struct MachineSuspicion {
  /// The load average per CPU above which a machine is not idle.
  static let mostLoadPerCPU = 0.5
  /// The deviation of A/A ratios from 1 above which a row is noisy.
  static let mostNoise = 0.1

  /// The reason in one sentence.
  var text: Inline

  /// All reasons, none of which is a defect by itself.
  static func all(in results: StudyResults) -> [MachineSuspicion] {
    let costs = results.shownCosts.filter { !$0.values.isEmpty }
    // A count of instructions has no speed: two clusters of it are two code paths.
    let speeds = results.environment.countsInstructions ? nil : speeds(costs)
    return [load(results), speeds, noise(costs)].compactMap(\.self).map(MachineSuspicion.init)
  }

  private static func load(_ results: StudyResults) -> Inline? {
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
      (\(CostFormat.twoSpeeds)), at most \(Format.significant(worst.speeds.gap * 100, digits: 2)) % of the median apart \
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
      \(CostFormat.short(worst.factor)) (\(text(worst.name))).
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

extension StudyResults {
  /// The costs that the report shows: if CPUs take turns, without those of a writer and a reader in parallel.
  var shownCosts: [ResultsDiff.Cost] {
    guard self.environment.countsInstructions else { return costs }
    var results = self
    (results.deliveryLatency, results.writerOverhead) = ([], [])
    return results.costs
  }
}
