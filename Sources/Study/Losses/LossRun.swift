import Results
import SubbufferSource
import Workload

/// Makes one loss scenario on one back end.
public struct LossRun: Sendable {
  /// The scenario.
  public var scenario: LossScenario
  /// The behaviour of the writer when the ring buffer is full.
  public var mode: RingMode
  /// The number of capacities that ``LoadAmount/laps`` writes.
  public var laps: Int
  /// The seed of sizes and moments.
  public var seed: UInt64

  /// Describes a run.
  public init(scenario: LossScenario, mode: RingMode, laps: Int, seed: UInt64) {
    self.scenario = scenario
    self.mode = mode
    self.laps = laps
    self.seed = seed
  }

  /// Writes and reads.
  /// - Throws: ``SourceError`` where a call fails that has to work.
  public func callAsFunction(on backend: any StudiedBackend) throws(SourceError) -> LossRecord {
    for need in scenario.needs {
      if let reason = backend.lacks(need) { return result(backend, setup: [], skipped: reason) }
    }
    let sizes: ScenarioSizing
    switch ScenarioSizing.of(scenario, on: backend, laps: laps, seed: seed) {
    case .success(let found): sizes = found
    case .failure(let impossible): return result(backend, setup: [], skipped: impossible.reason)
    }
    do {
      var result = result(backend, setup: setup(backend, sizes), history: try history(on: backend, sizes, seed: seed))
      for seed in otherSeeds {
        let sizes = ScenarioSizing.of(scenario, on: backend, laps: laps, seed: seed)
        guard case .success(let sizes) = sizes else { continue }
        result.repeats =
          (result.repeats ?? []) + [
            LossRecord.Repeat(seed: seed, history: try history(on: backend, sizes, seed: seed))
          ]
      }
      return result
    } catch  where error.kind == .unavailable {
      // A missing resource of this machine is found only by trial.
      return result(backend, setup: [], skipped: error.description)
    }
  }

  /// The number of ring buffers that it makes.
  var rings: Int { 1 + otherSeeds.count }

  /// Two more for a scenario that depends on the seed alone.
  private var otherSeeds: [UInt64] {
    guard scenario.dependsOnSeed, !scenario.isConcurrent else { return [] }
    var generator = SeededGenerator(seed: seed)
    return [generator.next(), generator.next()]
  }

  private func history(
    on backend: any StudiedBackend, _ sizes: ScenarioSizing, seed: UInt64
  ) throws(SourceError) -> LossHistory {
    var player = LossPlayer(scenario: scenario, sizes: sizes, mode: mode, seed: seed)
    let configuration = RingConfiguration(
      mode: mode, subbufferSize: scenario.subbufferSize, subbufferCount: scenario.subbufferCount,
      producerCPU: backend.producerCPU)
    try backend.withStudiedRing(configuration, &player)
    return player.recording.history
  }

  private func setup(_ backend: any StudiedBackend, _ sizes: ScenarioSizing) -> [Observation] {
    [Observation("sub-buffer size", scenario.subbufferSize), Observation("sub-buffers", scenario.subbufferCount)]
      + sizes.observations + [Observation("producer's CPU", backend.producerCPU)]
  }

  private func result(
    _ backend: any StudiedBackend, setup: [Observation], skipped: String? = nil, history: LossHistory? = nil
  ) -> LossRecord {
    var result = LossRecord(
      backend: backend.name, mode: mode, scenario: scenario.name, group: scenario.group, title: scenario.title,
      isConcurrent: scenario.isConcurrent, offeredLoad: scenario.offeredLoad, setup: setup, marks: scenario.marks,
      skipped: skipped, history: history)
    result.dependsOnSeed = scenario.dependsOnSeed ? true : nil
    return result
  }
}
