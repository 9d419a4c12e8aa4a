import Study

/// How old events are over the rate: a column of panels for each back end, the median above the 99th percentile.
///
/// All panels have the same axes. A reader has the same marker in all of them, and is told by it and not by its colour.
struct FreshnessPlot {
  private static let panel = (width: 420.0, height: 300.0)
  private static let plot = (left: 78.0, top: 34.0, width: 320.0, height: 212.0)
  private static let top = 58.0

  /// What a row of panels shows.
  private enum Value: CaseIterable {
    case median
    case tail

    var title: String { self == .median ? "median of trials" : "p99 of all trials" }

    /// In nanoseconds; `nil` without enough samples.
    func value(_ row: FreshnessResult) -> UInt64? {
      switch self {
      case .median: row.trialMedians.median.flatMap { UInt64(exactly: max(0, $0).rounded()) }
      case .tail:
        row.age.distribution.flatMap { all in
          let value = all.value(at: 99)
          let reaching = SampleSupport.trials(reaching: value, row.age)
          return SampleSupport.supports(99, samples: all.count) && SampleSupport.isEnough(reaching, of: row.age.count)
            ? value : nil
        }
      }
    }
  }

  /// Which run it is of, below the title.
  let caption: String
  /// All rows of the run.
  let rows: [FreshnessResult]

  /// The drawing; `nil` without an age.
  func svg() -> String? {
    let values = Value.allCases.flatMap { value in rows.compactMap { value.value($0) } }
    guard let least = values.min(), let greatest = values.max() else { return nil }
    let axis = NanosecondAxis(from: least, to: greatest)
    let backends = rows.grouped { $0.backend }
    let names = rows.map(\.reader.title).grouped { $0 }.map(\.key)
    let end = FreshnessPlot.top + FreshnessPlot.panel.height * Double(Value.allCases.count)
    let width = max(840, FreshnessPlot.panel.width * Double(backends.count))
    let height = end + 20 * Double((names.count + 1) / 2) + 50
    let title = "Age of events when the reader holds them, by rate"
    var children: [SVG] = [
      .label(title, x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 800, size: 11), x: 20, y: 44, size: 11),
    ]
    for (line, value) in Value.allCases.enumerated() {
      for (column, backend) in backends.enumerated() {
        children += draw(
          value, backend.key, backend.elements, names, axis, x: FreshnessPlot.panel.width * Double(column),
          y: FreshnessPlot.top + FreshnessPlot.panel.height * Double(line))
      }
    }
    for (index, name) in names.enumerated() {
      let style = CurveStyle(index: index)
      let (x, y) = (20 + 400 * Double(index % 2), end + 10 + 20 * Double(index / 2))
      children += [
        .line(x, y, x + 64, y, stroke: style.colour), style.marker(x: x + 32, y: y),
        .label(SVG.fitted(name, width: 310), x: x + 74, y: y + 4),
      ]
    }
    children.append(
      .label(
        "From the event's time stamp to the end of acquire. Bars: the range of the trials (from 6 on a 95 % interval).",
        x: 20,
        y: height - 12, size: 11))
    return SVG.drawing(width: width, height: height, title: "\(title), \(caption)", children).source()
  }

  private func draw(
    _ value: Value, _ backend: String, _ rows: [FreshnessResult], _ names: [String], _ axis: NanosecondAxis, x: Double,
    y: Double
  ) -> [SVG] {
    let (left, top) = (x + FreshnessPlot.plot.left, y + FreshnessPlot.plot.top)
    let (right, bottom) = (left + FreshnessPlot.plot.width, top + FreshnessPlot.plot.height)
    var drawn: [SVG] = [.label(SVG.fitted("\(backend): \(value.title)", width: 330), x: left, y: top - 10, bold: true)]
    for tick in axis.ticks {
      let height = bottom - axis.position(tick) * FreshnessPlot.plot.height
      drawn.append(.line(left, height, right, height, stroke: "#ccc"))
      drawn.append(.label(PlotClock.ageText(tick), x: left - 6, y: height + 4, anchor: "end", size: 11))
    }
    let rates = LevelAxis(Set(self.rows.map { Double($0.rate) }).sorted(), from: left + 14, to: right - 14)
    for (rate, place) in rates.labelled {
      drawn.append(.line(place, bottom, place, bottom + 4, stroke: "#000"))
      drawn.append(.label(Format.grouped(UInt64(rate)), x: place, y: bottom + 17, anchor: "middle", size: 11))
    }
    drawn.append(
      .label("events per second, logarithmic", x: (left + right) / 2, y: bottom + 34, anchor: "middle", size: 11))
    drawn.append(
      SVG(
        "text",
        [
          "transform": "translate(\(SVG.number(x + 14)) \(SVG.number((top + bottom) / 2))) rotate(-90)",
          "text-anchor": "middle", "font-size": "11",
        ], text: "age, logarithmic"))
    for (name, rows) in rows.grouped(by: \.reader.title) {
      let points = rows.compactMap { row in
        value.value(row).map { (x: rates.place(Double(row.rate)), nanoseconds: $0, row: row) }
      }.sorted { $0.x < $1.x }
      let style = CurveStyle(index: names.firstIndex(of: name) ?? 0)
      let height = { (nanoseconds: UInt64) in bottom - axis.position(nanoseconds) * FreshnessPlot.plot.height }
      drawn += zip(points, points.dropFirst()).map { first, second in
        .line(first.x, height(first.nanoseconds), second.x, height(second.nanoseconds), stroke: style.colour)
      }
      for point in points {
        if value == .median { drawn += bar(point.row, x: point.x, style, height) }
        drawn.append(style.marker(x: point.x, y: height(point.nanoseconds)))
      }
    }
    return drawn
  }

  private func bar(_ row: FreshnessResult, x: Double, _ style: CurveStyle, _ height: (UInt64) -> Double) -> [SVG] {
    let interval = Bootstrap.medianSpread(row.trialMedians)
    guard let low = interval.flatMap({ UInt64(exactly: max(0, $0.low).rounded()) }),
      let high = interval.flatMap({ UInt64(exactly: max(0, $0.high).rounded()) })
    else { return [] }
    return [.line(x, height(low), x, height(high), stroke: style.colour)]
  }
}
