import Study

extension ResultsDiff {
  /// A cost that two runs are compared in.
  public struct Cost: Sendable, Hashable {
    /// The properties that identify the same measurement in both runs.
    public struct Name: Sendable, Hashable {
      /// The back end.
      public var backend: String
      /// The way of reading, as ``LatencyResult/reader``.
      public var reader = LatencyResult.studiedReader
      /// `overwrite` or `discard`.
      public var mode: String
      /// The measured operation: `acquire`; `write, p99.9`.
      public var operation: String
      /// Under what: `data waiting`.
      public var condition: String
      /// The varied quantity and its value; `nil` if nothing was varied.
      public var growth: Growth?
      /// The call, the ring buffer and the load.
      public var setup: [String]
    }

    /// The identity of the measurement.
    public var name: Name
    /// A value of each trial; more is slower.
    public var values: [Double]
  }
}

extension Results {
  /// All costs of a run.
  var costs: [ResultsDiff.Cost] {
    latency.map { ResultsDiff.Cost(name: $0.name, values: $0.trialMedians) } + freshness.flatMap(\.diffCosts)
      + throughput.map(\.diffCost) + disturbance.flatMap(\.diffCosts)
  }
}

extension LatencyResult {
  /// The properties that identify the same measurement in two runs.
  var name: ResultsDiff.Cost.Name {
    ResultsDiff.Cost.Name(
      backend: backend, reader: reader, mode: mode, operation: operation, condition: condition, growth: growth,
      setup: [call] + setup.map(\.text))
  }
}

extension FreshnessResult {
  /// Older is slower.
  var diffCosts: [ResultsDiff.Cost] {
    [("age", age), ("age of the newest", youngest)].map { operation, trials in
      ResultsDiff.Cost(
        name: ResultsDiff.Cost.Name(
          backend: backend, mode: mode, operation: operation,
          condition: "\(reader.title), \(Format.grouped(rate)) events/s", setup: setup.map(\.text)),
        values: trials.percentiles(50))
    }
  }
}

extension ThroughputResult {
  /// The cost of an event.
  var diffCost: ResultsDiff.Cost {
    ResultsDiff.Cost(
      name: ResultsDiff.Cost.Name(
        backend: backend, reader: reader, mode: mode, operation: "drain, per event",
        condition: "\(subbufferCount) of \(subbufferSize) bytes, between: \(work.rawValue)",
        setup: ["\(eventSize) bytes of an event"]),
      values: nanosecondsPerEvent)
  }
}

extension DisturbanceResult {
  /// The medians of trials, and where each has enough events their p99.9.
  var diffCosts: [ResultsDiff.Cost] {
    func cost(_ percentile: String, _ values: [Double]) -> ResultsDiff.Cost {
      ResultsDiff.Cost(
        name: ResultsDiff.Cost.Name(
          backend: backend, mode: mode, operation: "write, \(percentile)", condition: condition.rawValue,
          setup: [call] + setup.map(\.text)),
        values: values)
    }
    return [cost("p50", service.percentiles(50))] + (service.tails.map { [cost("p99.9", $0)] } ?? [])
  }
}

extension Observation {
  fileprivate var text: String { "\(name): \(value)" }
}
