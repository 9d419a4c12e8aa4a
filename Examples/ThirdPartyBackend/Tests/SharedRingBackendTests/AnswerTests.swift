import Platform
import Results
import SharedRingBackend
import Study
import SubbufferSource
import Testing

extension SharedRingStudy {
  /// A study as a run makes it.
  static let forTests = SharedRingStudy(producerCPU: CPUPlacement.choose().producer)
}

extension LiveTests {
  /// Its answers.
  @Suite struct AnswerTests {
    @Test(arguments: SharedRingAnswers.all.map(\.id))
    func `a probe observes what README.md promises`(_ id: String) throws {
      let probe = try #require(SharedRingStudy.forTests.probes.first { $0.claim.id == id })
      let claim = try #require(SharedRing.set.claims.first { $0.id == id })
      let expectation = try #require(claim.expectation(of: SharedRingStudy.forTests.abis))
      let record = ProbeRecord(claim, expectation, backend: "shared-ring", ProbeObservations(probe))
      let result = ProbeResult(judging: record, by: claim, abis: SharedRingStudy.forTests.abis)
      #expect(result.outcome == .asDocumented, "\(result.answer ?? "") \(result.reason ?? "") \(result.evidence)")
    }

    @Test func `a ring buffer that cannot be is refused with a remedy`() {
      let error = #expect(throws: SourceError.self) {
        try SharedRing(RingConfiguration(mode: .discard, subbufferCount: 1, producerCPU: 0))
      }
      #expect(error?.remedy.isEmpty == false)
    }
  }
}
