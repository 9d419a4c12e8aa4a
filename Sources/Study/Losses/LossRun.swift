import SubbufferSource
import Workload

/// Makes one loss scenario on one back end.
public struct LossRun: Sendable {
  /// The scenario.
  public var scenario: LossScenario
  /// The ring buffer.
  public var configuration: RingConfiguration
  /// How many times the ring buffer's capacity is written, about.
  public var laps: Int

  /// Describes a run.
  public init(scenario: LossScenario, configuration: RingConfiguration, laps: Int) {
    self.scenario = scenario
    self.configuration = configuration
    self.laps = laps
  }

  /// Writes and reads, judges, and makes the row of the table.
  /// - Throws: ``SourceError`` where a call fails.
  public func callAsFunction(on backend: any StudiedBackend) throws(SourceError) -> LossResult {
    var recorder = LossRecorder(run: self, eventSize: backend.eventSize(payload: scenario.payload))
    try backend.withRing(configuration, &recorder)
    guard let history = recorder.history else {
      throw SourceError(.usage, call: "visit \(backend.name)", detail: "the back end did not call its visitor")
    }
    return row(of: history, backend: backend.name)
  }

  private func row(of history: LossHistory, backend: String) -> LossResult {
    let judgement = LossJudge.judge(history)
    var channels = history.channels
    if history.truth.refused > 0 {
      channels.append(LossReading(channel: .writerError, loss: .events(history.truth.refused)))
    }
    return LossResult(
      backend: backend, mode: configuration.mode.rawValue, scenario: scenario.name,
      produced: history.truth.produced, delivered: history.ledger.delivered, lost: judgement.lost,
      reported: judgement.reported, verdict: judgement.verdict, reportedBy: judgement.channel.rawValue,
      channels: channels.map {
        LossResult.Channel(channel: $0.channel.rawValue, isReaderABI: $0.channel.isReaderABI, told: $0.loss.text)
      },
      gaps: history.ledger.gaps, duplicates: history.ledger.duplicates, reordered: history.ledger.reordered,
      handovers: history.handovers,
      setup: [
        Observation("sub-buffer size", configuration.subbufferSize),
        Observation("sub-buffers", configuration.subbufferCount),
        Observation("payload", scenario.payload),
        Observation("rate", scenario.rate == 0 ? "as fast as it goes" : "\(scenario.rate) events/s"),
        Observation("producer's CPU", configuration.producerCPU),
      ] + history.writerObservations,
      reason: judgement.reason)
  }
}

extension LossHistory {
  /// What the writer was told, where it was told anything.
  var writerObservations: [Observation] {
    truth.refused == 0 ? [] : [Observation("writer's first errno", ErrnoName.text(truth.firstErrno))]
  }
}

extension Loss {
  /// The value as a report and `results.json` write it.
  public var text: String {
    switch self {
    case .notTold: "not told"
    case .none: "none"
    case .events(let count): "\(count) events"
    case .atMost(let count): "at most \(count) events"
    case .packets(let count): "\(count) packets"
    case .some: "some, number not told"
    }
  }
}
