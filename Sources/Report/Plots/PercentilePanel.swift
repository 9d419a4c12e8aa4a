/// Percentile curves in one frame: cost over percentile, both logarithmic.
struct PercentilePanel {
  /// Where it lies in the drawing, in pixels.
  struct Frame {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
  }

  /// The percentiles that have a marker, where the sample supports them.
  private static let marked: [(percentile: Double, inverse: Double)] = [
    (50, 2), (90, 10), (99, 100), (99.9, 1000), (99.99, 10_000), (99.999, 100_000),
  ]

  let frame: Frame
  /// What the values are.
  let clock: PlotClock
  let values: NanosecondAxis
  let percentiles: PercentileAxis
  /// Whether a sample is 0, which has no place on the axis.
  let hasZero: Bool

  private func x(_ position: Double) -> Double {
    frame.left + position * (frame.right - frame.left)
  }

  private func y(_ position: Double) -> Double {
    frame.bottom - position * (frame.bottom - frame.top)
  }

  /// The axes with their ticks and labels.
  func grid() -> [SVG] {
    var grid: [SVG] = []
    for tick in values.ticks {
      let y = y(values.position(tick))
      grid.append(.line(frame.left, y, frame.right, y, stroke: "#ccc"))
      // Zero has no place on a logarithmic axis; it is put on 1, and the label says so.
      let label = (hasZero && tick == 1 ? "≤ " : "") + Format.grouped(UInt64(exactly: tick) ?? .max)
      let isShort = label.count <= 9
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
        "text",
        ["transform": "translate(\(SVG.number(frame.left - 77)) \(middle)) rotate(-90)", "text-anchor": "middle"],
        text: clock.costAxis))
    return grid
  }

  /// A curve, thin where its sample does not support it, with its markers.
  func draw(_ curve: PercentileCurve, _ style: CurveStyle) -> [SVG] {
    let place = { (point: PercentileCurve.Point) in
      (x(percentiles.position(samplesPerOneBeyond: point.inverse)), y(values.position(point.nanoseconds)))
    }
    let limit = Double(curve.samples) / Double(SampleSupport.samplesBeyond)
    let (supported, tail) = split(curve.points, at: limit)
    var drawn: [SVG] = []
    if supported.count > 1 { drawn.append(style.path(supported.map(place), width: "2")) }
    if tail.count > 1 { drawn.append(style.path(tail.map(place), width: "0.8")) }
    let marks =
      [PercentileCurve.Point(inverse: 1, nanoseconds: curve.least)]
      + PercentilePanel.marked.filter { SampleSupport.supports($0.percentile, samples: curve.samples) }.map {
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
}
