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

  /// The outcome without `--strict`, and with it.
  private func outcomes(_ change: (inout StudyResults) -> Void) -> [StudyOutcome] {
    [false, true].map { results(change).outcome(strict: $0) }
  }

  @Test func `a study without defects is made`() {
    #expect(outcomes { _ in } == [.made, .made])
    #expect(
      outcomes { $0.probes = [probe(on: "live", .asDocumented), probe(on: "live", .notTested)] } == [.made, .made])
    #expect(
      outcomes { $0.clauses = [clause(on: "live", .kept), clause(on: "live", .notApplicable)] } == [.made, .made])
    #expect(outcomes { $0.backends = [] } == [.made, .made])
  }

  @Test func `a back end that the machine stopped stops the study, unless something is broken`() {
    #expect(outcomes { $0.backends[0].status = .stopped } == [.stopped, .stopped])
    #expect(
      outcomes {
        $0.backends[0].status = .stopped
        $0.clauses = [clause(on: "model", .broken)]
      } == [.broken, .broken])
  }

  @Test func `a contradiction counts only with --strict`() {
    #expect(outcomes { $0.probes = [probe(on: "live", .contradicts)] } == [.made, .contradicts])
    #expect(
      outcomes { $0.probes = [probe(on: "live", .undecided), probe(on: "live", .contradicts)] } == [
        .made, .contradicts,
      ])
  }

  @Test func `only a live ABI can contradict its documentation`() {
    #expect(outcomes { $0.probes = [probe(on: "live", .notAsAssumed, .assumed)] } == [.made, .made])
    #expect(outcomes { $0.probes = [probe(on: "live", .notAsAssumed, .otherABI)] } == [.made, .made])
    #expect(outcomes { $0.probes = [probe(on: "model", .contradicts)] } == [.made, .made])
    #expect(outcomes { $0.probes = [probe(on: "unknown", .contradicts)] } == [.made, .made])
  }

  @Test func `an undecided question of a live ABI counts only with --strict`() {
    #expect(outcomes { $0.probes = [probe(on: "live", .undecided, .assumed)] } == [.made, .undecided])
    #expect(outcomes { $0.probes = [probe(on: "model", .undecided)] } == [.made, .made])
    #expect(outcomes { $0.clauses = [clause(on: "live", .inconclusive)] } == [.made, .undecided])
    #expect(outcomes { $0.losses = [loss(["1: 0-4"], malformed: "offset 20")] } == [.made, .undecided])
  }

  @Test func aDefectAlwaysCounts() {
    #expect(outcomes { $0.backends[1].status = .failed } == [.broken, .broken])
    #expect(outcomes { $0.clauses = [clause(on: "model", .broken)] } == [.broken, .broken])
    #expect(outcomes { $0.losses = [loss(["1: 0-4"])] } == [.made, .made])
    #expect(outcomes { $0.losses = [loss(["1: 0-4", "2: 3-5"])] } == [.broken, .broken])
    #expect(outcomes { $0.losses = [loss(["1: 0-4", "2: 7-9", "3: 6"])] } == [.broken, .broken])
    #expect(outcomes { $0.losses = [loss(["1: 0-4, 10"])] } == [.broken, .broken])
    var check = ModelCheckResult(
      backend: "model", mode: .discard, schedules: 1, steps: 1, exchanges: 0, delivered: 1, lost: 0)
    #expect(outcomes { $0.modelChecks = [check] } == [.made, .made])
    check.violations = [ModelCheckResult.Violation(schedule: "", seed: 1, what: "")]
    #expect(outcomes { $0.modelChecks = [check] } == [.broken, .broken])
  }

  @Test func everythingIsSkipped() {
    #expect(
      outcomes { $0.backends = [backend("live", .skipped), backend("model", isLive: false, .skipped)] } == [
        .allSkipped, .allSkipped,
      ])
    #expect(outcomes { $0.backends[0].status = .skipped } == [.made, .made])
  }
}
