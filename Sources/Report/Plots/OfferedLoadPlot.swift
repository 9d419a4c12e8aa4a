import Foundation
import Study

/// What was lost and what was told to be lost over the offered load: a panel for each back end and mode.
///
/// All are shares of what the panel's scenario produced, on linear axes over a logarithmic one of the load, so that panels
/// can be compared by eye. The curves are told apart by marker and line, not by colour; the markers are hollow and of
/// different sizes, so that each is seen where they coincide.
struct OfferedLoadPlot {
  private struct Curve: Sendable {
    var name: String
    var dash: String
    var marker: @Sendable (Double, Double) -> [SVG]
    var relation: @Sendable (LossJudgement) -> ChannelVerdict.Relation?
    var value: @Sendable (LossJudgement) -> UInt64?
  }

  private struct Panel {
    var backend: String
    var mode: String
    var points: [(load: Double, judgement: LossJudgement)]
  }

  private static let curves = [
    Curve(name: "lost", dash: "", marker: dot, relation: { _ in nil }) { $0.lost },
    Curve(name: "reported by the recipe", dash: "7 4", marker: diamond, relation: { $0.recipe.relation }) {
      $0.recipe.shown
    },
    Curve(name: "reported by the reader ABI alone", dash: "2 4", marker: cross, relation: { $0.readerABI.relation }) {
      $0.readerABI.shown
    },
  ]
  private static let panelWidth = 400.0
  private static let panelHeight = 230.0
  private static let left = 64.0
  private static let top = 96.0
  private static let plotWidth = 300.0
  private static let plotHeight = 140.0

  /// Which run it is of, below the title.
  let caption: String
  /// The loss scenarios of the run.
  let rows: [LossResult]
  /// The back ends that are models; they are drawn only where there is no other.
  let models: Set<String>

  /// The drawing; `nil` where no load was offered.
  func svg() -> String? {
    let all = panels
    let live = all.filter { !models.contains($0.backend) }
    let shown = live.isEmpty ? all : live
    guard !shown.isEmpty else { return nil }
    let title = "Events lost and reported as lost, by offered load"
    let backends = shown.grouped { $0.backend }
    let height = OfferedLoadPlot.top + OfferedLoadPlot.panelHeight * Double(backends.count) + 46
    var children: [SVG] = [
      .label(title, x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 760, size: 11), x: 20, y: 44, size: 11),
    ]
    children += legend(y: 62)
    for (row, (_, panels)) in backends.enumerated() {
      for panel in panels {
        let column = RingConfiguration.Mode.allCases.firstIndex { $0.rawValue == panel.mode } ?? 0
        children += draw(
          panel, x: OfferedLoadPlot.left + OfferedLoadPlot.panelWidth * Double(column),
          y: OfferedLoadPlot.top + OfferedLoadPlot.panelHeight * Double(row))
      }
    }
    children.append(
      .label(
        "Offered load: sub-buffers written for each one that the reader takes. Without a number reported there is no mark.",
        x: 20, y: height - 28, size: 11))
    children.append(
      .label(
        "24 are taken while it is written; what the ring buffer holds then is read too, so that less is lost than in the long run.",
        x: 20, y: height - 12, size: 11))
    return SVG.drawing(width: 840, height: height, title: "\(title), \(caption)", children).source()
  }

  private var panels: [Panel] {
    let points = rows.compactMap { row -> (row: LossResult, load: Double, judgement: LossJudgement)? in
      guard let load = row.offeredLoad, let judgement = row.judgement,
        judgement.produced > 0
      else { return nil }
      return (row, load, judgement)
    }
    return points.grouped { [$0.row.backend, $0.row.mode] }.map { key, points in
      Panel(
        backend: key[0], mode: key[1],
        points: points.map { ($0.load, $0.judgement) }.sorted { $0.0 < $1.0 })
    }
  }

  private func legend(y: Double) -> [SVG] {
    OfferedLoadPlot.curves.enumerated().flatMap { index, curve in
      let x = [20.0, 130, 330][min(index, 2)]
      return [
        line(from: (x, y + 7), to: (x + 44, y + 7), dash: curve.dash),
        .label(curve.name, x: x + 52, y: y + 11),
      ] + curve.marker(x + 22, y + 7)
    }
  }

  private func draw(_ panel: Panel, x: Double, y: Double) -> [SVG] {
    let isModel = models.contains(panel.backend)
    let name = isModel ? "\(panel.backend) (model)" : panel.backend
    var drawn: [SVG] = [.label(SVG.fitted("\(name), \(panel.mode)", width: 300), x: x, y: y + 12, bold: true)]
    let (top, bottom) = (y + 24, y + 24 + OfferedLoadPlot.plotHeight)
    for percent in stride(from: 0, through: 100, by: 25) {
      let height = bottom - OfferedLoadPlot.plotHeight * Double(percent) / 100
      drawn.append(.line(x, height, x + OfferedLoadPlot.plotWidth, height, stroke: percent == 0 ? "#000" : "#ccc"))
      drawn.append(.label("\(percent)", x: x - 6, y: height + 4, anchor: "end", size: 11))
    }
    let loads = panel.points.map(\.load)
    let axis = LevelAxis(loads, from: x + 12, to: x + OfferedLoadPlot.plotWidth - 12)
    for load in loads {
      let tick = axis.place(load)
      drawn.append(.line(tick, bottom, tick, bottom + 4, stroke: "#000"))
      drawn.append(.label(Format.decimal(load, digits: 2), x: tick, y: bottom + 16, anchor: "middle", size: 11))
    }
    drawn.append(
      .label(
        "offered load (logarithmic)", x: x + OfferedLoadPlot.plotWidth / 2, y: bottom + 32, anchor: "middle", size: 11))
    drawn.append(.label("% of produced", x: x - 44, y: y + 12, anchor: "start", size: 11))
    drawn[0].attributes[0].value = SVG.number(x + 44)
    for curve in OfferedLoadPlot.curves {
      drawn += draw(curve, panel, x: { axis.place($0) }, top: top, bottom: bottom)
    }
    // What is told without a number has no curve.
    let numberless = OfferedLoadPlot.curves.compactMap { curve -> String? in
      guard let last = panel.points.last?.judgement, curve.value(last) == nil else { return nil }
      return curve.relation(last).map { "\(curve.name.replacing("reported by the ", with: "")): \($0.rawValue)" }
    }
    for (index, text) in numberless.enumerated() {
      drawn.append(.label(text, x: x + 8, y: top + 15 + 15 * Double(index), size: 11))
    }
    return drawn
  }

  private func draw(
    _ curve: Curve, _ panel: Panel, x: (Double) -> Double, top: Double, bottom: Double
  ) -> [SVG] {
    var drawn: [SVG] = []
    var before: (Double, Double)?
    for (load, judgement) in panel.points {
      guard let value = curve.value(judgement) else {
        before = nil
        continue
      }
      // More than was produced is drawn at the top, and said.
      let share = min(1, Double(value) / Double(judgement.produced))
      if value > judgement.produced {
        drawn.append(.label("» \(Format.grouped(value))", x: x(load), y: top - 4, anchor: "middle", size: 10))
      }
      let point = (x(load), bottom - (bottom - top) * share)
      if let before { drawn.append(line(from: before, to: point, dash: curve.dash)) }
      drawn += curve.marker(point.0, point.1)
      before = point
    }
    return drawn
  }

  private static func dot(_ x: Double, _ y: Double) -> [SVG] {
    [SVG("circle", ["cx": SVG.number(x), "cy": SVG.number(y), "r": "3", "fill": "#000"])]
  }

  private static func diamond(_ x: Double, _ y: Double) -> [SVG] {
    let corners = [(0.0, -8.0), (8, 0), (0, 8), (-8, 0)].map { "\(SVG.number(x + $0.0)),\(SVG.number(y + $0.1))" }
    let points = corners.joined(separator: " ")
    return [SVG("polygon", ["points": points, "fill": "none", "stroke": "#000", "stroke-width": "1.3"])]
  }

  private static func cross(_ x: Double, _ y: Double) -> [SVG] {
    [SVG.line(x - 11, y, x + 11, y, stroke: "#000"), SVG.line(x, y - 11, x, y + 11, stroke: "#000")]
  }

  private func line(from: (Double, Double), to: (Double, Double), dash: String) -> SVG {
    var line = SVG.line(from.0, from.1, to.0, to.1, stroke: "#000")
    line.attributes.append(("stroke-width", "1.4"))
    if !dash.isEmpty { line.attributes.append(("stroke-dasharray", dash)) }
    return line
  }
}

extension ChannelVerdict {
  /// The number that a drawing shows: where nothing is said to be lost, 0; none where no number was told.
  fileprivate var shown: UInt64? { reported ?? (relation == .nothingLost && told == "none" ? 0 : nil) }
}
