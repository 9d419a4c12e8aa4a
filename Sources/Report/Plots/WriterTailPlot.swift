import Study

/// What an event costs its writer as percentile curves: a panel for each back end and mode, in each a curve for what the
/// reader does. All panels have the same axes.
struct WriterTailPlot {
  private static let panel = (width: 480.0, height: 400.0)
  private static let top = 62.0
  private static let legendLine = 20.0

  /// Which run it is of, below the title.
  let caption: String
  /// What its clock counts.
  let clock: PlotClock
  /// The rows of the run.
  let rows: [DisturbanceResult]

  private struct Panel {
    var title: String
    var curves: [(condition: WriterCondition, curve: PercentileCurve)]
  }

  /// The drawing; `nil` where no row has a sample.
  func svg() -> String? {
    let panels = panels
    let curves = panels.flatMap(\.curves).map(\.curve)
    guard let least = curves.map(\.least).min(), let greatest = curves.map(\.greatest).max(),
      let samples = curves.map(\.samples).max()
    else { return nil }
    let values = NanosecondAxis(from: least, to: greatest)
    let percentiles = PercentileAxis(samples: samples)
    let title = "Service time of the writer by percentile"
    var children: [SVG] = [
      .label(title, x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 900, size: 11), x: 20, y: 44, size: 11),
    ]
    for (index, panel) in panels.enumerated() {
      let (x, y) = (Double(index % 2) * WriterTailPlot.panel.width, Double(index / 2) * WriterTailPlot.panel.height)
      let frame = PercentilePanel(
        frame: .init(
          left: x + 90, top: WriterTailPlot.top + y + 24, right: x + 450, bottom: WriterTailPlot.top + y + 340),
        clock: clock, values: values, percentiles: percentiles, hasZero: least == 0)
      children.append(
        .label(SVG.fitted(panel.title, width: 375), x: x + 90, y: WriterTailPlot.top + y + 14, bold: true))
      children += frame.grid()
      for entry in panel.curves { children += frame.draw(entry.curve, style(entry.condition)) }
    }
    var y = WriterTailPlot.top + Double((panels.count + 1) / 2) * WriterTailPlot.panel.height + 8
    for condition in WriterCondition.allCases
    where panels.contains(where: { $0.curves.contains { $0.condition == condition } }) {
      children += [
        style(condition).path([(20, y), (84, y)], width: "2"), style(condition).marker(x: 52, y: y),
        .label(condition.rawValue, x: 94, y: y + 4),
      ]
      y += WriterTailPlot.legendLine
    }
    children += [
      .label(
        "Markers: the least sample and each percentile with \(SampleSupport.samplesBeyond) or more samples beyond it; "
          + "further right the curve is thin.", x: 20, y: y + 6, size: 11),
      .label(
        "A curve ends at its greatest sample. The cost of reading the clock is contained, not subtracted.", x: 20,
        y: y + 22, size: 11),
    ]
    return SVG.drawing(
      width: 2 * WriterTailPlot.panel.width, height: y + 36, title: "\(title), \(caption)", children
    ).source()
  }

  private func style(_ condition: WriterCondition) -> CurveStyle {
    CurveStyle(index: WriterCondition.allCases.firstIndex(of: condition) ?? 0)
  }

  /// The modes one after the other, in each the back ends beside each other.
  private var panels: [Panel] {
    rows.grouped { $0.mode }.flatMap { mode, rows in
      rows.grouped { $0.backend }.compactMap { backend, rows in
        let curves = rows.compactMap { row in PercentileCurve(row.service).map { (row.condition, $0) } }
        return curves.isEmpty ? nil : Panel(title: "\(backend), \(mode)", curves: curves)
      }
    }
  }
}
