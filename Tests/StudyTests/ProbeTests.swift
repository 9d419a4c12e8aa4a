import SubbufferSource
import Testing

@testable import Study

@Suite struct ProbeTests {
  private typealias Expectation = Study.Expectation

  private static let abi = ABI("kernel")

  private func claim(_ expectation: Expectation) -> Claim {
    Claim(
      "claim", .misuse, title: "A claim", question: "Is it so?", source: "somebody", procedure: "look",
      [Self.abi: expectation])
  }

  private func result(_ expectation: Expectation, _ observed: ProbeObservations) -> ProbeResult {
    ProbeResult(claim(expectation), expectation, backend: "backend", observed)
  }

  private static let seenThree = ProbeObservations(evidence: [Observation("seen", 3)])

  @Test(arguments: [(Int64(3), ProbeResult.Verdict.holds), (4, .refuted)])
  func aClaimIsJudgedByWhatWasObserved(expected: Int64, verdict: ProbeResult.Verdict) {
    let result = result(.stated("\(expected)") { seen in try seen.number("seen") == expected }, Self.seenThree)
    #expect(result.verdict == verdict)
    #expect(result.basis == .stated && result.reason == nil)
    #expect(result.backend == "backend" && result.question == "Is it so?" && result.topic == .misuse)
    #expect(result.evidence == [Observation("seen", "3")])
  }

  @Test func aPremiseThatDidNotComeAboutDecidesNothing() {
    let result = result(
      .stated("yes") { seen in
        try seen.require(seen.number("seen") > 3, "too little was seen")
        return true
      }, Self.seenThree)
    #expect(result.verdict == .inconclusive)
    #expect(result.reason == "too little was seen")
  }

  @Test func anObservationThatIsMissingOrNoNumberDecidesNothing() {
    let observed = ProbeObservations(evidence: [Observation("seen", "-EAGAIN")])
    #expect(result(.taken("1") { try $0.number("seen") == 1 }, observed).verdict == .inconclusive)
    let missing = result(.taken("1") { try $0["other"] == "1" }, observed)
    #expect(missing.verdict == .inconclusive && missing.reason?.contains("other") == true)
  }

  @Test func aProbeThatFailsIsInconclusiveWhateverItSaw() throws {
    let probe = Probe(claim(.stated("3") { _ in true })) { (evidence) throws(SourceError) in
      evidence.add("seen", 3)
      throw SourceError(call: "mmap", errno: .noMemory, remedy: "free some")
    }
    let observed = ProbeObservations(probe)
    #expect(observed.evidence == [Observation("seen", 3)])
    let result = result(.stated("3") { _ in true }, observed)
    #expect(result.verdict == .inconclusive)
    #expect(result.reason?.contains("mmap") == true && result.failure == result.reason)
  }

  @Test func storedResultsAreJudgedByTheCatalogueOfToday() {
    let before = result(.stated("4") { seen in try seen.number("seen") == 4 }, Self.seenThree)
    let results = Results(
      run: RunDescription(toolVersion: "", command: [], profile: "", seed: 0, startedAt: "", seconds: 0),
      environment: RunEnvironment(facts: []),
      backends: [BackendResult(name: "backend", title: "", isLive: true, abis: ["kernel"], status: .ran)],
      operations: [], probes: [before], latency: [], losses: [], clauses: [], modelChecks: [])
    let now = claim(.stated("3") { seen in try seen.number("seen") == 3 })
    #expect(results.judgedAgain(by: [now]).probes.map(\.verdict) == [.holds])
    #expect(results.judgedAgain(by: []).probes == [before])
  }
}
