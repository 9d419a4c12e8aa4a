import BackendList
import Foundation
import Report
import Results
import Study
import Testing

/// The judges of the catalogue on the observations of the committed studies and of other versions.
@Suite struct JudgeTests {
  private static let studies = CommittedStudies.all
  private static let all = studies + VersionResults.all

  private func results(_ study: String) throws -> StudyResults {
    try VersionResults.read(study) ?? CommittedStudies.results(study)
  }

  @Test(arguments: all) func `stored observations are judged as in the committed report`(_ study: String) throws {
    let isVersion = VersionResults.all.contains(study)
    let file =
      isVersion
      ? VersionResults.directory.appending(path: "\(study).ktap")
      : CommittedStudies.directory.appending(path: "\(study)/report.ktap")
    let committed = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let now = KTAPReport.render(try results(study)).split(separator: "\n")
    #expect(now.count == committed.count)
    for (now, committed) in zip(now, committed) { #expect(now == committed) }
  }

  @Test(arguments: all) func `an answer is one to six words without a full stop`(_ study: String) throws {
    for probe in try results(study).probes where probe.isDecided {
      let answer = try #require(probe.answer, "\(probe.id) on \(probe.backend)")
      let words = answer.split(separator: " ")
      #expect((1...Answer.longest).contains(words.count), "\(probe.id) on \(probe.backend): \(answer)")
      #expect(!answer.hasSuffix("."), "\(probe.id) on \(probe.backend): \(answer)")
    }
  }

  @Test(arguments: studies) func `a study has every claim of the catalogue`(_ study: String) throws {
    let stored = try results(study)
    let made = Set(stored.probes.map(\.id))
    #expect(made == Set(BackendList.claims.map(\.id)))
    for probe in stored.probes where probe.outcome == .notTested || probe.outcome == .undecided {
      #expect(probe.reason?.isEmpty == false, "\(probe.id) on \(probe.backend)")
    }
  }

  @Test func `a title has at most 60 characters`() {
    for claim in BackendList.claims { #expect(claim.title.count <= 60, "\(claim.id): \(claim.title)") }
  }

  @Test func `a negative event size in stored results does not trap`() throws {
    let claim = try #require(BackendList.claims.first { $0.id == "sampled-positions" })
    let expectation = try #require(claim.expectation(of: [ABI("lttng-ust")]))
    let evidence = [
      Observation("first sample", "0"), Observation("second sample", "0"), Observation("size of an event", "-1"),
      Observation("produced of the first", "125"), Observation("produced of the second", "157"),
    ]
    let record = ProbeRecord(claim, expectation, backend: "lttng-ust", ProbeObservations(evidence: evidence))
    let result = ProbeResult(judging: record, by: claim, abis: [ABI("lttng-ust")])
    #expect(result.outcome == .contradicts)
  }

  /// Varies the stored observations of each probe until its judge answers the opposite.
  @Test(arguments: all) func `every judge can find the opposite, and answers it in other words`(
    _ study: String
  ) throws {
    let stored = try results(study)
    // Other versions were run with one back end; observations of the others are those of the first study.
    let more = VersionResults.all.contains(study) ? try results(Self.studies[0]).probes : []
    let claims = Dictionary(uniqueKeysWithValues: BackendList.claims.map { ($0.id, $0) })
    let backends = Dictionary(uniqueKeysWithValues: stored.backends.map { ($0.name, $0.abis.map(ABI.init)) })
    for probe in stored.probes where probe.isDecided && !JudgeOutcomesTests.claims.contains(probe.id) {
      let claim = try #require(claims[probe.id])
      let expectation = try #require(claim.expectation(of: backends[probe.backend] ?? []))
      var answers = AnswersOfOneJudge(claim: claim, expectation: expectation)
      answers.judge(probe.evidence)
      let variations = Variations(of: probe.evidence)
      variations.single.forEach { answers.judge($0) }
      // If a ring buffer refuses every call from some point on, the observations of other back ends are used instead.
      let others = (stored.probes + more).filter { other in
        other.id == probe.id && other.backend != probe.backend && !other.evidence.isEmpty
      }
      answers.judgeUntilTheOpposite(others.map(\.evidence))
      answers.judgeUntilTheOpposite(variations.double)
      for other in others {
        answers.judgeUntilTheOpposite(Variations(of: other.evidence).single)
        answers.judgeUntilTheOpposite(Variations(of: other.evidence).double)
      }
      #expect(answers.includeTheOpposite, "\(probe.id) on \(probe.backend): \(probe.outcome.rawValue)")
      #expect(answers.ambiguous.isEmpty, "\(probe.id) on \(probe.backend)")
    }
  }
}

extension ProbeResult.Outcome {
  /// `nil` if nothing was decided.
  fileprivate var isExpected: Bool? {
    switch self {
    case .asDocumented, .asAssumed: true
    case .contradicts, .notAsAssumed: false
    case .undecided, .notTested, .doesNotApply: nil
    }
  }
}

/// The answers of one judge to several sets of observations.
private struct AnswersOfOneJudge {
  let claim: Claim
  let expectation: Results.Expectation
  private(set) var expected: Set<String> = []
  private(set) var unexpected: Set<String> = []

  var includeTheOpposite: Bool { !expected.isEmpty && !unexpected.isEmpty }
  /// Answers that are as expected for some observations and not for others.
  var ambiguous: Set<String> { expected.intersection(unexpected) }

  init(claim: Claim, expectation: Results.Expectation) {
    self.claim = claim
    self.expectation = expectation
  }

  mutating func judge(_ evidence: [Observation]) {
    let (outcome, answer, _) = expectation.judgement(
      on: Evidence(evidence), reaching: claim.marks(of: expectation) ?? .nothing)
    guard let isExpected = outcome.isExpected, let answer else { return }
    if isExpected { expected.insert(answer) } else { unexpected.insert(answer) }
  }

  mutating func judgeUntilTheOpposite(_ observations: some Sequence<[Observation]>) {
    for evidence in observations {
      if includeTheOpposite { return }
      judge(evidence)
    }
  }
}

/// Variations of observations under the same names: one changed, all changed alike, or two changed. Observations of
/// both modes or of several sizes change together.
private struct Variations {
  private let evidence: [Observation]
  /// The changes of one observation or one group: the new values by index.
  private let changes: [[[Int: String]]]

  init(of evidence: [Observation]) {
    self.evidence = evidence
    let candidates = Set(evidence.map(\.value)).union(Variations.usual)
    // `overwrite: first event` and `discard: first event` belong to one group.
    let groups = Dictionary(grouping: evidence.indices) { index in
      evidence[index].name.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    }
    let sets = evidence.indices.map { [$0] } + groups.values.filter { $0.count > 1 } + [Array(evidence.indices)]
    changes = sets.filter { !$0.isEmpty }.map { set in
      Variations.others(than: evidence[set[0]].value, candidates).map { value in
        Dictionary(uniqueKeysWithValues: set.map { ($0, value) })
      }
    }
  }

  /// The observations with one change.
  var single: some Sequence<[Observation]> {
    changes.lazy.joined().map(applied)
  }

  /// The observations with two changes.
  var double: some Sequence<[Observation]> {
    changes.indices.lazy.flatMap { first in
      changes[(first + 1)...].lazy.joined().flatMap { other in
        changes[first].lazy.map { applied($0.merging(other) { one, _ in one }) }
      }
    }
  }

  private func applied(_ change: [Int: String]) -> [Observation] {
    evidence.enumerated().map { Observation($1.name, change[$0] ?? $1.value) }
  }

  /// Frequent values of observations.
  private static let usual: Set = [
    "0", "1", "2", "4", "80", "none", "no error", "works", "refused: EINVAL (22)", "true", "false", "POLLIN", "POLLHUP",
    "-EAGAIN (-11)", "-ENODATA (-61)", "-EIO (-5)", "-EINVAL (-22)", "0, 1, 2", "0, 2", "signal 7",
  ]

  private static func others(than value: String, _ candidates: Set<String>) -> [String] {
    var others = candidates
    if let number = Int64(value) {
      others.formUnion([number + 1, number - 1, 2 * number, number + 1_000_000].map(String.init))
    } else {
      others.formUnion(candidates.compactMap(Int64.init).map { "\($0) events" })
    }
    // A flag within a text.
    others.insert(value.replacing(": 0", with: ": 1"))
    others.insert(value.replacing("bit 30: 1", with: "bit 30: 0"))
    others.remove(value)
    return others.sorted()
  }
}
