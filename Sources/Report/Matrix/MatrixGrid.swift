import Study

/// A table of subjects against versions, each row within the greatest length.
struct MatrixGrid {
  /// A subject with a cell for each version.
  struct Row {
    var label: String
    var cells: [String]
    /// The cells to show where there is no room for ``cells``; without them those are cut.
    var short: [String]?
    /// Cells of further columns, shown if there is room for all of them.
    var extras: [String] = []
  }

  /// The greatest number of columns of one table.
  private static let mostColumns = 12
  /// Stands for the cell to the left.
  static let same = "="

  /// The rows that have their short cells.
  let isShort: [Bool]

  private let heading: String
  private let versions: [String]
  private let extras: [String]
  private let rows: [Row]
  private let labels: [String]
  /// Adjacent versions that agree in every row.
  private let groups: [Range<Int>]

  /// - Parameters:
  ///   - greatestLabel: the length to which a label is cut.
  ///   - extras: the headings of the further columns.
  init(greatestLabel: Int = 44, heading: String, versions: [String], extras: [String] = [], rows: [Row]) {
    (self.heading, self.versions, self.extras, self.rows) = (heading, versions, extras, rows)
    let groups = Self.groups(versions, rows)
    labels = rows.map { Format.cut($0.label, to: greatestLabel) }
    isShort = zip(rows, labels).map { row, label in
      row.short != nil
        && Self.length([label] + Self.marked(groups.map { row.cells[$0.lowerBound] })) > FrontPage.greatestRow
    }
    self.groups = groups
  }

  /// Writes the rows, the versions in as many tables as they need.
  func write(to document: inout MarkdownDocument) {
    guard !rows.isEmpty else { return }
    write(groups, isWhole: true, to: &document)
  }

  private static func groups(_ versions: [String], _ rows: [Row]) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    for index in versions.indices {
      if let last = groups.last, rows.allSatisfy({ $0.cells[index] == $0.cells[last.lowerBound] }) {
        groups[groups.count - 1] = last.lowerBound..<index + 1
      } else {
        groups.append(index..<index + 1)
      }
    }
    return groups
  }

  private func write(_ groups: [Range<Int>], isWhole: Bool, to document: inout MarkdownDocument) {
    let titles = groups.map { group in
      group.count == 1
        ? versions[group.lowerBound] : "\(versions[group.lowerBound]) to \(versions[group.upperBound - 1])"
    }
    let cells = rows.enumerated().map { index, row in
      let own = isShort[index] ? row.short ?? row.cells : row.cells
      return groups.map { own[$0.lowerBound] }
    }
    let headings = [heading] + titles
    if isWhole, !extras.isEmpty {
      let whole = zip(labels, zip(cells, rows)).map { [$0] + $1.0 + $1.1.extras }
      if ([headings + extras] + whole).allSatisfy({ Self.length($0) <= FrontPage.greatestRow }) {
        return document.table(table(headings + extras, whole))
      }
    }
    let isLong = zip(labels, cells).contains { Self.length([$0] + $1) > FrontPage.greatestRow }
    let shown = zip(labels, cells).map { label, cells in
      [label] + Self.fitted(isLong ? Self.marked(cells) : cells, into: FrontPage.greatestRow - Self.length([label]))
    }
    if groups.count > 1,
      groups.count > Self.mostColumns || shown.contains(where: { Self.length($0) > FrontPage.greatestRow })
    {
      let half = (groups.count + 1) / 2
      write(Array(groups[..<half]), isWhole: false, to: &document)
      return write(Array(groups[half...]), isWhole: false, to: &document)
    }
    if isLong { document.wrapped("*\(Self.same)*: as in the version to the left.") }
    if Self.length(headings) <= FrontPage.greatestRow { return document.table(table(headings, shown)) }
    let letters = groups.indices.map { Self.letter($0) }
    document.wrapped(
      Inline(zip(letters, titles).map { "**\($0)**: \($1)" as Inline }, separator: "; "))
    document.table(table([heading] + letters, shown))
  }

  private func table(_ headings: [String], _ rows: [[String]]) -> MarkdownTable {
    var table = FrontPage.table(headings.map { .text(.text($0)) })
    for row in rows { table.add(row.map { .text($0) }) }
    return table
  }

  /// The cells with a mark in place of each that repeats the one before it.
  private static func marked(_ cells: [String]) -> [String] {
    cells.indices.map { $0 > 0 && cells[$0] == cells[$0 - 1] ? same : cells[$0] }
  }

  /// The length to which a cell may be cut.
  private static let leastCell = 8

  /// The cells of a row, each cut to the greatest length with which they fit into a room; their marks stay.
  private static func fitted(_ cells: [String], into room: Int) -> [String] {
    let lengths = cells.map { length([$0]) - 1 }
    guard lengths.reduce(0, +) > room else { return cells }
    let longest = lengths.max() ?? 0
    let limit =
      stride(from: longest, through: leastCell + 3, by: -1).first { limit in
        lengths.reduce(0) { $0 + min($1, limit) } <= room
      } ?? leastCell + 3
    return zip(cells, lengths).map { cell, length in
      // The length includes the escapes.
      length > limit ? Format.shortened(cell, by: length - limit) : cell
    }
  }

  /// The length of a row with its separators.
  static func length(_ cells: [String]) -> Int {
    cells.reduce(1) { $0 + MarkdownEscape.text($1).count + 3 }
  }

  /// "A" to "L".
  private static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26))) }
}
