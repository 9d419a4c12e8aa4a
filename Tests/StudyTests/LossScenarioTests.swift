import Results
import Study
import Testing

@Suite struct LossScenarioTests {
  @Test func namesAreUniqueAndCanBeTyped() {
    let names = LossScenario.all.map(\.name)
    #expect(names.count >= 40)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" || $0 == "." } })
    #expect(Set(LossScenario.all.map(\.group)) == Set(LossGroup.allCases))
    #expect(LossScenario.all.allSatisfy { !$0.title.isEmpty && !$0.modes.isEmpty })
  }

  @Test func everyScenarioHasAReader() {
    for scenario in LossScenario.all {
      #expect(scenario.lives.contains { if case .reader = $0 { true } else { false } }, "\(scenario.name)")
    }
  }

  @Test func `each scenario of the offered load has one and no other has`() {
    let loads = LossScenario.all.filter { $0.group == .offeredLoad }.map(\.offeredLoad)
    #expect(loads == [0.5, 1, 1.5, 2, 3, 5, 10])
    #expect(LossScenario.all.allSatisfy { ($0.group == .offeredLoad) == ($0.offeredLoad != nil) })
  }

  @Test(
    arguments: [
      ("stalled", []), ("killed-holding", [.readerProcess]),
      ("producer-killed-inside-write", [.heldWrite, .producerProcess]),
      ("producer-stopped-inside-write", [.heldWrite, .stopInsideWrite, .producerProcess]),
      ("producer-held-inside-write", [.heldWrite]), ("nested-within-write", [.heldWrite, .nestedWrites]),
      ("producer-killed-writing", [.producerProcess]),
      ("resize-while-reading", [.control(.moreSubbuffers), .control(.largerSubbuffers)]),
      ("cleared-twice", [.subbuffers, .control(.clear)]), ("falls-behind", [.subbuffers]),
      ("slow-reader", [.subbuffers]), ("too-big", [.subbuffers]), ("stalls-again-and-again", []),
    ] as [(String, Set<RingNeed>)])
  func whatIsNeededFollowsFromTheSteps(_ name: String, _ needs: Set<RingNeed>) throws {
    let scenario = try #require(LossScenario.all.first { $0.name == name })
    #expect(Set(scenario.needs) == needs)
  }

  @Test(
    arguments: [
      ("stalled", false, false), ("keeps-up", true, false), ("races", true, false), ("slow-reader", true, false),
      ("mixed-sizes", false, true), ("mixed-sizes-falls-behind", false, true), ("producer-killed-writing", true, true),
    ])
  func `what differs from run to run follows from the steps and sizes`(
    _ name: String, _ isConcurrent: Bool, _ dependsOnSeed: Bool
  ) throws {
    let scenario = try #require(LossScenario.all.first { $0.name == name })
    #expect(scenario.isConcurrent == isConcurrent)
    #expect(scenario.dependsOnSeed == dependsOnSeed)
  }

  @Test func `scenarios that vary the geometry need sub-buffers`() {
    for scenario in LossScenario.all where scenario.group == .geometry {
      #expect(scenario.needs.contains(.subbuffers), "\(scenario.name)")
    }
  }
}
