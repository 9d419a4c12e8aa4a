import Results
@testable import Study
import TestResults
import Testing

/// The exit code that follows from results.
@Suite struct StudyOutcomeTests {
  private func backend(
    _ name: String, isLive: Bool = true, _ status: BackendResult.Status = .ran
  ) -> BackendResult {
    BackendResult(name: name, title: "", isLive: isLive, status: status)
  }

  private func probe(
    on backend: String, _ outcome: ProbeResult.Outcome, _ basis: ProbeRecord.Basis = .documented
  ) -> ProbeResult {
    ProbeResult(
      ProbeRecord(
        id: "claim", topic: .misuse, title: "", question: "", source: "", procedure: "", backend: backend,
        expectation: "", basis: basis),
      outcome: outcome)
  }

  private func clause(on backend: String, _ verdict: ClauseRecord.Verdict) -> ClauseRecord {
    ClauseRecord(backend: backend, clause: 1, title: "", verdict: verdict, cases: 1)
  }

  private func loss(_ handovers: [String], malformed: String? = nil) -> LossResult {
    let history = LossHistory.of(10, handovers, malformed: malformed)
    return LossResult(
      LossRecord(
        backend: "live", mode: .discard, scenario: "stalled", group: .reader, title: "", history: history))
  }

  private func results(_ change: (inout StudyResults) -> Void = { _ in }) -> StudyResults {
    var results = StudyResults(
      run: RunDescription(toolVersion: "", command: [], profile: "", seed: 0, startedAt: "", seconds: 0),
      environment: RunEnvironment(facts: []), backends: [backend("live"), backend("model", isLive: false)],
      operations: [], probes: [], latency: [], losses: [], clauses: [], modelChecks: [])
    change(&results)
    return results
  }

  private func codes(_ change: (inout StudyResults) -> Void) -> [Int32] {
    [false, true].map { results(change).outcome(strict: $0).exitCode }
  }

  @Test func `a study without defects ends with 0`() {
    #expect(codes { _ in } == [0, 0])
    #expect(codes { $0.probes = [probe(on: "live", .asDocumented), probe(on: "live", .notTested)] } == [0, 0])
    #expect(codes { $0.clauses = [clause(on: "live", .kept), clause(on: "live", .notApplicable)] } == [0, 0])
    #expect(codes { $0.backends = [] } == [0, 0])
  }

  @Test func `a back end that the machine stopped is 75, unless something is broken`() {
    #expect(codes { $0.backends[0].status = .stopped } == [75, 75])
    #expect(
      codes {
        $0.backends[0].status = .stopped
        $0.clauses = [clause(on: "model", .broken)]
      } == [1, 1])
  }

  @Test func `a contradiction counts only with --strict`() {
    #expect(codes { $0.probes = [probe(on: "live", .contradicts)] } == [0, 1])
    #expect(codes { $0.probes = [probe(on: "live", .undecided), probe(on: "live", .contradicts)] } == [0, 1])
  }

  @Test func `only a live ABI can contradict its documentation`() {
    #expect(codes { $0.probes = [probe(on: "live", .notAsAssumed, .assumed)] } == [0, 0])
    #expect(codes { $0.probes = [probe(on: "live", .notAsAssumed, .otherABI)] } == [0, 0])
    #expect(codes { $0.probes = [probe(on: "model", .contradicts)] } == [0, 0])
    #expect(codes { $0.probes = [probe(on: "unknown", .contradicts)] } == [0, 0])
  }

  @Test func `an undecided question of a live ABI counts only with --strict`() {
    #expect(codes { $0.probes = [probe(on: "live", .undecided, .assumed)] } == [0, 2])
    #expect(codes { $0.probes = [probe(on: "model", .undecided)] } == [0, 0])
    #expect(codes { $0.clauses = [clause(on: "live", .inconclusive)] } == [0, 2])
    #expect(codes { $0.losses = [loss(["1: 0-4"], malformed: "offset 20")] } == [0, 2])
  }

  @Test func aDefectAlwaysCounts() {
    #expect(codes { $0.backends[1].status = .failed } == [1, 1])
    #expect(codes { $0.clauses = [clause(on: "model", .broken)] } == [1, 1])
    #expect(codes { $0.losses = [loss(["1: 0-4"])] } == [0, 0])
    #expect(codes { $0.losses = [loss(["1: 0-4", "2: 3-5"])] } == [1, 1])
    #expect(codes { $0.losses = [loss(["1: 0-4", "2: 7-9", "3: 6"])] } == [1, 1])
    #expect(codes { $0.losses = [loss(["1: 0-4, 10"])] } == [1, 1])
    var check = ModelCheckResult(
      backend: "model", mode: .discard, schedules: 1, steps: 1, exchanges: 0, delivered: 1, lost: 0)
    #expect(codes { $0.modelChecks = [check] } == [0, 0])
    check.violations = [ModelCheckResult.Violation(schedule: "", seed: 1, what: "")]
    #expect(codes { $0.modelChecks = [check] } == [1, 1])
  }

  @Test func everythingSkippedIsFour() {
    #expect(codes { $0.backends = [backend("live", .skipped), backend("model", isLive: false, .skipped)] } == [4, 4])
    #expect(codes { $0.backends[0].status = .skipped } == [0, 0])
  }
}
