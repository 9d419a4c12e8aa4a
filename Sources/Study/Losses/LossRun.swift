import SubbufferSource
import Workload

/// Makes one loss scenario on one back end.
public struct LossRun: Sendable {
  /// The scenario.
  public var scenario: LossScenario
  /// What a writer does that finds the ring buffer full.
  public var mode: RingConfiguration.Mode
  /// How many times ``LoadAmount/laps`` writes what fits.
  public var laps: Int
  /// What sizes and moments are drawn from.
  public var seed: UInt64

  /// Describes a run.
  public init(scenario: LossScenario, mode: RingConfiguration.Mode, laps: Int, seed: UInt64) {
    self.scenario = scenario
    self.mode = mode
    self.laps = laps
    self.seed = seed
  }

  /// Writes and reads, and judges.
  /// - Throws: ``SourceError`` where a call fails that has to work.
  public func callAsFunction(on backend: any StudiedBackend) throws(SourceError) -> LossResult {
    for need in scenario.needs {
      if let reason = backend.lacks(need) { return result(backend, setup: [], skipped: reason) }
    }
    let sizes: EventSizing
    switch EventSizing.of(scenario, on: backend, laps: laps, seed: seed) {
    case .success(let found): sizes = found
    case .failure(let impossible): return result(backend, setup: [], skipped: impossible.reason)
    }
    var player = LossPlayer(scenario: scenario, sizes: sizes, mode: mode, seed: seed)
    let configuration = RingConfiguration(
      mode: mode, subbufferSize: scenario.subbufferSize, subbufferCount: scenario.subbufferCount,
      producerCPU: backend.producerCPU)
    do {
      try backend.withStudiedRing(configuration, &player)
    } catch  where error.kind == .unavailable {
      // What this machine lacks turns out only when it is tried.
      return result(backend, setup: [], skipped: error.description)
    }
    let setup =
      [Observation("sub-buffer size", scenario.subbufferSize), Observation("sub-buffers", scenario.subbufferCount)]
      + sizes.observations + [Observation("producer's CPU", backend.producerCPU)]
    return result(backend, setup: setup, history: player.recording.history)
  }

  private func result(
    _ backend: any StudiedBackend, setup: [Observation], skipped: String? = nil, history: LossHistory? = nil
  ) -> LossResult {
    LossResult(
      backend: backend.name, mode: mode.rawValue, scenario: scenario.name, group: scenario.group,
      title: scenario.title, isConcurrent: scenario.isConcurrent, offeredLoad: scenario.offeredLoad, setup: setup,
      skipped: skipped, history: history,
      judgement: history.map(LossJudge.judge))
  }
}
