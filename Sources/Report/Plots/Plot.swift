import Study

/// A drawing in a file beside the report.
public struct Plot: Sendable, Equatable {
  /// Which section of the report shows it.
  public enum Kind: Sendable {
    /// The cost of operations.
    case latency
    /// The age of events.
    case freshness
    /// What events cost their writer.
    case disturbance
    /// Events lost and told to be lost.
    case loss
  }

  /// Which section of the report shows it.
  public var kind: Kind
  /// The name of its file: `latency-acquire.svg`.
  public var file: String
  /// What it shows, for those who do not see it.
  public var description: String
  /// The drawing.
  public var svg: String

  /// Every plot for which the results have data.
  public static func all(of results: Results) -> [Plot] {
    let clock = PlotClock(results.environment)
    let caption = "run of \(results.run.startedAt), profile \(results.run.profile), seed \(results.run.seed)"
    let models = Set(results.backends.filter { !$0.isLive }.map(\.name))
    var names = UniqueNames()
    let usual = results.latency.filter { $0.growth == nil }
    var plots: [Plot] = usual.grouped { $0.operation }.compactMap { operation, rows in
      guard let svg = LatencyPlot(operation: operation, caption: caption, clock: clock, rows: rows).svg() else {
        return nil
      }
      return Plot(
        kind: .latency, file: "\(names.next("latency-\(Format.slug(operation))")).svg",
        description:
          "Latency of \(operation) in \(clock.unit) by percentile, one curve per back end, mode and condition", svg: svg
      )
    }
    if let svg = GrowthPlot(caption: caption, clock: clock, rows: results.latency).svg() {
      plots.append(
        Plot(
          kind: .latency, file: "\(names.next("growth")).svg",
          description:
            "Cost of \(GrowthPlot.operation) in \(clock.unit) over what is varied, one curve per back end and mode",
          svg: svg))
    }
    // Where CPUs take turns, the sections of these two are not shown either.
    let hasTurns = results.environment.countsInstructions
    if !hasTurns, let svg = FreshnessPlot(caption: caption, rows: results.freshness).svg() {
      plots.append(
        Plot(
          kind: .freshness, file: "\(names.next("freshness")).svg",
          description: "Age of events over the rate: median and p99, one curve per reader, by back end", svg: svg))
    }
    if !hasTurns, let svg = WriterTailPlot(caption: caption, clock: clock, rows: results.disturbance).svg() {
      plots.append(
        Plot(
          kind: .disturbance, file: "\(names.next("writer-tail")).svg",
          description:
            "Service time of an event in \(clock.unit) by percentile, one panel per back end, one curve per reader",
          svg: svg
        ))
    }
    if let svg = OfferedLoadPlot(caption: caption, rows: results.losses, models: models).svg() {
      plots.append(
        Plot(
          kind: .loss, file: "\(names.next("losses")).svg",
          description: "Share of the events lost and reported as lost over the offered load, by back end and mode",
          svg: svg))
    }
    return plots
  }
}
