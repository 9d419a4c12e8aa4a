import Study

/// The cost of one operation as percentile curves, one for each row.
struct LatencyPlot {
  /// The percentiles that have a marker, where the sample supports them.
  private static let marked: [(percentile: Double, inverse: Double)] = [
    (50, 2), (90, 10), (99, 100), (99.9, 1000), (99.99, 10_000), (99.999, 100_000),
  ]
  private static let size = (width: 860.0, height: 400.0)
  private static let frame = (left: 100.0, top: 62.0, right: 812.0, bottom: 350.0)
  private static let legendLine = 20.0

  /// The operation, for the title.
  let operation: String
  /// Which run it is of, below the title.
  let caption: String
  /// The rows of the operation.
  let rows: [LatencyResult]

  /// The drawing; `nil` where no row has a sample.
  func svg() -> String? {
    let curves = rows.compactMap { row in PercentileCurve(row).map { (row: row, curve: $0) } }
    guard let least = curves.map(\.curve.least).min(), let greatest = curves.map(\.curve.greatest).max(),
      let samples = curves.map(\.curve.samples).max()
    else { return nil }
    let values = NanosecondAxis(from: least, to: greatest)
    let percentiles = PercentileAxis(samples: samples)
    let title = "Latency of \(operation) by percentile"
    let notes = 2
    let height = LatencyPlot.size.height + LatencyPlot.legendLine * Double(curves.count + notes) + 12
    var children: [SVG] = [
      .label(SVG.fitted(title, width: 800, size: 16), x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 820, size: 11), x: 20, y: 44, size: 11),
    ]
    children += grid(values, percentiles, hasZero: least == 0)
    for (index, entry) in curves.enumerated() {
      children += draw(entry.curve, CurveStyle(index: index), values, percentiles)
    }
    for (index, entry) in curves.enumerated() {
      children += legend(entry.row, entry.curve, CurveStyle(index: index), line: index)
    }
    let end = LatencyPlot.size.height + 14 + LatencyPlot.legendLine * Double(curves.count)
    children += [
      .label(
        "Markers: the least sample and each percentile with \(SampleSupport.samplesBeyond) or more samples beyond it; "
          + "further right the curve is thin.", x: 20, y: end, size: 11),
      .label(
        "A curve ends at its greatest sample. The cost of reading the clock is contained, not subtracted.", x: 20,
        y: end + 16, size: 11),
    ]
    return SVG.drawing(width: LatencyPlot.size.width, height: height, title: "\(title), \(caption)", children).source()
  }

  private func x(_ position: Double) -> Double {
    LatencyPlot.frame.left + position * (LatencyPlot.frame.right - LatencyPlot.frame.left)
  }

  private func y(_ position: Double) -> Double {
    LatencyPlot.frame.bottom - position * (LatencyPlot.frame.bottom - LatencyPlot.frame.top)
  }

  private func grid(_ values: NanosecondAxis, _ percentiles: PercentileAxis, hasZero: Bool) -> [SVG] {
    let frame = LatencyPlot.frame
    var grid: [SVG] = []
    for tick in values.ticks {
      let y = y(values.position(tick))
      grid.append(.line(frame.left, y, frame.right, y, stroke: "#ccc"))
      // Zero has no place on a logarithmic axis; it is put on 1, and the label says so.
      let label = (hasZero && tick == 1 ? "≤ " : "") + Format.grouped(UInt64(exactly: tick) ?? .max)
      let isShort = label.count <= 10
      grid.append(
        .label(isShort ? label : Format.scientific(tick), x: frame.left - 8, y: y + 4, anchor: "end"))
    }
    for tick in percentiles.ticks(width: frame.right - frame.left) {
      let x = x(tick.position)
      grid.append(.line(x, frame.top, x, frame.bottom + 4, stroke: "#ccc"))
      grid.append(.label(tick.label, x: x, y: frame.bottom + 18, anchor: "middle"))
    }
    grid.append(
      SVG(
        "rect",
        [
          "x": SVG.number(frame.left), "y": SVG.number(frame.top), "width": SVG.number(frame.right - frame.left),
          "height": SVG.number(frame.bottom - frame.top), "fill": "none", "stroke": "#000",
        ]))
    grid.append(
      .label(
        "percentile (%), each nine as wide as the one before", x: (frame.left + frame.right) / 2, y: frame.bottom + 36,
        anchor: "middle"))
    let middle = SVG.number((frame.top + frame.bottom) / 2)
    grid.append(
      SVG(
        "text", ["transform": "translate(18 \(middle)) rotate(-90)", "text-anchor": "middle"],
        text: "time (ns), logarithmic"))
    return grid
  }

  private func draw(
    _ curve: PercentileCurve, _ style: CurveStyle, _ values: NanosecondAxis, _ percentiles: PercentileAxis
  ) -> [SVG] {
    let place = { (point: PercentileCurve.Point) in
      (x(percentiles.position(samplesPerOneBeyond: point.inverse)), y(values.position(point.nanoseconds)))
    }
    let limit = Double(curve.samples) / Double(SampleSupport.samplesBeyond)
    let (supported, tail) = split(curve.points, at: limit)
    var drawn: [SVG] = []
    if supported.count > 1 { drawn.append(path(supported.map(place), style, width: "2")) }
    if tail.count > 1 { drawn.append(path(tail.map(place), style, width: "0.8")) }
    let marks =
      [PercentileCurve.Point(inverse: 1, nanoseconds: curve.least)]
      + LatencyPlot.marked.filter { SampleSupport.supports($0.percentile, samples: curve.samples) }.map {
        PercentileCurve.Point(inverse: $0.inverse, nanoseconds: curve.value(at: $0.percentile))
      }
    return drawn + marks.map(place).map { style.marker(x: $0.0, y: $0.1) }
  }

  /// The corners up to a place on the curve and those from there on, the place itself in both.
  private func split(
    _ points: [PercentileCurve.Point], at limit: Double
  ) -> (supported: [PercentileCurve.Point], tail: [PercentileCurve.Point]) {
    guard let first = points.firstIndex(where: { $0.inverse > limit }) else { return (points, []) }
    guard first > 0 else { return ([], points) }
    let place = PercentileCurve.Point(inverse: max(1, limit), nanoseconds: points[first].nanoseconds)
    return (points[..<first] + [place], [place] + points[first...])
  }

  private func path(_ points: [(Double, Double)], _ style: CurveStyle, width: String) -> SVG {
    let d = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(SVG.number($1.0)) \(SVG.number($1.1))" }
    return SVG("path", ["d": d.joined(), "fill": "none", "stroke": style.colour, "stroke-width": width])
  }

  private func legend(_ row: LatencyResult, _ curve: PercentileCurve, _ style: CurveStyle, line: Int) -> [SVG] {
    let y = LatencyPlot.size.height + 8 + LatencyPlot.legendLine * Double(line) - 4
    let outOfRange = row.outOfRange > 0 ? ", \(Format.grouped(row.outOfRange)) out of range" : ""
    let text =
      "\(row.plainName), \(row.mode), \(row.condition), n = \(Format.grouped(curve.samples))\(outOfRange): \(row.call)"
    return [
      path([(20, y), (84, y)], style, width: "2"), style.marker(x: 52, y: y),
      .label(SVG.fitted(text, width: LatencyPlot.size.width - 108), x: 94, y: y + 4),
    ]
  }
}
