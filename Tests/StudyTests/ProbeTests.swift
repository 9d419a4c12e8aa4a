import Results
@testable import Study
import SubbufferSource
import Testing

@Suite struct ProbeTests {
  private typealias Expectation = Results.Expectation

  private static let abi = ABI("kernel")

  private func claim(_ expectation: Expectation) -> Claim {
    Claim(
      "claim", .misuse, title: "A claim", question: "Is it so?", source: "somebody", procedure: "look",
      [Self.abi: expectation])
  }

  private func result(_ expectation: Expectation, _ observed: ProbeObservations) -> ProbeResult {
    ProbeResult(
      judging: ProbeRecord(claim(expectation), expectation, backend: "backend", observed), by: claim(expectation),
      abis: [Self.abi])
  }

  private static let seenThree = ProbeObservations(evidence: [Observation("seen", 3)])

  @Test(arguments: [(Int64(3), ProbeResult.Outcome.asDocumented), (4, .contradicts)])
  func `the answer is computed from the observations`(expected: Int64, outcome: ProbeResult.Outcome) {
    let result = result(
      .documented("\(expected)") { seen in try Answer("\(seen.number("seen"))", expected: "\(expected)") },
      Self.seenThree)
    #expect(result.outcome == outcome && result.answer == "3")
    #expect(result.basis == .documented && result.reason == nil)
    #expect(result.backend == "backend" && result.question == "Is it so?" && result.topic == .misuse)
    #expect(result.evidence == [Observation("seen", "3")])
  }

  @Test func `an undocumented expectation gives "as assumed" or "not as assumed"`() {
    let judge: Expectation.Judge = { seen in try .yes(seen.number("seen") == 4) }
    #expect(result(.assumed("4", judge), Self.seenThree).outcome == .notAsAssumed)
    let asOther = result(.assumed("4", from: "lttng-ust", judge), Self.seenThree)
    #expect(asOther.outcome == .notAsAssumed && asOther.basis == .otherABI)
    #expect(asOther.expectation == "as lttng-ust: 4" && asOther.answer == "no")
    #expect(result(.assumed("3") { seen in try .yes(seen.number("seen") == 3) }, Self.seenThree).outcome == .asAssumed)
  }

  @Test func `a probe that needs a boot of its own throws before its first step`() {
    let probe = Probe(claim(.documented("3") { _ in .yes(true) }), boot: .mayEndTheKernel) { evidence in
      evidence.add("seen", 3)
    }
    let observed = ProbeObservations(probe)
    #expect(observed.evidence.isEmpty)
    #expect(observed.failure?.contains("it may end the kernel") == true)
    #expect(observed.failure?.contains("abi-compare vm probe claim") == true)
  }

  @Test func `an observation that is missing or no number leaves the question undecided`() {
    let observed = ProbeObservations(evidence: [Observation("seen", "-EAGAIN")])
    #expect(result(.assumed("1") { try .yes($0.number("seen") == 1) }, observed).outcome == .undecided)
    let missing = result(.assumed("1") { try .yes($0["other"] == "1") }, observed)
    #expect(missing.outcome == .undecided && missing.reason?.contains("other") == true)
  }

  @Test func `a probe that fails is undecided whatever it observed`() throws {
    let probe = Probe(claim(.documented("3") { _ in .yes(true) })) { (evidence) throws(SourceError) in
      evidence.add("seen", 3)
      throw SourceError(call: "mmap", errno: .noMemory, remedy: "free some")
    }
    let observed = ProbeObservations(probe)
    #expect(observed.evidence == [Observation("seen", 3)])
    let result = result(.documented("3") { _ in .yes(true) }, observed)
    #expect(result.outcome == .undecided && result.answer == nil)
    #expect(result.reason?.contains("mmap") == true && result.failure == result.reason)
  }

  @Test func `stored records are judged by the present claims, and without one not at all`() {
    let old = claim(.documented("4") { seen in try .yes(seen.number("seen") == 4) })
    var records = StudyRecords(
      run: RunDescription(toolVersion: "", command: [], profile: "", seed: 0, startedAt: "", seconds: 0),
      environment: RunEnvironment(facts: []),
      backends: [BackendResult(name: "backend", title: "", isLive: true, abis: ["kernel"], status: .ran)],
      operations: [], probes: [], latency: [], losses: [], clauses: [], modelChecks: [])
    records.probes = [ProbeRecord(old, old.expectations[Self.abi]!, backend: "backend", Self.seenThree)]
    let now = claim(.documented("3") { seen in try .yes(seen.number("seen") == 3) })
    #expect(StudyResults(judging: records, by: ProbeJudges([now])).probes.map(\.outcome) == [.asDocumented])
    let unknown = StudyResults(judging: records, by: ProbeJudges([]))
    #expect(unknown.probes.map(\.outcome) == [.undecided])
    #expect(unknown.probes[0].reason?.contains("no judge") == true)
    #expect(unknown.records == records)
  }

  @Test func `a probe that was not made is not tested, or does not apply`() {
    let expectation = Expectation.documented("3") { _ in .yes(true) }
    let notMade = ProbeRecord(claim(expectation), expectation, backend: "backend", notMade: "no time")
    let result = ProbeResult(judging: notMade, by: claim(expectation), abis: [Self.abi])
    #expect(result.outcome == .notTested && result.reason == "no time")
    let none = ProbeRecord(claim(expectation), nil, backend: "backend", notMade: "no such call")
    #expect(ProbeResult(judging: none, by: nil, abis: []).outcome == .doesNotApply)
  }
}
