import AllocationCounter
import SubbufferSource
import SubbufferSourceConformance
import Testing

@Suite(.serialized)
struct ConformanceKitTests {
  @Test(arguments: [false, true], ConformanceOptions.Extent.allCases)
  func `A source that keeps the clauses is found to keep them`(
    _ isPartial: Bool, _ extent: ConformanceOptions.Extent
  ) {
    let options = ConformanceOptions(extent: extent, allocations: { allocation_count() })
    let results = ConformanceKit.run(MemoryHarness(isPartial: isPartial), options)
    #expect(results.map(\.clause) == Clause.allCases)
    for result in results {
      if isPartial, result.clause == .finishedIsFinal {
        guard case .notApplicable = result.verdict else {
          Issue.record("\(result)")
          continue
        }
      } else {
        #expect(result.verdict == .kept, "\(result)")
      }
      #expect(result.cases > 0)
    }
  }

  @Test(arguments: ConformanceOptions.Extent.allCases)
  func `A source of a ring buffer without sub-buffers can keep every clause`(_ extent: ConformanceOptions.Extent) {
    let options = ConformanceOptions(extent: extent, allocations: { allocation_count() })
    let results = ConformanceKit.run(ByteHarness(), options)
    #expect(results.map(\.clause) == Clause.allCases)
    for result in results { #expect(result.verdict == .kept, "\(result)") }
  }

  @Test(arguments: Defect.allCases)
  func `A defect breaks its clause and no other`(_ defect: Defect) {
    // Only a defect uses up the patience.
    let options = ConformanceOptions(
      extent: .quick, patience: defect.usesUpPatience ? 50 : 10_000, allocations: { allocation_count() })
    let results = ConformanceKit.run(MemoryHarness(defect: defect), options)
    let broken = results.filter(\.verdict.isBroken)
    #expect(broken.map(\.clause) == [defect.breaks], "\(broken)")
  }

  @Test func `A source whose calls no signal ends conforms`() {
    let options = ConformanceOptions(extent: .quick, allocations: { allocation_count() })
    for result in ConformanceKit.run(MemoryHarness(isPatient: true), options) {
      if result.clause == .errorsLoseNothing {
        #expect(result.verdict == .notApplicable("no call fails, also where signals come while it waits"))
      }
      #expect(result.verdict.isConforming, "\(result)")
    }
  }

  @Test func `Every clause has a defect`() {
    #expect(Set(Defect.allCases.map(\.breaks)) == Set(Clause.allCases))
  }
}
