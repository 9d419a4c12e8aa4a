import Study

/// The cost of one operation as percentile curves, one for each row.
struct LatencyPlot {
  private static let size = (width: 860.0, height: 400.0)
  private static let legendLine = 20.0

  /// The operation, for the title.
  let operation: String
  /// Which run it is of, below the title.
  let caption: String
  /// What its clock counts.
  let clock: PlotClock
  /// The rows of the operation.
  let rows: [LatencyResult]

  /// The drawing; `nil` where no row has a sample.
  func svg() -> String? {
    let curves = rows.compactMap { row in PercentileCurve(row.trials).map { (row: row, curve: $0) } }
    guard let least = curves.map(\.curve.least).min(), let greatest = curves.map(\.curve.greatest).max(),
      let samples = curves.map(\.curve.samples).max()
    else { return nil }
    let panel = PercentilePanel(
      frame: .init(left: 100, top: 62, right: 812, bottom: 350), clock: clock,
      values: NanosecondAxis(from: least, to: greatest),
      percentiles: PercentileAxis(samples: samples), hasZero: least == 0)
    let title = "Latency of \(operation) by percentile"
    let notes = 2
    let height = LatencyPlot.size.height + LatencyPlot.legendLine * Double(curves.count + notes) + 12
    var children: [SVG] = [
      .label(SVG.fitted(title, width: 800, size: 16), x: 20, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: 820, size: 11), x: 20, y: 44, size: 11),
    ]
    children += panel.grid()
    for (index, entry) in curves.enumerated() {
      children += panel.draw(entry.curve, CurveStyle(index: index))
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

  private func legend(_ row: LatencyResult, _ curve: PercentileCurve, _ style: CurveStyle, line: Int) -> [SVG] {
    let y = LatencyPlot.size.height + 8 + LatencyPlot.legendLine * Double(line) - 4
    let outOfRange = row.outOfRange > 0 ? ", \(Format.grouped(row.outOfRange)) out of range" : ""
    let text =
      "\(row.plainName), \(row.mode), \(row.condition), n = \(Format.grouped(curve.samples))\(outOfRange): \(row.call)"
    return [
      style.path([(20, y), (84, y)], width: "2"), style.marker(x: 52, y: y),
      .label(SVG.fitted(text, width: LatencyPlot.size.width - 108), x: 94, y: y + 4),
    ]
  }
}
