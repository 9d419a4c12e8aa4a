import Results

/// Markdown, block by block.
struct MarkdownDocument {
  private(set) var blocks: [String] = []
  /// The indices of ``blocks`` at which a page may be split: outside of details that a reader unfolds.
  private(set) var splitPoints: [Int] = []
  private var depth = 0

  /// The source, with a newline at the end.
  var source: String { blocks.joined(separator: "\n\n") + "\n" }

  /// A heading, with an anchor of its own if something links to it: the hosts derive different ones.
  mutating func heading(_ level: Int, _ title: Inline, anchor: String? = nil) {
    if depth == 0 { splitPoints.append(blocks.count) }
    if let anchor { paragraph(.anchor(anchor)) }
    blocks.append(String(repeating: "#", count: level) + " " + title.source())
  }

  /// A heading with its anchor in the same line.
  mutating func shortHeading(_ level: Int, _ title: Inline, anchor: String) {
    heading(level, "\(title) \(Inline.anchor(anchor))")
  }

  mutating func paragraph(_ text: Inline) {
    blocks.append(text.source())
  }

  /// A block of Markdown as it stands.
  mutating func append(_ block: String) {
    blocks.append(block)
  }

  /// A list; nothing without items.
  mutating func list(_ items: [Inline]) {
    guard !items.isEmpty else { return }
    blocks.append(items.map { "- " + $0.source() }.joined(separator: "\n"))
  }

  /// A list of names and verbatim values.
  mutating func list(of facts: [Observation]) {
    list(facts.map { "\($0.name): \(code: $0.value)" })
  }

  mutating func table(_ table: MarkdownTable) {
    blocks.append(table.source)
  }

  /// A table of names and verbatim values.
  mutating func table(of facts: [Observation], heading: Inline) {
    var table = MarkdownTable([.text(heading), .text("Value")])
    for fact in facts { table.add([.text(fact.name), .code(fact.value)]) }
    self.table(table)
  }

  /// Verbatim lines, with a fence that they cannot end.
  mutating func codeBlock(_ code: String, language: String = "sh") {
    let fence = String(repeating: "`", count: max(3, MarkdownEscape.longestRun(of: "`", in: code) + 1))
    let lines = MarkdownEscape.lines(of: code).joined(separator: "\n")
    blocks.append("\(fence)\(language)\n\(lines)\n\(fence)")
  }

  /// Blocks that a reader unfolds; only the summary shows before.
  /// - Parameter summary: one line, whose literal parts are HTML.
  mutating func details(_ summary: Inline, isOpen: Bool = false, _ body: (inout MarkdownDocument) -> Void) {
    // After an empty line the text is Markdown again.
    blocks.append("<details\(isOpen ? " open" : "")><summary>\(summary.html)</summary>")
    depth += 1
    body(&self)
    depth -= 1
    blocks.append("</details>")
  }

  /// A picture in a file next to the report.
  mutating func image(_ description: Inline, file: String) {
    blocks.append("![\(description.source())](\(file))")
  }
}

extension MarkdownDocument {
  /// The greatest width of a wrapped line.
  static let width = 138

  /// A paragraph in lines of at most ``width`` characters, as far as words allow.
  mutating func wrapped(_ text: Inline) {
    append(MarkdownDocument.wrap(text.source(), first: "", rest: ""))
  }

  /// A list whose items are wrapped; nothing without items.
  mutating func wrappedList(_ items: [Inline]) {
    guard !items.isEmpty else { return }
    append(items.map { MarkdownDocument.wrap($0.source(), first: "- ", rest: "  ") }.joined(separator: "\n"))
  }

  /// Breaks text at spaces. A word that would begin a block at the start of a line stays with the word before it.
  static func wrap(_ text: String, first: String, rest: String, width: Int = width) -> String {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    var units: [[Substring]] = []
    for word in text.split(separator: " ") {
      if !units.isEmpty, beginsBlock(word) { units[units.count - 1].append(word) } else { units.append([word]) }
    }
    for unit in units {
      if !isEmpty, unit.reduce(line.count, { $0 + 1 + visibleLength($1) }) > width {
        lines.append(line)
        line = rest
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + unit.joined(separator: " ")
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// The length of a word; the end of an unresolved link counts as little as it shows.
  private static func visibleLength(_ word: Substring) -> Int {
    word.firstIndex(of: "\u{1}").map { word.distance(from: word.startIndex, to: $0) } ?? word.count
  }

  private static func beginsBlock(_ word: Substring) -> Bool {
    if ["-", "+", "*"].contains(word) || word.hasPrefix("--") || word.hasPrefix("```") { return true }
    if let first = word.first, "#>|=~".contains(first) { return true }
    return word.last.map { ".)".contains($0) } == true && word.count > 1 && word.dropLast().allSatisfy(\.isNumber)
  }
}

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

  /// The greatest width of a column: one long value would widen every line.
  private static let greatestPadding = 36

  /// The width beyond which rows are not padded.
  private let greatestWidth: Int

  var columns: [Column]
  var rows: [[Inline]] = []

  init(_ columns: [Column], greatestWidth: Int = .max) {
    (self.columns, self.greatestWidth) = (columns, greatestWidth)
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

extension MarkdownTable {
  /// The table without the columns of numbers whose cells are all ``Inline/absent``.
  /// - Parameter orZero: `true` to leave out those with zeros, too.
  func withoutEmptyColumns(orZero: Bool = false) -> MarkdownTable {
    guard !rows.isEmpty else { return self }
    let empty = [Inline.absent.source(inTable: true)] + (orZero ? ["0"] : [])
    let kept = columns.indices.filter { index in
      columns[index].alignment == .left || !rows.allSatisfy { empty.contains($0[index].source(inTable: true)) }
    }
    var table = MarkdownTable(kept.map { columns[$0] })
    for row in rows { table.add(kept.map { row[$0] }) }
    return table
  }

  /// The table without a column if all its cells are equal, in a table of more than one row.
  func withoutUniformColumn(_ heading: String) -> MarkdownTable {
    guard rows.count > 1, let index = columns.firstIndex(where: { $0.heading.source() == heading }),
      Set(rows.map { $0[index].source(inTable: true) }).count == 1
    else { return self }
    var table = self
    table.columns.remove(at: index)
    for row in table.rows.indices { table.rows[row].remove(at: index) }
    return table
  }
}
