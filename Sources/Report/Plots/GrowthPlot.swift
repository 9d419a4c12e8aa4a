import Study

/// The time to take a full sub-buffer over the events in it: the points, and the line fitted to them.
struct GrowthPlot {
  /// The operation that contains the same steps on every back end.
  private static let operation = "acquire and release"

  let caption: String
  /// `ns`, or `instructions`.
  let unit: String
  /// The cost of reading the clock in each sample, in nanoseconds; `nil` if the run did not measure it.
  let clockOverhead: UInt64?
  /// The rows of live back ends.
  let rows: [LatencyResult]

  var title: String {
    "\(unit == "ns" ? "Time" : "Instructions") to take a full sub-buffer, by the events in it"
  }

  private struct Curve {
    var name: String
    /// The calls that take the sub-buffer.
    var call: String
    var mode: String
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

  /// `nil` if nothing was varied.
  func svg() -> String? {
    let all = curves
    let curves = all.prefix(PlotStyle.subjects.count)
    guard !curves.isEmpty else { return nil }
    let drawn = zip(curves, PlotStyle.subjects).map { curve, style in
      PlotPanel.Series(style: style, line: curve.ends, marks: curve.marks)
    }
    let modes = Set(curves.map(\.mode))
    let values = drawn.flatMap { series in
      series.line.map(\.y) + series.marks.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
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
    return PlotSheet(
      title: title, caption: caption,
      legend: zip(curves, PlotStyle.subjects).map { curve, style in
        let mode = modes.count == 1 ? "" : ", \(curve.mode)"
        return PlotSheet.Entry(style: style, text: "\(curve.call)\(mode)\(equation(curve))", hasLine: true)
      },
      panels: [panel], notes: notes
    ).svg()
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
