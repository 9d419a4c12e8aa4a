import AllocationCounter
import Results
@testable import Study
import SubbufferSourceConformance
import Testing

extension LiveTests {
  /// The clauses of ``SubbufferSource`` on every back end, models included.
  @Suite struct ConformanceTests {
    @Test(arguments: LiveBackends.namesWithModels)
    func everyClauseIsKept(_ name: String) throws {
      let backend = try LiveBackends.available(name)
      let options = ConformanceOptions(allocations: { allocation_count() })
      let results = ConformanceKit.run(StudiedHarness(backend: backend), options)
      #expect(results.count == Clause.allCases.count)
      for result in results {
        // An ABI without an indication of the end of the stream.
        if case .notApplicable = result.verdict, result.clause == .finishedIsFinal,
          try !backend.facts().capabilities.contains(.finalization)
        {
          continue
        }
        #expect(result.verdict == .kept, "\(result)")
      }
    }
  }
}
