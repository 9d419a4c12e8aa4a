import Study

/// Markdown, block by block.
struct MarkdownDocument {
  private(set) var blocks: [String] = []
  /// The indices of ``blocks`` at which a page may be split: outside of what a reader unfolds.
  private(set) var seams: [Int] = []
  private var depth = 0

  /// The source, with a newline at the end.
  var source: String { blocks.joined(separator: "\n\n") + "\n" }

  /// A heading, with an anchor of its own where something links to it: the hosts disagree on those they derive.
  mutating func heading(_ level: Int, _ title: Inline, anchor: String? = nil) {
    if depth == 0 { seams.append(blocks.count) }
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

  /// A list; nothing where it has no items.
  mutating func list(_ items: [Inline]) {
    guard !items.isEmpty else { return }
    blocks.append(items.map { "- " + $0.source() }.joined(separator: "\n"))
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

  /// Blocks that a reader unfolds; nothing but the summary is seen before.
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
