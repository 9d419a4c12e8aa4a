/// Series of lines and of points with ranges in one frame.
struct PlotPanel {
  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  /// A point with a range along each axis.
  struct Mark {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
    var point: Point

    init(_ point: Point, x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil) {
      (self.point, self.x, self.y) = (point, x ?? point.x...point.x, y ?? point.y...point.y)
    }
  }

  struct Series {
    var style: PlotStyle
    var line: [Point] = []
    var marks: [Mark] = []
  }

  /// The place of the frame in the drawing, in pixels.
  struct Frame {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
  }

  var title: String
  var x: PlotAxis
  var y: PlotAxis
  var series: [Series]
  /// The height of the frame, in pixels.
  var height: Double
  /// The remarks in the frame's upper left corner.
  var remarks: [String] = []

  /// The width of the labels of the vertical axis, in pixels.
  var labelWidth: Double { y.ticks.map { SVG.width($0.label, size: 11) }.max() ?? 0 }

  func draw(in frame: Frame) -> [SVG] {
    grid(frame) + series.flatMap { draw($0, frame) }
      + remarks.flatMap { SVG.wrapped($0, width: frame.right - frame.left - 16, size: 11) }.enumerated().map {
        .label($0.element, x: frame.left + 8, y: frame.top + 16 + 15 * Double($0.offset), size: 11)
      }
  }

  private func place(_ point: Point, _ frame: Frame) -> (x: Double, y: Double) {
    (
      frame.left + x.position(point.x) * (frame.right - frame.left),
      frame.bottom - y.position(point.y) * (frame.bottom - frame.top)
    )
  }

  private func grid(_ frame: Frame) -> [SVG] {
    var grid: [SVG] = [
      .label(SVG.fitted(title, width: frame.right - frame.left), x: frame.left, y: frame.top - 9, bold: true)
    ]
    for tick in y.ticks {
      let y = place(Point(x: 0, y: tick.value), frame).y
      grid.append(.line(frame.left, y, frame.right, y, stroke: "#ddd"))
      grid.append(.label(tick.label, x: frame.left - 7, y: y + 4, anchor: "end", size: 11))
    }
    for tick in x.ticks {
      let x = place(Point(x: tick.value, y: 0), frame).x
      grid.append(.line(x, frame.top, x, frame.bottom + 4, stroke: "#ddd"))
      grid.append(.label(tick.label, x: x, y: frame.bottom + 18, anchor: "middle", size: 11))
    }
    grid.append(
      SVG(
        "rect",
        [
          "x": SVG.number(frame.left), "y": SVG.number(frame.top), "width": SVG.number(frame.right - frame.left),
          "height": SVG.number(frame.bottom - frame.top), "fill": "none", "stroke": "#666",
        ]))
    let middle = (x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2)
    if !x.title.isEmpty { grid.append(.label(x.title, x: middle.x, y: frame.bottom + 36, anchor: "middle")) }
    if !y.title.isEmpty {
      let turn = "translate(\(SVG.number(frame.left - labelWidth - 20)) \(SVG.number(middle.y))) rotate(-90)"
      grid.append(SVG("text", ["transform": turn, "text-anchor": "middle"], text: y.title))
    }
    return grid
  }

  private func draw(_ series: Series, _ frame: Frame) -> [SVG] {
    var drawn: [SVG] = []
    let line = thinned(series.line.map { place($0, frame) })
    if line.count > 1 { drawn.append(series.style.line(line)) }
    for mark in series.marks {
      let low = place(Point(x: mark.x.lowerBound, y: mark.y.lowerBound), frame)
      let high = place(Point(x: mark.x.upperBound, y: mark.y.upperBound), frame)
      let point = place(mark.point, frame)
      if low.y - high.y > 1 {
        drawn += bar((point.x, low.y), (point.x, high.y), cap: (4, 0), series.style)
      }
      if high.x - low.x > 1 {
        drawn += bar((low.x, point.y), (high.x, point.y), cap: (0, 4), series.style)
      }
      drawn.append(series.style.mark(x: point.x, y: point.y))
    }
    return drawn
  }

  /// A range with a cap at each end.
  private func bar(
    _ low: (x: Double, y: Double), _ high: (x: Double, y: Double), cap: (x: Double, y: Double), _ style: PlotStyle
  ) -> [SVG] {
    let ends = [low, high].map {
      SVG.line($0.x - cap.x, $0.y - cap.y, $0.x + cap.x, $0.y + cap.y, stroke: style.colour, width: 1.5)
    }
    return [.line(low.x, low.y, high.x, high.y, stroke: style.colour, width: 1.5)] + ends
  }

  /// The corners of a line without those that lie within half a pixel of the one before.
  private func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    points.indices.reduce(into: []) { kept, index in
      let point = points[index]
      if let last = kept.last, index + 1 < points.count, abs(last.x - point.x) < 0.5, abs(last.y - point.y) < 0.5 {
        return
      }
      kept.append(point)
    }
  }
}
