import Results
import SubbufferSource

/// A drawing in a file next to the report. Plots show live back ends only.
package struct Plot: Sendable, Equatable {
  /// The page that shows a plot.
  package enum Kind: Sendable {
    case latency, deliveryLatency, writerOverhead
  }

  package var kind: Kind
  /// The name of its file: `growth.svg`.
  package var file: String
  /// The heading of the drawing.
  package var title: String
  /// The content of the drawing in words, for readers who do not see it.
  package var description: String
  package var svg: String

  /// Every plot for which the results have data.
  package static func all(of results: StudyResults) -> [Plot] {
    let caption = "run of \(results.run.startedAt), profile \(results.run.profile), seed \(results.run.seed)"
    return drawings(of: results).compactMap { drawing in
      drawing.sheet.map { sheet in
        Plot(
          kind: drawing.kind, file: drawing.file, title: drawing.title,
          description: "\(drawing.title)\(drawing.details)", svg: sheet.svg(title: drawing.title, caption: caption))
      }
    }
  }

  private static func drawings(of results: StudyResults) -> [any PlotDrawing] {
    func live<Row>(_ rows: [Row], _ backend: (Row) -> String) -> [Row] {
      rows.filter { results.backend(backend($0))?.isLive != false }
    }
    let clockOverhead = results.measurement?.clockOverhead
    let growth = GrowthPlot(
      unit: results.timeUnit, clockOverhead: clockOverhead, rows: live(results.latency, \.backend))
    // The CPUs of a machine that counts instructions take turns: a delay and a tail are those of the turns.
    if results.environment.countsInstructions { return [growth] }
    return [
      growth, DeliveryLatencyPlot(rows: live(results.deliveryLatency, \.backend)),
      WriterTailPlot(clockOverhead: clockOverhead, rows: live(results.writerOverhead, \.backend)),
    ]
  }
}

/// The contents of a plot.
private protocol PlotDrawing {
  var kind: Plot.Kind { get }
  var file: String { get }
  var title: String { get }
  /// The rest of the description after the title.
  var details: String { get }
  /// The panels and notes; `nil` without data.
  var sheet: PlotSheet? { get }
}

/// The time to take a full sub-buffer over the events in it: the points, and the line fitted to them.
private struct GrowthPlot: PlotDrawing {
  /// The operation that contains the same steps on every back end.
  private static let operation = LatencyOperation.acquireAndRelease

  /// `ns`, or `instructions`.
  let unit: String
  /// The cost of reading the clock in each sample, in nanoseconds; `nil` if the run did not measure it.
  let clockOverhead: UInt64?
  /// The rows of live back ends.
  let rows: [LatencyResult]

  let kind = Plot.Kind.latency
  let file = "growth.svg"
  var title: String {
    "\(unit == "ns" ? "Time" : "Instructions") to take a full sub-buffer, by the events in it"
  }
  var details: String { ", in \(unit): points and fitted lines" }

  private struct Curve {
    var name: String
    /// The calls that take the sub-buffer.
    var call: String
    var mode: RingMode
    var levels: [LinearFit.Level]
    var fit: LinearFit?

    /// The ends of the fitted line.
    var ends: [PlotPanel.Point] {
      guard let fit, let last = levels.last?.level else { return [] }
      return [0, last].map { PlotPanel.Point(x: $0, y: fit.intercept + fit.slope * $0) }
    }

    /// The medians of each level, each with the range of its trials.
    var marks: [PlotPanel.Mark] {
      levels.compactMap { level in
        guard let median = level.trials.median, let low = level.trials.min(), let high = level.trials.max() else {
          return nil
        }
        return PlotPanel.Mark(PlotPanel.Point(x: level.level, y: median), y: low...high)
      }
    }
  }

  var sheet: PlotSheet? {
    let all = curves
    let curves = all.prefix(PlotStyle.subjects.count)
    guard !curves.isEmpty else { return nil }
    let modes = Set(curves.map(\.mode))
    let drawn = zip(curves, PlotStyle.subjects).map { curve, style in
      let mode = modes.count == 1 ? "" : ", \(curve.mode)"
      return PlotPanel.Series(
        name: "\(curve.call)\(mode)\(equation(curve))", style: style, line: curve.ends, marks: curve.marks)
    }
    let values = drawn.flatMap { series in
      (series.line ?? []).map(\.y) + series.marks.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
    }
    let panel = PlotPanel(
      title: modes.count == 1 ? "\(curves[0].mode) mode" : "",
      x: .linear("events in a full sub-buffer", containing: curves.flatMap { $0.levels.map(\.level) }),
      y: .linear(unit == "ns" ? "time (ns)" : unit, containing: values), series: drawn, height: 380)
    var notes = [
      "Taking: acquire and release; without a release call, the acquire alone. Points: median of the trials' medians. "
        + "\(PlotNotes.trials(curves.flatMap { $0.levels.map(\.trials.count) }, of: "point")) "
        + "Whiskers: range of the trials' medians. Lines: least squares. " + PlotNotes.clock(clockOverhead, unit)
    ]
    let left = all.dropFirst(curves.count).map(\.name)
    if !left.isEmpty { notes.append("Not drawn: \(left.joined(separator: ", ")).") }
    return PlotSheet(panels: [panel], notes: notes)
  }

  /// The reader ABI of each back end, then the first other way of reading of each; each in the first mode recorded.
  private var curves: [Curve] {
    let varied = rows.filter {
      $0.operation == GrowthPlot.operation && $0.growth?.series == .eventsOfFullSubbuffer && !$0.trials.isEmpty
    }
    let others = varied.filter { !$0.isStudied }.grouped { $0.backend }.flatMap { _, rows in
      rows.filter { $0.reader == rows[0].reader }
    }
    return (varied.filter(\.isStudied) + others).grouped { $0.plainName }.map { name, rows in
      let levels = GrowthLevels(rows.filter { $0.mode == rows[0].mode }).levels
      let call = "\(rows[0].backend), \(rows[0].isStudied ? rows[0].call : rows[0].reader)"
      return Curve(name: name, call: call, mode: rows[0].mode, levels: levels, fit: LinearFit(levels))
    }
  }

  /// `: 440 ns + 30 ns per event`.
  private func equation(_ curve: Curve) -> String {
    guard let fit = curve.fit else { return "" }
    let start = ": \(PlotAxis.number(fit.intercept, digits: 2)) \(unit)"
    if fit.isFlat(upTo: curve.levels.map(\.level).max() ?? 0) { return "\(start), no growth" }
    return "\(start) \(fit.slope < 0 ? "−" : "+") \(PlotAxis.number(abs(fit.slope), digits: 2)) \(unit) per event"
  }
}

/// The time from an event's time stamp to its delivery: a panel for each back end, a line for each reader, and in it a
/// point for each rate, from p50 to p99.
private struct DeliveryLatencyPlot: PlotDrawing {
  let kind = Plot.Kind.deliveryLatency
  let file = "delivery-latency.svg"
  let title = "Delivery latency by reader and rate"
  let details = ": p50 and p99, one panel per ABI"

  /// The rows of live back ends.
  let rows: [DeliveryLatencyResult]

  /// A row with its percentiles, in nanoseconds.
  private struct Measured {
    var row: DeliveryLatencyResult
    var median: Double
    var p99: Double?
  }

  var sheet: PlotSheet? {
    let measured = rows.compactMap { row in
      row.trialMedians.median.map { Measured(row: row, median: $0, p99: p99(row.age.distribution)) }
    }
    guard !measured.isEmpty else { return nil }
    let all = Set(measured.map(\.row.rate)).sorted()
    let rates = all.prefix(PlotStyle.subjects.count)
    let shown = measured.filter { rates.contains($0.row.rate) }
    let x = PlotAxis.duration(
      "delivery latency (log scale)", containing: shown.flatMap { [$0.median, $0.p99 ?? $0.median] })
    let panels = shown.grouped { $0.row.backend }.map { backend, measured in
      let readers = measured.grouped { $0.row.reader.title }
      let series = zip(rates, PlotStyle.subjects).enumerated().map { place, rate in
        // The points of a reader lie one below the other.
        let shift = 0.7 * (0.5 - (Double(place) + 0.5) / Double(rates.count))
        let marks = readers.enumerated().flatMap { index, reader in
          reader.elements.filter { $0.row.rate == rate.0 }.map { measured in
            let point = PlotPanel.Point(x: measured.median, y: Double(readers.count - 1 - index) + shift)
            return PlotPanel.Mark(point, x: measured.median...max(measured.median, measured.p99 ?? 0))
          }
        }
        return PlotPanel.Series(
          name: "\(Format.grouped(rate.0)) events per second", style: rate.1, marks: marks)
      }
      return PlotPanel(
        title: backend, x: x, y: .names(readers.map(\.key)), series: series,
        height: Double(readers.count) * (12 + 12 * Double(rates.count)))
    }
    var notes = [
      "From the event's time stamp to the end of the acquire that delivers it. Points: p50, median of the trials. "
        + "\(PlotNotes.trials(measured.map(\.row.age.count), of: "point")) Bars: to p99 of all trials; none with fewer than \(Format.grouped(SampleSupport.required(for: 99))) samples. "
        + "A missing point was not measured."
    ]
    if all.count > rates.count { notes.append("\(all.count - rates.count) more rates are not drawn.") }
    return PlotSheet(panels: panels, notes: notes)
  }

  private func p99(_ all: Distribution?) -> Double? {
    all.flatMap { SampleSupport.supports(99, samples: $0.count) ? Double($0.value(at: 99)) : nil }
  }
}

/// The service time of a write by percentile: a panel for each back end and mode, with at most four curves.
private struct WriterTailPlot: PlotDrawing {
  let kind = Plot.Kind.writerOverhead
  let file = "writer-tail.svg"
  let title = "Service time of a write by percentile"
  let details = ", one panel per ABI and mode, one curve per reader"

  /// The conditions of a panel's curves; of those in one line the first that was recorded.
  private static let conditions: [[WriterCondition]] = [
    [.noReader], [.idle], [.polling], [.waitingForSubbuffer, .waitingForEvent],
  ]

  /// The cost of reading the clock in each sample, in nanoseconds; `nil` if the run did not measure it.
  let clockOverhead: UInt64?
  /// The rows of live back ends.
  let rows: [WriterOverheadResult]

  private struct Panel {
    var title: String
    var curves: [(condition: WriterCondition, curve: PercentileCurve, trials: Int)]

    func curve(_ condition: WriterCondition) -> PercentileCurve? {
      curves.first { $0.condition == condition }?.curve
    }
  }

  var sheet: PlotSheet? {
    let panels = panels
    let curves = panels.flatMap { $0.curves }
    guard let end = curves.map(\.curve.end).max() else { return nil }
    let x = PlotAxis.percentiles("percentile p (%), scale −log(1 − p)", upTo: end)
    let y = PlotAxis.duration(
      "service time (log scale)", containing: curves.flatMap { $0.curve.corners.map(\.y) })
    return PlotSheet(
      panels: panels.map { panel in
        let series = zip(WriterTailPlot.conditions.flatMap { $0 }, PlotStyle.conditions).map { condition, style in
          let curve = panel.curve(condition)
          return PlotPanel.Series(
            name: WriterTailPlot.text(condition), style: style, line: curve?.corners ?? [], marks: curve?.marks ?? [])
        }
        return PlotPanel(title: panel.title, x: x, y: y, series: series, height: 300, remarks: remarks(panel))
      },
      columns: min(2, panels.count), notes: notes(panels))
  }

  private func notes(_ panels: [Panel]) -> [String] {
    var notes = [
      "Service time, in ns, µs or ms: from the reading of the clock before the write to the one after it. "
        + "\(PlotNotes.trials(panels.flatMap { $0.curves.map(\.trials) }, of: "curve")) "
        + "A curve has the samples of all its trials and ends where fewer than \(SampleSupport.samplesBeyond) lie "
        + "beyond it. \(PlotNotes.clock(clockOverhead, "ns"))"
    ]
    let medians = panels.compactMap { panel -> String? in
      guard let none = panel.curve(.noReader)?.median, let polling = panel.curve(.polling)?.median else { return nil }
      return "\(panel.title): \(Format.grouped(none)) and \(Format.grouped(polling)) ns"
    }
    if !medians.isEmpty {
      notes.append(
        "p50 with no reader and with a reader that drains by polling: \(medians.joined(separator: "; ")).")
    }
    return notes
  }

  private static func text(_ condition: WriterCondition) -> String {
    switch condition {
    case .idle: "idle reader: it has the ring buffer open and sleeps"
    case .polling: "draining reader, polling"
    case .waitingForSubbuffer: "draining reader, woken by a full sub-buffer"
    case .waitingForEvent: "draining reader, woken by an event"
    default: condition.rawValue
    }
  }

  private func remarks(_ panel: Panel) -> [String] {
    WriterTailPlot.conditions.filter { choice in !panel.curves.contains { choice.contains($0.condition) } }.map {
      "not measured: \($0[0].rawValue)"
    }
  }

  /// The back ends one after the other, so that two modes are next to each other.
  private var panels: [Panel] {
    rows.grouped { [$0.backend, $0.mode.rawValue] }.compactMap { key, rows in
      let curves = WriterTailPlot.conditions.compactMap { choice in
        choice.lazy.compactMap { condition in
          rows.first { $0.condition == condition }.flatMap { row in
            PercentileCurve(row.service).map { (condition, $0, row.service.count) }
          }
        }.first
      }
      return curves.isEmpty ? nil : Panel(title: "\(key[0]), \(key[1])", curves: curves)
    }
  }
}

/// The distribution of all trials of a row as a step curve.
struct PercentileCurve {
  private static let marked: [(percentile: Double, inverse: Double)] = [
    (50, 2), (90, 10), (99, 100), (99.9, 1000), (99.99, 10_000), (99.999, 100_000),
  ]

  private let distribution: Distribution

  /// `nil` without samples, or with more than 64 bits can count.
  init?(_ trials: [Trial]) {
    guard let all = trials.distribution else { return nil }
    distribution = all
  }

  /// In nanoseconds.
  var median: UInt64 { distribution.value(at: 50) }

  /// The last percentile of the curve as 1 / (1 − share): beyond it lie fewer than
  /// ``SampleSupport/samplesBeyond`` samples.
  var end: Double { max(1, Double(distribution.count) / Double(SampleSupport.samplesBeyond)) }

  /// The corners, up to ``end``: a value extends from the share of the samples below it to the share at or below it.
  var corners: [PlotPanel.Point] {
    var corners: [PlotPanel.Point] = []
    var atOrBelow: UInt64 = 0
    for bucket in distribution.buckets {
      let start = inverse(atOrBelow)
      guard start <= end else { break }
      atOrBelow += bucket.count
      corners.append(PlotPanel.Point(x: start, y: Double(bucket.nanoseconds)))
      corners.append(PlotPanel.Point(x: min(end, inverse(atOrBelow)), y: Double(bucket.nanoseconds)))
    }
    return corners
  }

  /// The least sample and the usual percentiles that the sample supports.
  var marks: [PlotPanel.Mark] {
    let supported = PercentileCurve.marked.filter {
      SampleSupport.supports($0.percentile, samples: distribution.count)
    }
    return [PlotPanel.Mark(PlotPanel.Point(x: 1, y: Double(distribution.least)))]
      + supported.map {
        PlotPanel.Mark(PlotPanel.Point(x: $0.inverse, y: Double(distribution.value(at: $0.percentile))))
      }
  }

  private func inverse(_ count: UInt64) -> Double {
    count >= distribution.count
      ? .greatestFiniteMagnitude : Double(distribution.count) / Double(distribution.count - count)
  }
}

/// The notes that several plots have.
enum PlotNotes {
  /// `n = 5 trials per point.`, or the range of the numbers.
  static func trials(_ counts: [Int], of drawn: String) -> String {
    guard let least = counts.min(), let greatest = counts.max() else { return "" }
    let range = least == greatest ? "\(least)" : "\(least) to \(greatest)"
    return "n = \(range) \(Format.plural(greatest, "trial")) per \(drawn)."
  }

  /// The share of reading the clock in each sample.
  static func clock(_ overhead: UInt64?, _ unit: String) -> String {
    overhead.map { "Each sample includes \($0) \(unit) of clock reading." }
      ?? "Each sample includes the cost of reading the clock."
  }
}
