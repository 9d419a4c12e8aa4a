import Results

/// The pages of a matrix, made from its contents and the wording alone: the same matrix gives the same text.
struct MatrixPage {
  /// The page of the changes.
  static let file = "matrix.md"
  /// The page of everything that did not change.
  static let unchangedFile = "matrix-unchanged.md"

  /// An ABI with everything that is computed from its runs.
  struct Subject {
    var abi: MatrixABI
    var answers: MatrixAnswers
    var findings: [MatrixFinding]
    var losses: MatrixLosses
    var costs: [MatrixCosts]
  }

  let matrix: VersionMatrix
  let wording: Wording
  let subjects: [Subject]
  /// The machines of the runs: "M1" and so on, in the order of the runs.
  let machines: [[Observation]]
  /// The greatest number of rows of a table and of items of a list; the others are counted.
  var limit = Int.max

  init(_ matrix: VersionMatrix, _ wording: Wording) {
    self.matrix = matrix
    self.wording = wording
    machines = matrix.runs.map(\.machine).uniqued()
    subjects = MatrixABI.all(matrix, wording).map { abi in
      let answers = MatrixAnswers(abi, matrix, wording)
      return Subject(
        abi: abi, answers: answers, findings: MatrixFinding.all(abi, answers, wording),
        losses: MatrixLosses(abi, matrix), costs: MatrixCosts.all(abi))
    }
  }

  /// The name of a machine: "M1".
  func name(of machine: [Observation]) -> String { "M\((machines.firstIndex(of: machine) ?? 0) + 1)" }

  /// Both pages.
  static func pages(_ matrix: VersionMatrix, _ wording: Wording) -> [(file: String, text: String)] {
    let page = MatrixPage(matrix, wording)
    return [
      (unchangedFile, page.fitted(into: ReportPage.greatestSize, \.unchangedSections)),
      (file, page.fitted(into: FrontPage.greatestSize, \.sections)),
    ]
  }

  private var sections: [any ReportSection] {
    [
      MatrixScopeSection(page: self), MatrixSummarySection(page: self), MatrixAnswersSection(page: self),
      MatrixFindingsSection(page: self), MatrixLossesSection(page: self), MatrixCostsSection(page: self),
      MatrixUnchangedSection(page: self),
    ]
  }

  private var unchangedSections: [any ReportSection] { [MatrixConstantsSection(page: self)] }

  /// The page with the most rows that stay within a size.
  private func fitted(into size: Int, _ sections: KeyPath<MatrixPage, [any ReportSection]>) -> String {
    var page = self
    var fitting = ""
    // Ascending: the text of a few rows is made in no time, that of all rows of a large matrix is not.
    for limit in [1, 2, 4, 8, 15, 25, 40, 60, 100, 200, Int.max] {
      page.limit = limit
      var document = MarkdownDocument()
      for section in page[keyPath: sections] { section.write(to: &document) }
      let text = document.source
      if text.utf8.count > size { return fitting.isEmpty ? Self.cut(text, to: size) : fitting }
      fitting = text
    }
    return fitting
  }

  /// As many lines as fit into a size: the last resort of a page with more ABIs than anybody has.
  private static func cut(_ text: String, to size: Int) -> String {
    let rest = "\n… cut: the page would be larger than \(size) bytes.\n"
    var lines: [Substring] = []
    var length = rest.utf8.count
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      length += line.utf8.count + 1
      if length > size { break }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + rest
  }

  /// The first rows, as many as are shown.
  func shown<Row>(_ rows: [Row]) -> [Row] { Array(rows.prefix(limit)) }

  /// Writes an item for each row that is shown, and counts the others.
  func writeList<Row>(_ rows: [Row], _ noun: String, to document: inout MarkdownDocument, _ text: (Row) -> Inline) {
    document.wrappedList(shown(rows).map(text))
    countRest(of: rows.count, noun, in: &document)
  }

  /// Writes a table of rows against versions, and below it an item for each row.
  /// - Parameters:
  ///   - row: the row of the table; its short cells are the numbers of the values in the item.
  ///   - text: the item; its second argument is `true` if the row has its short cells.
  func writeGrid<Row>(
    _ rows: [Row], _ noun: String, heading: String, versions: [String], extras: [String] = [],
    to document: inout MarkdownDocument, row: (Row) -> MatrixGrid.Row, text: (Row, Bool) -> Inline
  ) {
    let shown = shown(rows)
    let grid = MatrixGrid(heading: heading, versions: versions, extras: extras, rows: shown.map(row))
    if grid.isShort.contains(true) { document.wrapped(MatrixText.numbersLegend) }
    grid.write(to: &document)
    document.wrappedList(zip(shown, grid.isShort).map(text))
    countRest(of: rows.count, noun, in: &document)
  }

  /// Counts the rows that are not shown.
  func countRest(of rows: Int, _ noun: String, in document: inout MarkdownDocument) {
    guard rows > limit else { return }
    document.paragraph("… and \(Format.count(rows - limit, noun)) more, in `matrix.json`.")
  }
}

/// Words of the pages of a matrix.
enum MatrixText {
  /// The statements that the versions imply about each value, the newest first if each value has one place in the order.
  /// - Parameter numbers: the numbers of the values in a table.
  static func statements(_ history: VersionHistory<String>, numbers: [String: Int] = [:]) -> [Inline] {
    func value(_ value: String) -> Inline {
      let number = numbers[value].map { "\($0): " } ?? ""
      return "**\(number)\(Format.cut(value, to: 60))**"
    }
    if history.isMonotone, history.segments.count == 2 {
      let (old, new) = (history.segments[0].value, history.segments[1].value)
      return ["\(value(new)) \(history.text(of: new))", "before \(value(old))"]
    }
    let values = history.isMonotone ? history.values.reversed() : history.values
    return values.map { "\(value($0)) \(Format.cut(history.text(of: $0), to: 300))" }
  }

  /// Numbers for values in a table that has no room for them, in the order of the versions.
  static func numbers(_ values: [String]) -> [String: Int] {
    Dictionary(
      firstOf: values.uniqued().enumerated().map { ($0.element, $0.offset + 1) })
  }

  /// The explanation of the numbers in a table.
  static let numbersLegend: Inline = "*1*, *2* and so on: by number in the list below, where the words have no room."
}

/// A table of subjects against versions, each row within the greatest length.
struct MatrixGrid {
  /// A subject with a cell for each version.
  struct Row {
    var label: String
    var cells: [String]
    /// The cells to show if ``cells`` do not fit; `nil` to cut those.
    var short: [String]?
    /// Cells of further columns, shown if there is room for all of them.
    var extras: [String] = []
  }

  /// The greatest number of columns of one table.
  private static let mostColumns = 12
  /// The mark of a cell that repeats the cell to the left.
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
