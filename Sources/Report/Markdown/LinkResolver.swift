/// Resolves the links between the pages of a report, after it is known which page has which anchor.
///
/// Sections link to an anchor without knowing its page. Until it is resolved, the end of such a link is the anchor between
/// two control characters, which text cannot contain, since ``MarkdownEscape`` shows them as escapes.
struct LinkResolver {
  /// The form of resolved links.
  enum Style {
    /// `[label](page.md#anchor)`.
    case inline
    /// `[label][3]` in the rows of tables, with the definitions at the end of the page, so that rows stay short; `inline`
    /// elsewhere.
    case shortRows
    /// The label alone, for a page that stands alone.
    case labelsOnly
  }

  private static let sentinel: Character = "\u{1}"

  /// The page of each anchor.
  private let pages: [String: String]

  /// Resolves links among these pages.
  /// - Parameter pages: the text of each page by its file.
  init(_ pages: [(file: String, text: String)]) {
    var found: [String: String] = [:]
    for page in pages {
      for anchor in page.text.matches(of: /<a id="([^"]*)">/) { found[String(anchor.output.1)] = page.file }
    }
    self.pages = found
  }

  /// The end of a link that is not resolved yet.
  static func mark(_ anchor: String) -> String { "\(sentinel)\(anchor)\(sentinel)" }

  /// The text of a page with its links resolved; a link to an anchor that no page has becomes its label.
  func resolve(_ text: String, on file: String, _ style: Style) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var definitions: [(target: String, number: Int)] = []
    var numbers: [String: Int] = [:]
    // Every second part is an anchor.
    var isInRow = false
    for (index, part) in text.split(separator: Self.sentinel, omittingEmptySubsequences: false).enumerated() {
      guard index % 2 == 1 else {
        result += part
        if let end = part.lastIndex(of: "\n") {
          isInRow = part[part.index(after: end)...].hasPrefix("|")
        } else if index == 0 {
          isInRow = part.hasPrefix("|")
        }
        continue
      }
      guard style != .labelsOnly, let page = pages[String(part)] else {
        dropLabel(of: &result)
        continue
      }
      let target = page == file ? "#\(part)" : "\(page)#\(part)"
      if style == .inline || !isInRow {
        result += "](\(target))"
      } else {
        let number = numbers[target] ?? definitions.count + 1
        if numbers.updateValue(number, forKey: target) == nil { definitions.append((target, number)) }
        result += "][\(number)]"
      }
    }
    guard !definitions.isEmpty else { return result }
    return result + "\n" + definitions.map { "[\($0.number)]: \($0.target)\n" }.joined()
  }

  /// Removes the bracket that begins the label at the end of some text; labels contain no unescaped brackets.
  private func dropLabel(of text: inout String) {
    var index = text.endIndex
    while index > text.startIndex {
      index = text.index(before: index)
      guard text[index] == "[" else { continue }
      if index == text.startIndex || text[text.index(before: index)] != "\\" {
        text.remove(at: index)
        return
      }
    }
  }
}
