import Study

/// The pages of a matrix, made from its contents and the wording alone: the same matrix gives the same text.
struct MatrixPage {
  /// The page of the changes.
  static let file = "matrix.md"
  /// The page of everything that did not change.
  static let unchangedFile = "matrix-unchanged.md"

  /// An ABI with what is computed of it.
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
