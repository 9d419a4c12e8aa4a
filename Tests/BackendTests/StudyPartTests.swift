import Glibc
import LTTngUSTBackend
import Platform
import Results
@testable import Study
import SubbufferSource
import Synchronization
import Testing
import TracefsBackend

/// Study parts that run in parallel or alone, and the merging of their findings.
@Suite struct StudyPartTests {
  private let live = LTTngUSTStudy(producerCPU: 0)
  private let model = KernelModelStudy.asMerged(producerCPU: 0)

  @Test func `a part that the machine ends stops its back end`() throws {
    let backend = model
    for (kind, status) in [(SourceError.Kind.machine, BackendResult.Status.stopped), (.call, .failed)] {
      var findings = StudyFindings()
      findings.add(backend, status: .ran)
      try findings.attempt(backend) { (_) throws(SourceError) in throw SourceError(kind, call: "mmap") }
      #expect(findings.backends[0].status == status)
    }
  }

  /// The parts that ran in parallel with each part.
  private final class Log: Sendable {
    struct State {
      var running: Set<String> = []
      var companions: [String: Set<String>] = [:]
      var pinnedAfter: Set<String>?
    }
    let state = Mutex(State())

    func making(_ name: String) {
      state.withLock { state in
        for other in state.running {
          state.companions[other, default: []].insert(name)
          state.companions[name, default: []].insert(other)
        }
        state.companions[name, default: []].formUnion([])
        state.running.insert(name)
      }
      // Lets other parts begin.
      for _ in 0..<200 { sched_yield() }
      _ = state.withLock { $0.running.remove(name) }
    }
  }

  private func part(
    _ name: String, _ backend: any StudiedBackend, _ concurrency: StudyPart.Concurrency, _ log: Log,
    failing: Bool = false
  ) -> StudyPart {
    StudyPart(backend: backend, name: name, concurrency: concurrency) { (findings) throws(SourceError) in
      log.making(name)
      if failing { throw SourceError(call: "make \(name)") }
      findings.losses.append(
        LossRecord(backend: backend.name, mode: .discard, scenario: name, group: .reader, title: ""))
    }
  }

  private func run(_ log: Log) -> StudyRun {
    var run = StudyRun(
      profile: .quick, seed: 0, placement: CPUPlacement.choose(), catalogue: [],
      observe: { (probe, _) throws(SourceError) in ProbeObservations(probe) })
    run.pinReader = { log.state.withLock { $0.pinnedAfter = Set($0.companions.keys) } }
    return run
  }

  @Test func partsThatNeedTheMachineAreMadeAlone() throws {
    let log = Log()
    var parts = (0..<8).map { part("any \($0)", model, .any, log) }
    parts.insert(part("alone", live, .exclusive, log), at: 2)
    parts += (0..<4).map { part("other \($0)", live, .perBackend, log) }
    var findings = StudyFindings()
    try run(log).make(parts, &findings)

    let state = log.state.withLock { $0 }
    #expect(state.companions["alone"] == [])
    #expect(state.pinnedAfter == Set(parts.map(\.name)).subtracting(["alone"]))
    for name in state.companions.keys where name.hasPrefix("other") {
      #expect(state.companions[name]?.contains { $0.hasPrefix("other") } == false, "\(name)")
    }
    #expect(findings.losses.map(\.scenario) == parts.map(\.name))
  }

  @Test func oneThatFailsMarksItsBackEndAndTheOthersGoOn() throws {
    let log = Log()
    let parts = [
      part("first", model, .any, log), part("second", model, .any, log, failing: true),
      part("third", model, .any, log), part("fourth", model, .exclusive, log, failing: true),
    ]
    var findings = StudyFindings()
    findings.add(model, status: .ran)
    try run(log).make(parts, &findings)
    #expect(findings.losses.map(\.scenario) == ["first", "third"])
    #expect(findings.backends.map(\.status) == [.failed])
    #expect(findings.backends.first?.reason?.contains("make second") == true)
  }

  @Test func `the scenarios that a profile leaves out are in the findings`() throws {
    var run = run(Log())
    #expect(try run(on: []).lossScenariosLeftOut.contains("slow-reader"))
    run.scenarios = LossScenario.all
    #expect(try run(on: []).lossScenariosLeftOut.isEmpty)
  }

  @Test func scenariosInWhichBothRunOrAReaderIsKilledNeedTheMachine() {
    let names = LossScenario.all.filter(\.needsTheMachine).map(\.name)
    #expect(
      Set(names) == [
        "keeps-up", "races", "slow-reader", "stalled-then-resumes", "producer-killed-writing", "killed-holding",
        "killed-holding-then-lapped",
      ])
  }

  @Test func theEstimateIsASumOfCountsAndUnitCosts() {
    let log = Log()
    var slow = part("slow", live, .perBackend, log)
    slow.rings = 10
    slow.seconds = 1
    var quick = part("quick", model, .any, log)
    quick.seconds = 2
    var alone = part("alone", live, .exclusive, log)
    alone.seconds = 100
    var estimate = StudyEstimate()
    estimate.add([slow, quick, alone], ringSeconds: [live.name: 0.5], threads: 4)
    #expect(estimate.seconds == 106)
    #expect(estimate.text == "106 s")
    estimate.add(seconds: 30)
    #expect(estimate.text == "3 minutes")
  }
}
