import Results
import SubbufferSource

/// A comparison of two runs: their judgements, and their costs row by row with the statistics of the report.
package struct ResultsDiff: Sendable {
  /// One row that both runs have.
  package struct Row: Sendable {
    /// The subject of the row.
    package var about: Cost.Name
    /// The base's trials and the new run's.
    package var comparison: Comparison
  }

  /// The two runs: the versions of their live ABIs, and when they began.
  package let runs: (base: String, new: String)
  /// The judgements that differ, in the order of the records.
  package let judgements: [Judgement]
  /// The number of claims, loss scenarios and clauses that both runs have of a live ABI.
  package let comparedJudgements: Int
  package let differences: [Difference]
  /// The rows that both have under the same conditions, in the order of the base.
  package let rows: [Row]
  /// The rows of one run that the other has not, or has under other conditions.
  package let unmatched: [Cost.Name]
  /// The units of the costs: `ns` or `instructions`.
  package let units: (base: String, new: String)
  /// The tests of all rows, corrected together.
  let family: TestFamily

  /// A property of the runs that differs.
  package struct Difference: Sendable, Equatable {
    package var name: String
    /// In the base; `nil` if it was not recorded.
    package var base: String?
    /// In the new run; `nil` if it was not recorded.
    package var new: String?
    /// `true` if it can cause a difference of costs and is not the software under test (the kernel, a tracer), which two
    /// runs are made to compare.
    package var isCondition: Bool
  }

  /// Compares two runs.
  package init(base: StudyResults, new: StudyResults) {
    let comparison = JudgementComparison(base: base, new: new)
    judgements = comparison.changes
    comparedJudgements = comparison.compared
    runs = (ResultsDiff.text(of: base), ResultsDiff.text(of: new))
    let ran = Set(base.backends.filter { $0.status == .ran }.map(\.name))
      .intersection(new.backends.filter { $0.status == .ran }.map(\.name))
    // The host of an emulator does not change a count of instructions.
    let countsInstructions = base.environment.countsInstructions && new.environment.countsInstructions
    differences = ResultsDiff.differences(
      ResultsDiff.configuration(base, ran), ResultsDiff.configuration(new, ran)
    ).filter { !countsInstructions || $0.name != EnvironmentFact.host }
    units = (base.timeUnit, new.timeUnit)
    let (costs, newCosts) = units.base == units.new ? (base.shownCosts, new.shownCosts) : ([], [])
    let others = Dictionary(firstOf: newCosts.map { ($0.name, $0.values) })
    let known = Set(costs.map(\.name))
    rows = costs.compactMap { cost in
      others[cost.name].map { Row(about: cost.name, comparison: Comparison(base: cost.values, other: $0)) }
    }
    unmatched = costs.map(\.name).filter { others[$0] == nil } + newCosts.map(\.name).filter { !known.contains($0) }
    family = TestFamily(rows.map(\.comparison))
  }

  /// The differences that forbid a comparison of costs.
  package var otherConditions: [Difference] { differences.filter(\.isCondition) }

  /// The judgements on live ABIs that belong to a class.
  package func judgements(_ change: Change) -> [Judgement] { judgements.filter { $0.isLive && $0.change == change } }

  /// The rows that became slower by more than a share of the base's cost, significantly after the correction.
  /// - Parameter threshold: 0.05 for 5 %.
  package func regressions(threshold: Double) -> [Row] {
    slower(threshold).filter { family.isSignificant($0.comparison) }
  }

  /// The rows that became faster by more than a share of the base's cost, significantly after the correction.
  /// - Parameter threshold: 0.05 for 5 %.
  package func improvements(threshold: Double) -> [Row] {
    faster(threshold).filter { family.isSignificant($0.comparison) }
  }

  /// The rows that became slower by more than a share of the base's cost, with a p below the level before the correction.
  func slower(_ threshold: Double) -> [Row] {
    rows.filter { $0.comparison.isSignificant && ($0.comparison.ratio ?? 1) > 1 + threshold }
  }

  /// The rows that became faster by more than a share of the base's cost, with a p below the level before the correction.
  func faster(_ threshold: Double) -> [Row] {
    rows.filter { $0.comparison.isSignificant && ($0.comparison.ratio ?? 1) < 1 - threshold }
  }

  /// The number of trials of each side from which on one row can be significant among all; `nil` if one can be already.
  package var trialsNeeded: Int? {
    guard family.count > 0, !family.canBeSignificant else { return nil }
    return (2...200).first { MannWhitney.leastP($0, $0) * Double(family.count) < MannWhitney.significance }
  }

  private static func text(of results: StudyResults) -> String {
    let versions = results.backends.filter(\.isLive).compactMap(\.version)
    return ((versions.isEmpty ? ["no live ABI"] : versions) + ["run of \(results.run.startedAt)"]).joined(
      separator: ", ")
  }

  /// The facts of a machine that describe the software under test.
  private static let subjects: Set<String> = [
    "kernel", "kernel version", "preemption model", "operating system", "image",
  ]

  private typealias Property = (name: String, value: String, isCondition: Bool)

  /// The properties of a run: the software under test, and the conditions that must be equal for a difference of costs to
  /// come from it.
  /// - Parameter ran: the back ends whose facts are taken.
  private static func configuration(_ results: StudyResults, _ ran: Set<String>) -> [Property] {
    var facts: [Property] = [
      ("abi-compare", results.run.toolVersion, true), ("profile", results.run.profile, true),
    ]
    if let measurement = results.measurement {
      facts.append(("warm-up", "\(measurement.warmup)", true))
      facts.append(("trials", "\(measurement.trials)", true))
    }
    // The load of the machine before a run differs from run to run.
    let environment = results.environment.facts.filter { $0.name != EnvironmentFact.loadAverage }
    facts += environment.map { ($0.name, $0.value, !subjects.contains($0.name)) }
    for backend in results.backends {
      facts.append((backend.name, backend.status.rawValue, false))
      guard ran.contains(backend.name) else { continue }
      if let version = backend.version { facts.append(("\(backend.name): version", version, false)) }
      facts += backend.facts.map { ("\(backend.name): \($0.name)", $0.value, false) }
    }
    return facts
  }

  private static func differences(_ base: [Property], _ new: [Property]) -> [Difference] {
    let values = Dictionary(firstOf: base.map { ($0.name, $0.value) })
    let others = Dictionary(firstOf: new.map { ($0.name, $0.value) })
    return (base + new).uniqued(by: \.name).compactMap { property in
      let name = property.name
      let (old, now) = (values[name], others[name])
      if old == now || name == EnvironmentFact.memory && isNearlyEqual(old, now) { return nil }
      return Difference(name: name, base: old, new: now, isCondition: property.isCondition)
    }
  }

  /// `true` if two sizes of memory differ by less than a tenth: the kernel's own part of it differs between kernels.
  private static func isNearlyEqual(_ base: String?, _ new: String?) -> Bool {
    guard let one = size(base), let other = size(new) else { return false }
    return abs(one - other) < 0.1 * max(one, other)
  }

  private static func size(_ text: String?) -> Double? {
    text?.split(separator: " ").first.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }
}

extension ResultsDiff {
  /// A cost that two runs are compared in.
  package struct Cost: Sendable, Hashable {
    /// The properties that identify the same measurement in both runs.
    package struct Name: Sendable, Hashable {
      package var backend: String
      /// The way of reading, as ``LatencyResult/reader``.
      package var reader = LatencyResult.studiedReader
      /// `overwrite` or `discard`.
      package var mode: RingMode
      /// The measured operation: `acquire`; `write, p99.9`.
      package var operation: String
      /// The circumstances: `data waiting`.
      package var condition: String
      /// The varied quantity and its value; `nil` if nothing was varied.
      package var growth: Growth?
      /// The call, the ring buffer and the load.
      package var setup: [String]
    }

    package var name: Name
    /// A value of each trial; more is slower.
    package var values: [Double]
  }
}

extension StudyResults {
  /// All costs of a run.
  var costs: [ResultsDiff.Cost] {
    self.latency.map { ResultsDiff.Cost(name: $0.name, values: $0.trialMedians) }
      + self.deliveryLatency.flatMap(\.diffCosts)
      + self.throughput.map(\.diffCost) + self.writerOverhead.flatMap(\.diffCosts)
  }
}

extension LatencyResult {
  /// The properties that identify the same measurement in two runs.
  var name: ResultsDiff.Cost.Name {
    ResultsDiff.Cost.Name(
      backend: backend, reader: reader, mode: mode, operation: operation.rawValue, condition: condition.text,
      growth: growth,
      setup: [call] + setup.map(\.text))
  }
}

extension DeliveryLatencyResult {
  /// Older is slower.
  var diffCosts: [ResultsDiff.Cost] {
    [("age", age), ("age of the newest", youngest)].map { operation, trials in
      ResultsDiff.Cost(
        name: ResultsDiff.Cost.Name(
          backend: backend, mode: mode, operation: operation,
          condition: "\(reader.title), \(Format.grouped(rate)) events/s", setup: setup.map(\.text)),
        values: trials.percentiles(50))
    }
  }
}

extension ThroughputResult {
  /// The cost of an event.
  var diffCost: ResultsDiff.Cost {
    ResultsDiff.Cost(
      name: ResultsDiff.Cost.Name(
        backend: backend, reader: reader, mode: mode, operation: "drain, per event",
        condition: "\(subbufferCount) of \(subbufferSize) bytes, between: \(work.rawValue)",
        setup: ["\(eventSize) bytes of an event"]),
      values: nanosecondsPerEvent)
  }
}

extension WriterOverheadResult {
  /// The medians of trials, and their p99.9 if each trial has enough events.
  var diffCosts: [ResultsDiff.Cost] {
    func cost(_ percentile: String, _ values: [Double]) -> ResultsDiff.Cost {
      ResultsDiff.Cost(
        name: ResultsDiff.Cost.Name(
          backend: backend, mode: mode, operation: "write, \(percentile)", condition: condition.rawValue,
          setup: [call] + setup.map(\.text)),
        values: values)
    }
    return [cost("p50", service.percentiles(50))] + (service.tails.map { [cost("p99.9", $0)] } ?? [])
  }
}
