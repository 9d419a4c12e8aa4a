/// A table in the GitHub dialect, its columns padded so that the source can be read as well.
struct MarkdownTable {
  /// The alignment of a column: numbers to the right.
  enum Alignment {
    case left
    case right
  }

  /// A column's heading and alignment.
  struct Column {
    var heading: Inline
    var alignment: Alignment

    static func text(_ heading: Inline) -> Column { Column(heading: heading, alignment: .left) }
    static func number(_ heading: Inline) -> Column { Column(heading: heading, alignment: .right) }
  }

  /// Cells wider than this are not padded to: one long value would blow up every line.
  private static let greatestPadding = 36

  /// The width beyond which rows are not padded.
  var greatestWidth = Int.max

  var columns: [Column]
  var rows: [[Inline]] = []

  init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; a missing cell is left empty, none beyond the last column is kept.
  mutating func add(_ cells: [Inline]) {
    rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
  }

  var source: String {
    let cells = ([columns.map(\.heading)] + rows).map { $0.map { $0.source(inTable: true) } }
    var widths = columns.indices.map { column in
      max(3, min(MarkdownTable.greatestPadding, cells.map { $0[column].count }.max() ?? 0))
    }
    if widths.reduce(1, { $0 + $1 + 3 }) > greatestWidth { widths = widths.map { _ in 3 } }
    var lines = cells.map { row in
      "| " + columns.indices.map { pad(row[$0], to: widths[$0], columns[$0].alignment) }.joined(separator: " | ") + " |"
    }
    let rule = columns.indices.map { column in
      switch columns[column].alignment {
      case .left: String(repeating: "-", count: widths[column] + 2)
      case .right: String(repeating: "-", count: widths[column] + 1) + ":"
      }
    }
    lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
    return lines.joined(separator: "\n")
  }

  private func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
    let padding = String(repeating: " ", count: max(0, width - cell.count))
    return alignment == .left ? cell + padding : padding + cell
  }
}
