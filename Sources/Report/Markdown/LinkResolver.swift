/// Resolves the links between the pages of a report, after it is known which page has which anchor.
///
/// Sections link to an anchor without knowing its page. Until it is resolved, the end of such a link is the anchor between
/// two control characters, which text cannot contain, since ``MarkdownEscape`` shows them as escapes.
struct LinkResolver {
  /// The form of resolved links.
  enum Style {
    /// `[label](page.md#anchor)`.
    case inline
    /// `inline`, but `[label][3]` with the definition at the end of the page in rows of tables that would be longer than
    /// this number of characters.
    case shortRows(Int)
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
    let inline: (String) -> String = { "](\($0))" }
    switch style {
    case .inline: return resolve(text, on: file, inline)
    case .labelsOnly: return resolve(text, on: file, nil)
    case .shortRows(let longest):
      var numbers: [String: Int] = [:]
      // A label can go on in the next line, but not in a row.
      var parts: [String] = []
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if let last = parts.last, !last.hasPrefix("|"), !line.hasPrefix("|") {
          parts[parts.count - 1] += "\n\(line)"
        } else {
          parts.append(String(line))
        }
      }
      parts = parts.map { part in
        let resolved = resolve(part, on: file, inline)
        guard part.hasPrefix("|"), resolved.count > longest else { return resolved }
        let tight = resolved.replacing(/\ +\|/, with: " |")
        guard tight.count > longest else { return tight }
        return resolve(part, on: file) { target in
          let number = numbers[target, default: numbers.count + 1]
          numbers[target] = number
          return "][\(number)]"
        }
      }
      let definitions = numbers.sorted { $0.value < $1.value }.map { "[\($0.value)]: \($0.key)\n" }
      return parts.joined(separator: "\n") + (definitions.isEmpty ? "" : "\n\(definitions.joined())")
    }
  }

  /// Resolves links.
  /// - Parameter end: the end of a link by its target; `nil` to leave the labels alone.
  private func resolve(_ text: some StringProtocol, on file: String, _ end: ((String) -> String)?) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    // Every second part is an anchor.
    for (index, part) in text.split(separator: Self.sentinel, omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 0 {
        result += part
      } else if let end, let page = pages[String(part)] {
        result += end(page == file ? "#\(part)" : "\(page)#\(part)")
      } else {
        dropLabel(of: &result)
      }
    }
    return result
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
