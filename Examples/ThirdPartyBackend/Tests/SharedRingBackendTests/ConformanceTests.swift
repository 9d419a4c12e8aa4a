import AllocationCounter
import SharedRingBackend
import Study
import SubbufferSourceConformance
import Testing

/// Tests on live ring buffers, one at a time: a busy machine makes waits and measurements long.
@Suite(.serialized) struct LiveTests {
  /// The kit, by the harness of the study.
  @Test func `every clause is kept, except that the end of the writer is not reported`() {
    let options = ConformanceOptions(allocations: { allocation_count() })
    let results = ConformanceKit.run(StudiedHarness(backend: SharedRingStudy.forTests), options)
    #expect(results.count == Clause.allCases.count)
    for result in results {
      if case .notApplicable = result.verdict, result.clause == .finishedIsFinal { continue }
      #expect(result.verdict == .kept, "\(result)")
    }
  }
}
