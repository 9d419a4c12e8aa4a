import Results
import Study

/// Everything that leads to one cell of the report, as plain text: `abi-compare explain`.
package struct Explanation {
  package enum Cell: Sendable, Equatable {
    /// A claim on a back end, by the index of its record in ``StudyResults/probes``.
    case probe(Int)
    /// A loss scenario on a back end in a mode, by the index of its record in ``StudyResults/losses``.
    case loss(Int)
    /// A cost, by the name of its array in `results.json` and the index of its record.
    case cost(String, Int)
  }

  /// The lines, without ends.
  package private(set) var lines: [String] = []

  private let results: StudyResults
  private let wording: Wording
  private let file: String

  /// Explains a cell.
  /// - Parameters:
  ///   - file: the file of the results, for the commands.
  ///   - probe: the place of the probe of a claim on a back end; `nil` if this program has none.
  package init(
    _ cell: Cell, in results: StudyResults, _ wording: Wording, file: String,
    probe: (_ claim: String, _ backend: String) -> CodeLocation?
  ) {
    self.results = results
    self.wording = wording
    self.file = file
    switch cell {
    case .probe(let index): explain(results.probes[index], index, at: probe)
    case .loss(let index): explain(results.losses[index], index)
    case .cost(let name, let index): explainCost(name, index)
    }
  }

  /// The cell of a name: `BACKEND/CLAIM`, `BACKEND/MODE/SCENARIO`, or a place in `results.json` such as `latency[3]`.
  /// - Returns: `nil` if the results have no such record.
  package static func cell(named name: String, in results: StudyResults) -> Cell? {
    if let place = name.wholeMatch(of: /([A-Za-z]+)\[(\d{1,9})\]/), let index = Int(place.output.2) {
      let array = String(place.output.1)
      guard let count = counts(results)[array], index < count else { return nil }
      switch array {
      case "probes": return .probe(index)
      case "losses": return .loss(index)
      default: return .cost(array, index)
      }
    }
    let parts = name.split(separator: "/", maxSplits: 2).map(String.init)
    switch parts.count {
    case 2:
      return results.probes.firstIndex { $0.backend == parts[0] && $0.id == parts[1] }.map { .probe($0) }
    case 3:
      return results.losses.firstIndex {
        $0.backend == parts[0] && $0.mode.rawValue == parts[1] && $0.scenario == parts[2]
      }.map { .loss($0) }
    default: return nil
    }
  }

  private static func counts(_ results: StudyResults) -> [String: Int] {
    [
      "probes": results.probes.count, "losses": results.losses.count, "latency": results.latency.count,
      "deliveryLatency": results.deliveryLatency.count, "throughput": results.throughput.count,
      "writerOverhead": results.writerOverhead.count, "getters": results.getters.count,
    ]
  }

  // MARK: Claims

  private mutating func explain(
    _ result: ProbeResult, _ index: Int, at probe: (_ claim: String, _ backend: String) -> CodeLocation?
  ) {
    let claim = wording.claims.first { $0.id == result.id }
    let expectation = claim?.expectation(of: results.abis(of: result.backend))
    add("cell", "\(result.backend)/\(result.id)")
    add("question", result.question)
    add("answer", [result.answer, "(\(result.outcome.rawValue))"].compactMap(\.self).joined(separator: " "))
    add("expected", "\(result.expectation) (\(result.basis.rawValue))")
    add("source", result.source)
    add("procedure", result.procedure)
    if let reason = result.reason { add("reason", reason) }
    for observation in result.evidence { add("observed", "\(observation.name): \(observation.value)") }
    for mark in MarkRecord.marks(of: result, claim, in: results) {
      add("mark", "\(mark.words): \(mark.isReached(in: Evidence(result.evidence)) ? "reached" : "not reached")")
    }
    lines += Explanation.lines(of: result.kernelLog)
    add("judge", expectation.map { "\($0.location)" } ?? "this program has no such claim")
    add("probe", probe(result.id, result.backend).map { "\($0)" } ?? "this program has no probe of it on this back end")
    addPlace("probes", index)
    if let finding = Finding(at: index, in: results, wording.notes) { add(finding) }
    add("repeat", "abi-compare probe \(result.id) --backend \(result.backend)")
  }

  /// The kernel's log during a part: each report of trouble with its cause, and the lines.
  package static func lines(of log: KernelLogExcerpt?) -> [String] {
    guard let log else { return [] }
    let lines =
      KernelLogText(log: log).statements.map { "kernel log: \($0)" } + log.lines.map { "kernel log line: \($0.text)" }
      + (log.leftOut.map { ["kernel log: \($0) other lines of the kernel were not kept"] } ?? [])
    return lines.flatMap(MarkdownEscape.lines)
  }

  private mutating func add(_ finding: Finding) {
    add("severity", "\(finding.severity.rawValue): \(finding.severity.meaning)")
    guard let note = finding.note else { return }
    if let cause = note.cause { add("cause (note)", "\(cause.text) (\(cause.source))") }
    add("consequence (note)", note.consequence)
    if let workaround = note.workaround { add("workaround (note)", workaround) }
    if let status = note.status { add("upstream (note)", "\(status.text) (\(status.source))") }
    if let program = note.reproducer { add("second opinion", "Examples/second-opinions/\(program)") }
  }

  // MARK: Losses

  private mutating func explain(_ result: LossResult, _ index: Int) {
    add("cell", "\(result.backend)/\(result.mode)/\(result.scenario)")
    add("question", "Which channel reports the loss of: \(result.title)?")
    if let skipped = result.skipped { add("reason", "not made: \(skipped)") }
    for setting in result.setup { add("set-up", "\(setting.name): \(setting.value)") }
    if let judgement = result.judgement {
      add(
        "observed",
        "produced \(judgement.produced), delivered \(judgement.delivered), lost \(judgement.lost), gaps \(judgement.gaps)"
      )
      for channel in judgement.allChannels {
        add(
          "channel",
          "\(channel.channel)\(channel.isReaderABI ? "" : " (outside the reader ABI)"): \(channel.told); \(channel.relation.rawValue)"
        )
      }
      for violation in judgement.violations { add("violation", violation) }
    }
    if let history = result.history {
      for mark in result.marks {
        add("mark", "\(mark.words): \(mark.isReached(in: history) ? "reached" : "not reached")")
      }
    }
    lines += Explanation.lines(of: result.kernelLog)
    add("judge", "Study/LossJudge.swift, over the hand-overs of the history")
    addPlace("losses", index)
    let checks = results.crossChecks.filter {
      $0.backend == result.backend && $0.mode == result.mode && $0.skipped == nil
    }
    for (tool, checks) in checks.grouped(by: \.tool) {
      let rows = checks.flatMap(\.rows)
      add(
        "second opinion",
        "\(tool): \(rows.count) counts of other loads in this mode, \(rows.count(where: \.isUnexplained)) unexplained differences (cross-checks.md)"
      )
    }
    add(
      "repeat",
      "abi-compare run --backend \(result.backend) --scenario \(Format.shell([result.scenario])) --seed \(results.run.seed)"
    )
  }

  // MARK: Costs

  private mutating func explainCost(_ name: String, _ index: Int) {
    let (backend, facts, trials) = cost(name, index)
    add("cell", "\(name)[\(index)]")
    add("back end", backend)
    for fact in facts { add(fact.name, fact.value) }
    add("unit", results.timeUnit)
    for (place, value) in trials.enumerated() { add("trial \(place + 1)", Format.decimal(value, digits: 2)) }
    if let median = trials.median { add("median", Format.decimal(median, digits: 2)) }
    add("judge", "Study/Median.swift, Study/LinearFit.swift and Study/MannWhitney.swift, over the trials")
    addPlace(name, index)
    add(
      "histogram",
      "a trial is \"PLACE OUT-OF-RANGE MINIMUM MAXIMUM: VALUE*COUNT …\", with the highest value of each bucket")
    add("second opinion", "Benchmarks measures the same read loops beside C: make bench")
    add(
      "repeat",
      "abi-compare run --backend \(backend) --profile \(results.run.profile) --seed \(results.run.seed)")
  }

  private func cost(_ name: String, _ index: Int) -> (backend: String, facts: [Observation], trials: [Double]) {
    switch name {
    case "latency":
      let row = results.latency[index]
      let growth = row.growth.map { [Observation($0.series.rawValue, $0.level)] } ?? []
      return (
        row.backend,
        [
          Observation("read by", row.reader), Observation("mode", row.mode.rawValue),
          Observation("operation", row.operation.rawValue),
          Observation("condition", row.condition.text), Observation("call", row.call),
        ] + growth + row.setup, row.trialMedians
      )
    case "deliveryLatency":
      let row = results.deliveryLatency[index]
      return (
        row.backend,
        [Observation("reader", row.reader.title), Observation("events per second", row.rate)] + row.setup,
        row.trialMedians
      )
    case "throughput":
      let row = results.throughput[index]
      return (
        row.backend,
        [
          Observation("read by", row.reader), Observation("work", row.work.rawValue),
          Observation("sub-buffer size", row.subbufferSize),
        ], row.nanosecondsPerEvent
      )
    case "writerOverhead":
      let row = results.writerOverhead[index]
      return (
        row.backend, [Observation("reader", row.condition.rawValue), Observation("call", row.call)] + row.setup,
        row.service.percentiles(50)
      )
    default:
      let row = results.getters[index]
      return (row.backend, [Observation("field or function", row.name)], row.nanosecondsPerCall)
    }
  }

  // MARK: Lines

  private mutating func addPlace(_ array: String, _ index: Int) {
    add("in the results", "\(array)[\(index)]: jq \(Format.shell([".\(array)[\(index)]", file]))")
  }

  /// Adds a value; line ends and control characters in it show as escapes or further lines.
  private mutating func add(_ name: String, _ value: String) {
    let parts = MarkdownEscape.lines(of: value)
    lines.append("\(name): \(parts.first ?? "")")
    lines += parts.dropFirst().map { "  \($0)" }
  }
}
