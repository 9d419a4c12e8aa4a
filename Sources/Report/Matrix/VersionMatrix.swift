import Study

/// The answers of runs on several versions of the live ABIs: the contents of `matrix.json`, from which the pages are made.
///
/// A matrix is a set of runs. Merging is the union, so the order of the files and their repetition change nothing.
public struct VersionMatrix: Sendable, Equatable {
  /// The runs, each once, in ascending order of kernel, time and contents.
  public private(set) var runs: [MatrixRun]
  /// The versions that could not be made, each once.
  public private(set) var failures: [MatrixFailure]
  /// The claims of the runs, by their stable names.
  public private(set) var claims: [String: MatrixClaim]
  /// The loss scenarios of the runs, by their names.
  public private(set) var scenarios: [String: MatrixScenario]

  /// A matrix of runs; the results are taken as they were judged.
  public init(_ results: [Results], failures: [MatrixFailure] = []) {
    self.init(
      runs: results.map(MatrixRun.init), failures: failures,
      claims: results.flatMap { $0.probes.map { ($0.id.bounded, MatrixClaim($0)) } },
      scenarios: results.flatMap { $0.losses.map { ($0.scenario.bounded, MatrixScenario($0)) } })
  }

  /// The union of some matrices.
  public init(merging matrices: [VersionMatrix]) {
    self.init(
      runs: matrices.flatMap(\.runs), failures: matrices.flatMap(\.failures),
      claims: matrices.flatMap { $0.claims.map { ($0.key, $0.value) } },
      scenarios: matrices.flatMap { $0.scenarios.map { ($0.key, $0.value) } })
  }

  init(
    runs: [MatrixRun], failures: [MatrixFailure], claims: [(String, MatrixClaim)],
    scenarios: [(String, MatrixScenario)]
  ) {
    self.runs = runs.uniqued { $0 }.sorted()
    self.failures = failures.filter { !$0.isOver(by: runs) }.uniqued { $0 }.sorted()
    // Where two versions of this program word a claim differently, the order of the files must not decide.
    self.claims = Dictionary(claims, uniquingKeysWith: min)
    self.scenarios = Dictionary(scenarios, uniquingKeysWith: { $0.merged(with: $1) })
  }

  /// `true` if there is nothing to show.
  public var isEmpty: Bool { runs.isEmpty && failures.isEmpty }
}

/// A version that could not be made, or not completely: its column or a part of it is missing.
public struct MatrixFailure: Codable, Sendable, Hashable, Comparable {
  /// The version that was asked for: "6.16.3".
  public var version: String
  /// The step that failed: "build lttng-modules".
  public var step: String
  /// The reason.
  public var reason: String
  /// The remedy; empty if none is known.
  public var remedy: String

  /// Describes a failure.
  public init(version: String, step: String, reason: String, remedy: String) {
    (self.version, self.step) = (version.bounded, step.bounded)
    (self.reason, self.remedy) = (reason.bounded, remedy.bounded)
  }

  /// The step of a study that gave no results.
  public static let run = "run the study in a virtual machine"

  /// `true` if the study that gave no results has been made since.
  fileprivate func isOver(by runs: [MatrixRun]) -> Bool {
    step == MatrixFailure.run
      && runs.contains { $0.kernel.map(VersionNumber.init)?.text == VersionNumber(version).text }
  }

  private var key: [String] { [step, reason, remedy] }

  /// By version, then by text.
  public static func < (one: MatrixFailure, other: MatrixFailure) -> Bool {
    let (version, another) = (VersionNumber(one.version), VersionNumber(other.version))
    return version == another ? one.key.lexicographicallyPrecedes(other.key) : version < another
  }
}

/// The words of a claim, for a program whose catalogue lacks it.
public struct MatrixClaim: Codable, Sendable, Hashable, Comparable {
  /// The topic.
  public var topic: Topic
  /// The claim in a few words.
  public var title: String

  init(_ result: ProbeResult) {
    (topic, title) = (result.topic, result.title.bounded)
  }

  /// By title, then by topic.
  public static func < (one: MatrixClaim, other: MatrixClaim) -> Bool {
    (one.title, one.topic.rawValue) < (other.title, other.topic.rawValue)
  }
}

/// The words of a loss scenario.
public struct MatrixScenario: Codable, Sendable, Hashable {
  /// The course of events, in a sentence.
  public var title: String
  /// `true` if producer and reader ran at the same time, so that the loss differs from run to run.
  public var isConcurrent: Bool
  /// `true` if another seed may find something else.
  public var dependsOnSeed: Bool

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
