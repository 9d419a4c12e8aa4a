import SubbufferSource
import Testing

@testable import Study

@Suite struct ProbeTests {
  private let claim = Claim(id: "claim", title: "A claim", source: "somebody")

  @Test func aFindingIsReportedWithItsClaim() throws {
    let probe = Probe(claim, expectation: "yes") { .decided(false, [Observation("seen", 3)]) }
    let result = try probe.run(on: "backend")
    #expect(result.verdict == .refuted)
    #expect(result.backend == "backend")
    #expect(result.evidence == [Observation("seen", "3")])
  }

  @Test func aProbeThatFailsIsInconclusiveAndSaysWhy() throws {
    let probe = Probe(claim, expectation: "yes") { () throws(SourceError) in
      throw SourceError(call: "mmap", errno: .noMemory, remedy: "free some")
    }
    let result = try probe.run(on: "backend")
    #expect(result.verdict == .inconclusive)
    #expect(result.reason?.contains("mmap") == true)
  }
}
