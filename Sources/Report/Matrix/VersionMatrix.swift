import Results
import Study
import SubbufferSource

/// The answers of runs on several versions of the live ABIs: the contents of `matrix.json`, from which the pages are made.
///
/// A matrix is a set of runs. Merging is the union, so the order of the files and their repetition change nothing.
package struct VersionMatrix: Sendable, Equatable {
  /// The runs, each once, in ascending order of kernel, time and contents.
  package private(set) var runs: [MatrixRun]
  /// The versions that could not be made, each once.
  package private(set) var failures: [MatrixFailure]
  /// The claims of the runs, by their stable names.
  package private(set) var claims: [String: MatrixClaim]
  /// The loss scenarios of the runs, by their names.
  package private(set) var scenarios: [String: MatrixScenario]

  /// A matrix of runs; the results are taken as they were judged.
  package init(_ results: [StudyResults], failures: [MatrixFailure] = []) {
    self.init(
      runs: results.map(MatrixRun.init), failures: failures,
      claims: results.flatMap { $0.probes.map { ($0.id.bounded, MatrixClaim($0)) } },
      scenarios: results.flatMap { $0.losses.map { ($0.scenario.bounded, MatrixScenario($0)) } })
  }

  /// The union of some matrices.
  package init(merging matrices: [VersionMatrix]) {
    self.init(
      runs: matrices.flatMap(\.runs), failures: matrices.flatMap(\.failures),
      claims: matrices.flatMap { $0.claims.map { ($0.key, $0.value) } },
      scenarios: matrices.flatMap { $0.scenarios.map { ($0.key, $0.value) } })
  }

  init(
    runs: [MatrixRun], failures: [MatrixFailure], claims: [(String, MatrixClaim)],
    scenarios: [(String, MatrixScenario)]
  ) {
    self.runs = runs.uniqued().sorted()
    self.failures = failures.filter { !$0.isOver(by: runs) }.uniqued().sorted()
    // Where two versions of this program word a claim differently, the order of the files must not decide.
    self.claims = Dictionary(claims, uniquingKeysWith: min)
    self.scenarios = Dictionary(scenarios, uniquingKeysWith: { $0.merged(with: $1) })
  }

  /// `true` if there is nothing to show.
  package var isEmpty: Bool { runs.isEmpty && failures.isEmpty }
}

/// A version that could not be made, or not completely: its column or a part of it is missing.
package struct MatrixFailure: Codable, Sendable, Hashable, Comparable {
  /// The version that was asked for: "6.16.3".
  package var version: String
  /// The step that failed: "build lttng-modules".
  package var step: String
  package var reason: String
  /// The remedy; empty if none is known.
  package var remedy: String

  /// Describes a failure.
  package init(version: String, step: String, reason: String, remedy: String) {
    (self.version, self.step) = (version.bounded, step.bounded)
    (self.reason, self.remedy) = (reason.bounded, remedy.bounded)
  }

  /// The step of a study that gave no results.
  package static let run = "run the study in a virtual machine"

  /// `true` if the study that gave no results has been made since.
  fileprivate func isOver(by runs: [MatrixRun]) -> Bool {
    step == MatrixFailure.run
      && runs.contains { $0.kernel.map(VersionNumber.init)?.text == VersionNumber(version).text }
  }

  private var key: [String] { [step, reason, remedy] }

  /// By version, then by text.
  package static func < (one: MatrixFailure, other: MatrixFailure) -> Bool {
    let (version, another) = (VersionNumber(one.version), VersionNumber(other.version))
    return version == another ? one.key.lexicographicallyPrecedes(other.key) : version < another
  }
}

/// The words of a claim, for a program whose catalogue lacks it.
package struct MatrixClaim: Codable, Sendable, Hashable, Comparable {
  package var topic: Topic
  /// The claim in a few words.
  package var title: String

  init(_ result: ProbeResult) {
    (topic, title) = (result.topic, result.title.bounded)
  }

  /// By title, then by topic.
  package static func < (one: MatrixClaim, other: MatrixClaim) -> Bool {
    (one.title, one.topic.rawValue) < (other.title, other.topic.rawValue)
  }
}

/// The words of a loss scenario.
package struct MatrixScenario: Codable, Sendable, Hashable {
  /// The course of events, in a sentence.
  package var title: String
  /// `true` if producer and reader ran at the same time, so that the loss differs from run to run.
  package var isConcurrent: Bool
  /// `true` if another seed may find something else.
  package var dependsOnSeed: Bool

  init(_ result: LossResult) {
    (title, isConcurrent, dependsOnSeed) = (result.title.bounded, result.isConcurrent, result.dependsOnSeed ?? false)
  }

  func merged(with other: MatrixScenario) -> MatrixScenario {
    var merged = self
    merged.title = min(title, other.title)
    merged.isConcurrent = isConcurrent || other.isConcurrent
    merged.dependsOnSeed = dependsOnSeed || other.dependsOnSeed
    return merged
  }
}

/// One run of a matrix: its origin, and the answers of its live ABIs.
package struct MatrixRun: Codable, Sendable, Hashable, Comparable {
  /// The version of the program that made it.
  package var toolVersion: String
  package var profile: String
  package var seed: UInt64
  /// The time at which it began: ISO 8601, UTC.
  package var startedAt: String
  /// The kernel: "Linux 6.18.44-fc-v669"; `nil` if it was not recorded.
  package var kernel: String?
  /// The date in the kernel's version (`uname -v`), as Debian writes it: "2026-11-15"; `nil` without one.
  package var built: String?
  /// The versions in the image of a virtual machine, and the compiler of its modules; `nil` elsewhere.
  package var image: String?
  /// The facts of the machine that costs depend on.
  package var machine: [Observation]
  /// `true` if its clock counts instructions.
  package var countsInstructions: Bool
  /// The live ABIs that were asked for, by name.
  package var backends: [String: MatrixBackend] = [:]

  /// ``MatrixDocument`` stores the back ends apart, equal answers of several runs once.
  private enum CodingKeys: CodingKey {
    case toolVersion, profile, seed, startedAt, kernel, built, image, machine, countsInstructions
  }

  /// The facts that costs depend on, in the order of a page.
  private static let machineFacts = [
    "machine", "CPU", EnvironmentFact.onlineCPUs, "hypervisor", "virtual machine", "accelerator",
  ]

  init(_ results: StudyResults) {
    toolVersion = results.run.toolVersion.bounded
    profile = results.run.profile.bounded
    seed = results.run.seed
    startedAt = results.run.startedAt.bounded
    kernel = results.environment.facts.value(of: "kernel")?.bounded
    built = results.environment.facts.value(of: "kernel version")?.firstMatch(of: /\d{4}-\d\d-\d\d/)
      .map { String($0.output) }
    image = results.environment.facts.value(of: "image")?.bounded
    machine = MatrixRun.machineFacts.compactMap { name in
      results.environment.facts.value(of: name).map { Observation(name, $0.bounded) }
    }
    countsInstructions = results.environment.countsInstructions
    backends = Dictionary(
      firstOf: results.backends.filter(\.isLive).map { ($0.name.bounded, MatrixBackend($0, in: results)) })
  }

  var unit: String { countsInstructions ? "instructions" : "ns" }

  /// By kernel, then by time and the rest; unlike runs are never equal in this order.
  package static func < (one: MatrixRun, other: MatrixRun) -> Bool {
    let (kernel, another) = (VersionNumber(one.kernel ?? ""), VersionNumber(other.kernel ?? ""))
    if kernel != another { return kernel < another }
    if one.key != other.key { return one.key.lexicographicallyPrecedes(other.key) }
    return one == other ? false : one.contents.lexicographicallyPrecedes(other.contents)
  }

  private var key: [String] {
    [startedAt, "\(seed)", profile, toolVersion, kernel ?? "", built ?? "", image ?? "", "\(countsInstructions)"]
      + machine.flatMap { [$0.name, $0.value] }
  }

  /// All answers as text, for an order of runs that agree in everything else.
  private var contents: [String] {
    backends.sorted { $0.key < $1.key }.flatMap { [$0.key] + $0.value.contents }
  }
}

/// The answers of one live ABI in one run.
package struct MatrixBackend: Sendable, Hashable {
  /// The name for a report.
  package var title: String
  /// The ABIs that it is one of, the most specific first.
  package var abis: [String]
  package var status: BackendResult.Status
  /// The reason why it did not run, or not to the end.
  package var reason: String?
  /// The software and its version; `nil` if it did not run.
  package var version: String?
  /// The answers, by claim; a question that does not apply has none.
  package var answers: [String: MatrixAnswer]
  package var losses: [MatrixLossName: MatrixLoss]
  /// The verdicts on the clauses of the protocol, by number.
  package var clauses: [Int: ClauseRecord.Verdict]
  /// The costs that the front page shows, by name.
  package var costs: [String: MatrixCost]
  /// `true` if the kernel's log was read.
  package var hasKernelLog: Bool
  /// Reports of trouble in the kernel's log, by title.
  package var troubles: [String: TroubleReports]

  init(_ result: BackendResult, in results: StudyResults) {
    (title, abis) = (result.title.bounded, result.abis.map(\.bounded))
    (status, reason, version) = (result.status, result.reason?.bounded, result.version?.bounded)
    answers = Dictionary(
      firstOf: results.probes.filter { $0.backend == result.name && $0.outcome != .doesNotApply }
        .map { ($0.id.bounded, MatrixAnswer($0)) })
    losses = Dictionary(
      firstOf: results.losses.filter { $0.backend == result.name }.map { (MatrixLossName($0), MatrixLoss($0)) })
    clauses = Dictionary(
      firstOf: results.clauses.filter { $0.backend == result.name }.map { ($0.clause, $0.verdict) })
    let troubles = results.kernelTroubles(of: result.name)
    hasKernelLog = troubles != nil
    self.troubles = Dictionary(
      (troubles ?? [:]).map { ($0.key.bounded, $0.value) }, uniquingKeysWith: +)
    let figures = Figures(results: results, backends: [result.name])
    costs = Dictionary(
      firstOf: figures.quantities(of: result.name).filter(\.cost.isStorable).map { ($0.name.bounded, $0.cost) })
  }

  init(
    title: String, abis: [String], status: BackendResult.Status, reason: String?, version: String?, hasKernelLog: Bool
  ) {
    (self.title, self.abis, self.status, self.reason, self.version) = (title, abis, status, reason, version)
    self.hasKernelLog = hasKernelLog
    (answers, losses, clauses, costs, troubles) = ([:], [:], [:], [:], [:])
  }

  /// `true` if it has a column: it ran, if not to the end.
  var hasColumn: Bool { status != .skipped }

  /// Everything as text, in an order of its own.
  fileprivate var contents: [String] {
    var parts = [title, abis.joined(separator: " "), status.rawValue, reason ?? "", version ?? ""]
    for (claim, answer) in answers.sorted(by: { $0.key < $1.key }) {
      parts += [claim, answer.answer ?? "", answer.outcome.rawValue, answer.basis.rawValue, answer.reason ?? ""]
    }
    for (name, loss) in losses.sorted(by: { $0.key < $1.key }) {
      parts += [name.mode.rawValue, name.scenario] + loss.contents
    }
    for (clause, verdict) in clauses.sorted(by: { $0.key < $1.key }) { parts += ["\(clause)", verdict.rawValue] }
    for (name, cost) in costs.sorted(by: { $0.key < $1.key }) {
      parts += [name, "\(cost.median)", "\(cost.least)", "\(cost.greatest)"]
    }
    for (title, trouble) in troubles.sorted(by: { $0.key < $1.key }) {
      parts += [title, "\(trouble.reports)", "\(trouble.isByChance)"] + trouble.parts
    }
    return parts + ["\(hasKernelLog)"]
  }
}

/// The answer to one claim in one run.
package struct MatrixAnswer: Codable, Sendable, Hashable {
  /// The answer; `nil` if the probe did not decide.
  package var answer: String?
  package var outcome: ProbeResult.Outcome
  /// The source of the expectation.
  package var basis: ProbeRecord.Basis
  /// The reason why the probe is undecided or was not made.
  package var reason: String?

  init(_ result: ProbeResult) {
    (answer, outcome, basis) = (result.answer?.bounded, result.outcome, result.basis)
    reason = result.reason?.bounded
  }

  /// The answer with its mark, or the outcome of a probe without one.
  var text: String { ProbeResult.shortCell(answer, outcome, basis) }

  init(answer: String?, outcome: ProbeResult.Outcome, basis: ProbeRecord.Basis, reason: String? = nil) {
    (self.answer, self.outcome, self.basis, self.reason) = (answer, outcome, basis, reason)
  }
}

/// A loss scenario in a mode.
package struct MatrixLossName: Codable, Sendable, Hashable, Comparable {
  package var mode: RingMode
  package var scenario: String

  init(_ result: LossResult) {
    (mode, scenario) = (result.mode, result.scenario.bounded)
  }

  init(mode: RingMode, scenario: String) {
    (self.mode, self.scenario) = (mode, scenario)
  }

  /// By mode, then by name.
  package static func < (one: MatrixLossName, other: MatrixLossName) -> Bool {
    (one.mode.rawValue, one.scenario) < (other.mode.rawValue, other.scenario)
  }
}

/// The reports of the channels in one loss scenario of one run.
package struct MatrixLoss: Codable, Sendable, Hashable {
  /// The relation of each channel's report, and of each total, to the true loss, in the words of the report; several words if
  /// other seeds give another relation. ``bookkeeping`` has the violation of conservation, if there is one.
  package var reports: [String: String]
  /// The reason why the scenario was not made.
  package var skipped: String?

  /// The name of the check that produced events are delivered, lost or cleared.
  static let bookkeeping = "bookkeeping"

  init(_ result: LossResult) {
    let judgements = result.judgements
    reports = Dictionary(grouping: judgements.flatMap(\.allChannels), by: \.channel.bounded).mapValues { verdicts in
      Set(verdicts.map(\.relation.rawValue)).sorted().joined(separator: ", ")
    }
    reports[Self.bookkeeping] = judgements.lazy.compactMap(\.violations.first).first?.bounded
    skipped = result.skipped?.bounded
  }

  /// The relation of a channel's report to the loss.
  func report(of channel: String) -> String? {
    reports[channel] ?? (channel == Self.bookkeeping ? "adds up" : nil)
  }

  fileprivate var contents: [String] {
    reports.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } + [skipped ?? ""]
  }
}

/// A cost of one run: the median of its trials and their range.
package struct MatrixCost: Codable, Sendable, Hashable {
  package var median: Double
  package var least: Double
  package var greatest: Double

  init(_ value: Figures.Value) {
    self.init(median: value.median, least: value.range.lowerBound, greatest: value.range.upperBound)
  }

  init(median: Double, least: Double, greatest: Double) {
    (self.median, self.least, self.greatest) = (median, least, greatest)
  }

  /// `true` if the numbers go together and are within the limit of results.
  var isStorable: Bool {
    least <= median && median <= greatest && max(abs(least), abs(greatest)) <= JSONLimits.greatest
  }
}

extension String {
  /// The greatest number of characters of a text in a matrix.
  static let mostInMatrix = 500

  /// The text cut to ``mostInMatrix`` characters: results may contain any text.
  var bounded: String { count <= Self.mostInMatrix ? self : prefix(Self.mostInMatrix - 1) + "…" }
}
