import Study

/// What was produced, delivered, lost and reported in each row, as bars.
///
/// The bars are shares of what the row produced, on a linear axis: their lengths can be compared by eye, and nothing has
/// no length. The counts stand at their ends.
struct LossPlot {
  private struct Bar {
    var name: String
    var fill: String
    var value: UInt64?
  }

  /// The share up to which bars are drawn in full; more is cut and marked, so that one row cannot hide the others.
  private static let greatestShare = 2.0
  private static let width = 860.0
  private static let left = 250.0
  private static let right = 660.0
  private static let barHeight = 13.0
  private static let rowHeight = 72.0

  /// Which run it is of, below the title.
  let caption: String
  /// The rows, in their order.
  let rows: [LossResult]
  /// The back ends that are models.
  let models: Set<String>

  /// The drawing; `nil` where there are no rows.
  func svg() -> String? {
    guard !rows.isEmpty else { return nil }
    let title = "Events produced, delivered, lost and reported lost"
    let shares = rows.flatMap { row in bars(of: row).compactMap { share($0, of: row) } }
    let greatest = min(LossPlot.greatestShare, max(1, ((shares.max() ?? 1) * 4).rounded(.up) / 4))
    let top = 104.0
    let bottom = top + LossPlot.rowHeight * Double(rows.count)
    var children: [SVG] = [patterns]
    children += [
      .label(title, x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 820, size: 11), x: 20, y: 44, size: 11),
    ]
    children += legend(y: 62)
    children += grid(top: top, bottom: bottom, greatest: greatest)
    for (index, row) in rows.enumerated() {
      children += draw(row, y: top + LossPlot.rowHeight * Double(index), greatest: greatest)
    }
    children += [
      .label(
        "share of the row's produced events (%), linear", x: (LossPlot.left + LossPlot.right) / 2, y: bottom + 36,
        anchor: "middle"),
      .label(
        "No bar: none, or no number. A share above none is at least 1 px wide. »: the bar is longer than the axis."
          + (rows.contains { models.contains($0.backend) } ? " Dashed: a model." : ""),
        x: 20, y: bottom + 60, size: 11),
    ]
    return SVG.drawing(width: LossPlot.width, height: bottom + 74, title: "\(title), \(caption)", children).source()
  }

  private func bars(of row: LossResult) -> [Bar] {
    zip(LossPlot.kinds, [row.produced, row.delivered, row.lost, row.reported]).map {
      Bar(name: $0.name, fill: $0.fill, value: $1)
    }
  }

  private static let kinds: [(name: String, fill: String)] = [
    ("produced", "#fff"), ("delivered", "url(#dots)"), ("lost", "#222"), ("reported", "url(#hatch)"),
  ]

  /// The length of a bar, with everything beyond the axis as infinitely long where nothing was produced.
  private func share(_ bar: Bar, of row: LossResult) -> Double? {
    guard let value = bar.value, value > 0 else { return nil }
    return row.produced == 0 ? .greatestFiniteMagnitude : Double(value) / Double(row.produced)
  }

  private var patterns: SVG {
    let size: KeyValuePairs = ["width": "6", "height": "6", "fill": "#fff"]
    let units = "userSpaceOnUse"
    return SVG(
      "defs", [:],
      [
        SVG(
          "pattern", ["id": "hatch", "width": "6", "height": "6", "patternUnits": units],
          [
            SVG("rect", size),
            SVG("path", ["d": "M-1 7L7 -1M-1 1L1 -1M5 7L7 5", "stroke": "#000", "stroke-width": "1.6"]),
          ]),
        SVG(
          "pattern", ["id": "dots", "width": "6", "height": "6", "patternUnits": units],
          [SVG("rect", size), SVG("circle", ["cx": "3", "cy": "3", "r": "1.4", "fill": "#000"])]),
      ])
  }

  private func legend(y: Double) -> [SVG] {
    LossPlot.kinds.enumerated().flatMap { index, kind in
      let x = 20 + 130 * Double(index)
      return [
        rectangle(x: x, y: y, width: 24, fill: kind.fill),
        .label(kind.name, x: x + 32, y: y + 11),
      ]
    }
  }

  private func grid(top: Double, bottom: Double, greatest: Double) -> [SVG] {
    stride(from: 0, through: Int((greatest * 100).rounded()), by: 25).flatMap { percent -> [SVG] in
      let x = x(Double(percent) / 100, greatest)
      return [
        .line(x, top - 6, x, bottom + 2, stroke: percent == 0 ? "#000" : "#ccc"),
        .label("\(percent)", x: x, y: bottom + 17, anchor: "middle"),
      ]
    }
  }

  private func x(_ share: Double, _ greatest: Double) -> Double {
    LossPlot.left + min(share, greatest) / greatest * (LossPlot.right - LossPlot.left)
  }

  private func draw(_ row: LossResult, y: Double, greatest: Double) -> [SVG] {
    let isModel = models.contains(row.backend)
    var drawn: [SVG] = [
      .label(SVG.fitted(isModel ? "\(row.backend) (model)" : row.backend, width: 220), x: 20, y: y + 14, bold: true),
      .label(SVG.fitted("\(row.mode), \(row.scenario)", width: 220), x: 20, y: y + 29),
      .label(SVG.fitted("verdict: \(row.verdict.rawValue)", width: 220), x: 20, y: y + 44),
    ]
    for (index, bar) in bars(of: row).enumerated() {
      let top = y + (LossPlot.barHeight + 2) * Double(index)
      var end = LossPlot.left
      var cut = ""
      if let share = share(bar, of: row) {
        end = max(x(share, greatest), LossPlot.left + 1)
        if share > greatest { cut = "» " }
        drawn.append(rectangle(x: LossPlot.left, y: top, width: end - LossPlot.left, fill: bar.fill, isDashed: isModel))
      }
      let value = bar.value.map { Format.grouped($0) } ?? "no number"
      drawn.append(ground(of: cut + value, x: end + 3, y: top))
      drawn.append(.label(cut + value, x: end + 5, y: top + 11, size: 11))
    }
    return drawn
  }

  /// White below a count, so that the grid does not strike it through.
  private func ground(of text: String, x: Double, y: Double) -> SVG {
    SVG(
      "rect",
      [
        "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(6.4 * Double(text.count) + 4),
        "height": SVG.number(LossPlot.barHeight), "fill": "#fff",
      ])
  }

  private func rectangle(x: Double, y: Double, width: Double, fill: String, isDashed: Bool = false) -> SVG {
    var rectangle = SVG(
      "rect",
      [
        "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(width),
        "height": SVG.number(LossPlot.barHeight), "fill": fill, "stroke": "#000",
      ])
    if isDashed { rectangle.attributes.append(("stroke-dasharray", "4 3")) }
    return rectangle
  }
}
