import Study

/// A drawing in a file next to the report. Plots show live back ends only.
public struct Plot: Sendable, Equatable {
  /// The section of the report that shows it.
  public enum Kind: Sendable {
    /// The cost of operations.
    case latency
    /// The delivery latency.
    case freshness
    /// The cost of an event for its writer.
    case disturbance
  }

  /// The section of the report that shows it.
  public var kind: Kind
  /// The name of its file: `growth.svg`.
  public var file: String
  /// The heading of the drawing.
  public var title: String
  /// The content of the drawing in words, for readers who do not see it.
  public var description: String
  /// The drawing.
  public var svg: String

  /// Every plot for which the results have data.
  public static func all(of results: Results) -> [Plot] {
    let caption = "run of \(results.run.startedAt), profile \(results.run.profile), seed \(results.run.seed)"
    let models = Set(results.backends.filter { !$0.isLive }.map(\.name))
    let unit = results.environment.countsInstructions ? "instructions" : "ns"
    var plots: [Plot] = []
    let growth = GrowthPlot(
      caption: caption, unit: unit, clockOverhead: results.measurement?.clockOverhead,
      rows: results.latency.filter { !models.contains($0.backend) })
    if let svg = growth.svg() {
      plots.append(
        Plot(
          kind: .latency, file: "growth.svg", title: growth.title,
          description: "\(growth.title), in \(unit): points and fitted lines", svg: svg))
    }
    // The CPUs of a machine that counts instructions take turns: a delay and a tail are those of the turns.
    guard !results.environment.countsInstructions else { return plots }
    if let svg = DeliveryLatencyPlot(
      caption: caption, rows: results.freshness.filter { !models.contains($0.backend) }
    ).svg() {
      plots.append(
        Plot(
          kind: .freshness, file: "delivery-latency.svg", title: DeliveryLatencyPlot.title,
          description: "\(DeliveryLatencyPlot.title): p50 and p99, one panel per ABI", svg: svg))
    }
    if let svg = WriterTailPlot(
      caption: caption, clockOverhead: results.measurement?.clockOverhead,
      rows: results.disturbance.filter { !models.contains($0.backend) }
    ).svg() {
      plots.append(
        Plot(
          kind: .disturbance, file: "writer-tail.svg", title: WriterTailPlot.title,
          description: "\(WriterTailPlot.title), one panel per ABI and mode, one curve per reader", svg: svg))
    }
    return plots
  }
}
