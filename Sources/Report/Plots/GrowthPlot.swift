import Study

/// How the cost of acquire and release grows, one panel for each thing that is varied.
struct GrowthPlot {
  /// The operation that holds the same steps on every back end.
  static let operation = "acquire and release"

  private static let panel = (width: 400.0, height: 290.0)
  private static let plot = (left: 66.0, top: 30.0, width: 310.0, height: 200.0)
  private static let top = 60.0

  /// Which run it is of, below the title.
  let caption: String
  /// What its clock counts.
  let clock: PlotClock
  /// All rows of the run.
  let rows: [LatencyResult]

  private struct Curve {
    var name: String
    var levels: [LinearFit.Level]
  }

  /// The drawing; `nil` where nothing was varied.
  func svg() -> String? {
    let ofOperation = rows.filter { $0.operation == GrowthPlot.operation && $0.growth != nil }
    let panels = GrowthSeries.allCases.compactMap { series -> (series: GrowthSeries, curves: [Curve])? in
      let curves = curves(ofOperation.filter { $0.growth?.series == series })
      return curves.isEmpty ? nil : (series, curves)
    }
    let medians = panels.flatMap { $0.curves.flatMap { $0.levels.compactMap(\.trials.median) } }
    guard let least = medians.min(), let greatest = medians.max() else { return nil }
    let values = NanosecondAxis(from: GrowthPlot.whole(least), to: GrowthPlot.whole(greatest))
    let names = panels.flatMap { $0.curves.map(\.name) }.grouped { $0 }.map(\.key)
    let rowsOfPanels = (panels.count + 1) / 2
    let end = GrowthPlot.top + GrowthPlot.panel.height * Double(rowsOfPanels)
    let height = end + 20 * Double(names.count) + 34
    let title = "Cost of \(GrowthPlot.operation)"
    var children: [SVG] = [
      .label(title, x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 780, size: 11), x: 20, y: 44, size: 11),
    ]
    for (index, panel) in panels.enumerated() {
      children += draw(
        panel.series, panel.curves, names, values, x: GrowthPlot.panel.width * Double(index % 2),
        y: GrowthPlot.top + GrowthPlot.panel.height * Double(index / 2))
    }
    for (index, name) in names.enumerated() {
      let style = CurveStyle(index: index)
      let y = end + 10 + 20 * Double(index)
      children += [
        .line(20, y, 84, y, stroke: style.colour), style.marker(x: 52, y: y),
        .label(SVG.fitted(name, width: 700), x: 94, y: y + 4),
      ]
    }
    children.append(
      .label(
        "Median of trials; bars: their range (from 6 on a 95 % interval). Reading the clock is included.",
        x: 20, y: height - 12, size: 11))
    return SVG.drawing(width: 820, height: height, title: "\(title), \(caption)", children).source()
  }

  private func curves(_ rows: [LatencyResult]) -> [Curve] {
    rows.grouped { [$0.plainName, $0.mode] }.map { key, rows in
      Curve(name: key.joined(separator: ", "), levels: GrowthLevels(rows).levels.filter { $0.trials.median != nil })
    }.filter { !$0.levels.isEmpty }
  }

  private func draw(
    _ series: GrowthSeries, _ curves: [Curve], _ names: [String], _ values: NanosecondAxis, x: Double, y: Double
  ) -> [SVG] {
    let (left, top) = (x + GrowthPlot.plot.left, y + GrowthPlot.plot.top)
    let (right, bottom) = (left + GrowthPlot.plot.width, top + GrowthPlot.plot.height)
    var drawn: [SVG] = [.label(series.rawValue, x: left, y: top - 8, bold: true)]
    for tick in values.ticks {
      let height = bottom - values.position(tick) * GrowthPlot.plot.height
      drawn.append(.line(left, height, right, height, stroke: "#ccc"))
      drawn.append(
        .label(Format.grouped(UInt64(exactly: tick) ?? .max), x: left - 6, y: height + 4, anchor: "end", size: 11))
    }
    let levels = Set(curves.flatMap { $0.levels.map(\.level) }).sorted()
    let axis = LevelAxis(levels, from: left + 14, to: right - 14)
    for (level, place) in axis.labelled {
      drawn.append(.line(place, bottom, place, bottom + 4, stroke: "#000"))
      drawn.append(.label(Format.grouped(Int(level)), x: place, y: bottom + 17, anchor: "middle", size: 11))
    }
    drawn.append(
      .label("\(series.rawValue), logarithmic", x: (left + right) / 2, y: bottom + 34, anchor: "middle", size: 11))
    drawn.append(
      SVG(
        "text",
        [
          "transform": "translate(\(SVG.number(x + 14)) \(SVG.number((top + bottom) / 2))) rotate(-90)",
          "text-anchor": "middle", "font-size": "11",
        ], text: clock.costAxis))
    for curve in curves {
      let style = CurveStyle(index: names.firstIndex(of: curve.name) ?? 0)
      drawn += draw(
        curve, style, { axis.place($0) }, { bottom - values.position(GrowthPlot.whole($0)) * GrowthPlot.plot.height })
    }
    return drawn
  }

  private func draw(
    _ curve: Curve, _ style: CurveStyle, _ x: (Double) -> Double, _ y: (Double) -> Double
  ) -> [SVG] {
    let points = curve.levels.map { (x: x($0.level), y: y($0.trials.median ?? 0), trials: $0.trials) }
    var drawn: [SVG] = zip(points, points.dropFirst()).map { .line($0.x, $0.y, $1.x, $1.y, stroke: style.colour) }
    for point in points {
      if let interval = Bootstrap.medianSpread(point.trials) {
        drawn.append(.line(point.x, y(interval.low), point.x, y(interval.high), stroke: style.colour))
      }
      drawn.append(style.marker(x: point.x, y: point.y))
    }
    return drawn
  }

  private static func whole(_ nanoseconds: Double) -> UInt64 {
    UInt64(exactly: max(0, nanoseconds).rounded()) ?? .max
  }
}
