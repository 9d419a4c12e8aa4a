import Results
import Study
import SubbufferSource
import Testing

extension LiveTests {
  /// The loss scenarios on the back ends; tests of whole runs check that each event is delivered once or lost.
  @Suite struct LossRunTests {
    private func result(
      _ name: String, _ backend: any StudiedBackend, _ mode: RingMode, seed: UInt64 = 5
    ) throws -> LossResult {
      let scenario = try #require(LossScenario.all.first { $0.name == name })
      return LossResult(try LossRun(scenario: scenario, mode: mode, laps: 4, seed: seed)(on: backend))
    }

    @Test(arguments: ["mixed-sizes", "mixed-sizes-falls-behind", "falls-behind", "holds-while-lapped"])
    func theSeedMakesTheSameHistoryAgain(_ name: String) throws {
      for backend in LiveBackends.models {
        let first = try result(name, backend, .discard).history
        #expect(try result(name, backend, .discard).history == first)
        if name.hasPrefix("mixed") { #expect(try result(name, backend, .discard, seed: 6).history != first) }
      }
    }

    @Test func `a scenario that depends on the seed is made with three seeds`() throws {
      for backend in LiveBackends.models {
        let result = try result("mixed-sizes-falls-behind", backend, .overwrite)
        #expect(result.dependsOnSeed == true && !result.isConcurrent)
        let repeats = try #require(result.repeats)
        #expect(Set(repeats.map(\.seed) + [5]).count == 3)
        #expect(Set(repeats.map(\.history.produced) + [result.history?.produced]).count == 1)
        #expect(repeats.allSatisfy { $0.history != result.history })
        #expect(result.judgements.count == 3 && result.judgements.allSatisfy(\.violations.isEmpty))
        let timed = try self.result("keeps-up", backend, .overwrite)
        #expect(timed.isConcurrent && timed.dependsOnSeed == nil && timed.repeats == nil)
      }
    }

    @Test func whatABackEndLacksIsSkippedWithAReason() throws {
      for backend in LiveBackends.models {
        let result = try result("producer-killed-inside-write", backend, .discard)
        #expect(result.skipped?.isEmpty == false)
        #expect(result.history == nil && result.judgement == nil)
      }
    }

    /// The loss-counting recipe of each live ABI is exact, except on LTTng in overwrite mode, which has a packet count
    /// only.
    @Test(arguments: LiveBackends.names) func theRecipeIsExact(_ name: String) throws {
      let backend = try LiveBackends.available(name)
      for name in ["stalled", "filled-falls-behind", "absent-then-attaches"] {
        let result = try result(name, backend, .discard)
        if result.skipped != nil, backend.lacks(.subbuffers) != nil { continue }
        let judgement = try #require(result.judgement)
        #expect(judgement.violations.isEmpty)
        #expect(judgement.lost > 0)
        #expect(judgement.recipe.relation == .exact, "\(backend.name), \(name): \(judgement.recipe)")
      }
      guard backend.lacks(.subbuffers) == nil else { return }
      let overwrite = try #require(try result("filled-falls-behind", backend, .overwrite).judgement)
      #expect(overwrite.recipe.relation == (backend.name == "tracefs" ? .exact : .packetsOnly))
    }

    /// The event of a write that a kill interrupted is unfinished: neither produced nor lost.
    @Test(arguments: LiveBackends.names) func aProducerKilledInsideAWriteLeavesTheTruth(_ name: String) throws {
      let backend = try LiveBackends.available(name)
      let result = try result("producer-killed-inside-write", backend, .discard)
      if backend.lacks(.heldWrite) != nil {
        #expect(result.skipped?.isEmpty == false)
        return
      }
      let history = try #require(result.history)
      let judgement = try #require(result.judgement)
      #expect(history.unfinished == [history.produced - 1])
      #expect(judgement.produced == history.produced - 1)
      #expect(judgement.violations.isEmpty)
    }
  }
}
