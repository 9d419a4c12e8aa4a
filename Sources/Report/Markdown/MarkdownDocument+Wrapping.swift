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
