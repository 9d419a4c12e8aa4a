import Foundation

/// Panels with a title, a legend and notes on a white sheet.
struct PlotSheet {
  static let width = 900.0
  private static let margin = 16.0

  /// The panels, each with all series; a series without data in any of them is not in the legend.
  var panels: [PlotPanel]
  /// The number of panels next to each other.
  var columns = 1
  var notes: [String]

  private var legend: [PlotPanel.Series] {
    let drawn = Set(panels.flatMap(\.series).filter { !$0.marks.isEmpty }.map(\.style))
    return panels.first?.series.filter { drawn.contains($0.style) } ?? []
  }

  /// - Parameter caption: the run, below the title.
  func svg(title: String, caption: String) -> String {
    let inner = PlotSheet.width - 2 * PlotSheet.margin
    var drawn: [SVG] = [
      .label(SVG.fitted(title, width: inner, size: 16), x: PlotSheet.margin, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: inner, size: 11), x: PlotSheet.margin, y: 44, size: 11),
    ]
    var y = 66.0
    for entry in legend {
      if entry.line != nil {
        drawn.append(entry.style.line([(PlotSheet.margin, y), (PlotSheet.margin + 56, y)]))
      }
      drawn.append(entry.style.mark(x: PlotSheet.margin + 28, y: y))
      for line in SVG.wrapped(entry.name, width: inner - 66) {
        drawn.append(.label(line, x: PlotSheet.margin + 66, y: y + 4))
        y += 19
      }
    }
    for row in stride(from: 0, to: panels.count, by: columns) {
      let inRow = panels[row..<min(row + columns, panels.count)]
      let height = inRow.map(\.height).max() ?? 0
      for (column, panel) in inRow.enumerated() {
        drawn += panel.draw(in: frame(panel, column: column, top: y + 22))
      }
      y += 22 + height + 54
    }
    for line in notes.flatMap({ SVG.wrapped($0, width: inner, size: 11) }) {
      drawn.append(.label(line, x: PlotSheet.margin, y: y + 4, size: 11))
      y += 15
    }
    return SVG.drawing(width: PlotSheet.width, height: y + 6, title: "\(title), \(caption)", drawn).source()
  }

  private func frame(_ panel: PlotPanel, column: Int, top: Double) -> PlotPanel.Frame {
    let width = PlotSheet.width / Double(columns)
    // The frames of a column are one above the other.
    let labels = panels.map(\.labelWidth).max() ?? 0
    let title = panels.contains { !$0.y.title.isEmpty } ? 20.0 : 0
    let left = Double(column) * width
    return PlotPanel.Frame(
      left: left + PlotSheet.margin + title + labels + 7, top: top, right: left + width - 36,
      bottom: top + panel.height)
  }
}

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
    /// The text of the legend.
    var name: String
    var style: PlotStyle
    /// `nil` if the series has points only.
    var line: [Point]?
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
    let lines = remarks.flatMap { SVG.wrapped($0, width: frame.right - frame.left - 16, size: 11) }
    let labels = lines.enumerated().map { index, line in
      SVG.label(line, x: frame.left + 8, y: frame.top + 16 + 15 * Double(index), size: 11)
    }
    return grid(frame) + series.flatMap { draw($0, frame) } + labels
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
    let line = thinned((series.line ?? []).map { place($0, frame) })
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

/// One axis of a panel, linear or logarithmic, with ticks at round numbers.
struct PlotAxis {
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  let title: String
  let ticks: [Tick]
  private let isLogarithmic: Bool
  private let range: ClosedRange<Double>

  private init(_ title: String, _ range: ClosedRange<Double>, isLogarithmic: Bool = false, _ ticks: [Tick]) {
    (self.title, self.range, self.isLogarithmic, self.ticks) = (title, range, isLogarithmic, ticks)
  }

  /// The share of the axis before a value: 0 at its beginning, 1 at its end. A value outside the axis lies on its end.
  func position(_ value: Double) -> Double {
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    let position = (scaled(value) - low) / (high - low)
    return position.isFinite ? min(1, max(0, position)) : 0
  }

  private func scaled(_ value: Double) -> Double {
    isLogarithmic ? log10(max(value, range.lowerBound)) : value
  }

  /// A linear axis that contains 0 and some values, with at most nine ticks.
  static func linear(_ title: String, containing values: [Double]) -> PlotAxis {
    let values = values.filter(\.isFinite)
    // A little more, so that no mark lies on the frame.
    let (least, greatest) = (min(0, (values.min() ?? 0) * 1.02), max(0, (values.max() ?? 0) * 1.02))
    let span = greatest - least > 1e-9 ? greatest - least : 1
    let decade = pow(10, (log10(span / 8)).rounded(.down))
    let step = decade * ([1, 2, 5].first { $0 * decade * 8 >= span } ?? 10)
    let first = (least / step).rounded(.down)
    let last = max(first + 1, (greatest / step).rounded(.up))
    let ticks = stride(from: first, through: last, by: 1).map { Tick(value: $0 * step, label: number($0 * step)) }
    return PlotAxis(title, first * step...last * step, ticks)
  }

  /// A logarithmic axis of times that contains some values in nanoseconds. Its ticks are steps of 1, 2 and 5, or
  /// decades if these are too many. A value below 1 ns lies on 1 ns.
  static func duration(_ title: String, containing values: [Double]) -> PlotAxis {
    let values = values.filter(\.isFinite)
    let least = max(1, values.min() ?? 1)
    let greatest = max(least, values.max() ?? 1)
    // 2^64 ns is less than 10^20 ns.
    let steps = (0...20).flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }
    let first = steps.lastIndex { $0 <= least / 1.05 } ?? 0
    let last = max(first + 1, steps.firstIndex { $0 >= greatest * 1.05 } ?? steps.count - 1)
    let labelled = (first...last).filter { last - first <= 10 || $0.isMultiple(of: 3) }
    return PlotAxis(
      title, steps[first]...steps[last], isLogarithmic: true,
      labelled.map { Tick(value: steps[$0], label: duration(steps[$0])) })
  }

  /// The percentile axis of HdrHistogram's plots, with the scale −log(1 − share). A percentile is given as
  /// 1 / (1 − share): 10 for p90, 1,000 for p99.9.
  static func percentiles(_ title: String, upTo inverse: Double) -> PlotAxis {
    // Nine nines are more than any run has samples for.
    let nines = Int(min(9, max(1, (log10(max(1, inverse)) - 0.001).rounded(.up))))
    let ticks = stride(from: 1, through: nines, by: (nines + 5) / 6).map { nine in
      let label = nine == 1 ? "90" : nine == 2 ? "99" : "99.\(String(repeating: "9", count: nine - 2))"
      return Tick(value: pow(10, Double(nine)), label: label)
    }
    return PlotAxis(
      title, 1...pow(10, Double(nines)), isLogarithmic: true,
      [Tick(value: 1, label: "0"), Tick(value: 2, label: "50")] + ticks)
  }

  /// An axis of names from its end to its beginning: on a vertical axis the first name is the topmost.
  /// A name has the whole number of its place from the end, and half a unit on each side.
  static func names(_ names: [String]) -> PlotAxis {
    let ticks = names.enumerated().map { Tick(value: Double(names.count - 1 - $0.offset), label: $0.element) }
    return PlotAxis("", -0.5...Double(max(1, names.count)) - 0.5, ticks)
  }

  /// A number to some significant digits, its thousands separated: `12,300`, `30.3`.
  static func number(_ value: Double, digits: Int = 3) -> String {
    guard value != 0 else { return "0" }
    guard value.isFinite, abs(value) < 1e9 else { return String(format: "%.1e", value) }
    let decimals = digits - 1 - Int(log10(abs(value)).rounded(.down))
    guard decimals < 0 else { return Format.decimal(value, digits: decimals) }
    let power = pow(10, Double(-decimals))
    return Format.grouped(Int((value / power).rounded() * power))
  }

  /// `500 ns`, `20 µs`, `5 ms`, `1 s`.
  private static func duration(_ nanoseconds: Double) -> String {
    let (unit, name) = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")].first { nanoseconds >= $0.0 } ?? (1, "ns")
    return "\(number(nanoseconds / unit)) \(name)"
  }
}
