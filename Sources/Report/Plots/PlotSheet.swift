/// Panels with a title, a legend and notes on a white sheet.
struct PlotSheet {
  struct Entry {
    var style: PlotStyle
    var text: String
    /// Whether the series has a line.
    var hasLine: Bool
  }

  static let width = 900.0
  private static let margin = 16.0

  var title: String
  /// The run, below the title.
  var caption: String
  var legend: [Entry]
  var panels: [PlotPanel]
  /// How many panels are next to each other.
  var columns = 1
  var notes: [String]

  func svg() -> String {
    let inner = PlotSheet.width - 2 * PlotSheet.margin
    var drawn: [SVG] = [
      .label(SVG.fitted(title, width: inner, size: 16), x: PlotSheet.margin, y: 26, size: 16, bold: true),
      .label(SVG.fitted(caption, width: inner, size: 11), x: PlotSheet.margin, y: 44, size: 11),
    ]
    var y = 66.0
    for entry in legend {
      if entry.hasLine {
        drawn.append(entry.style.line([(PlotSheet.margin, y), (PlotSheet.margin + 56, y)]))
      }
      drawn.append(entry.style.mark(x: PlotSheet.margin + 28, y: y))
      for line in SVG.wrapped(entry.text, width: inner - 66) {
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
