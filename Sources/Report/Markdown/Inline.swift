import Results
import SubbufferSource

/// A run of Markdown within a line.
///
/// Literal parts are Markdown; interpolated values are text and are escaped:
/// `"**\(verdict)** after \(code: call)"`. No value of the results can become markup.
struct Inline: ExpressibleByStringInterpolation {
  /// A part, not escaped yet: the escapes depend on the place.
  enum Piece {
    case markup(String)
    case text(String)
    case code(String)
  }

  private(set) var pieces: [Piece] = []

  init(stringLiteral value: String) {
    pieces = [.markup(value)]
  }

  init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
  }

  /// Parts with the same literal between each two.
  init(_ parts: [Inline], separator: Inline) {
    for (index, part) in parts.enumerated() {
      if index > 0 { pieces += separator.pieces }
      pieces += part.pieces
    }
  }

  /// Texts with the same literal between each two.
  init(texts: some Sequence<String>, separator: Inline = ", ") {
    self.init(texts.map { .text($0) }, separator: separator)
  }

  /// The text for a missing value.
  static let absent: Inline = "—"

  /// Plain text, or ``absent``.
  static func optional(_ text: String?) -> Inline { text.map { .text($0) } ?? .absent }

  /// A whole number, or ``absent``.
  static func optional(_ number: UInt64?) -> Inline { number.map { "\($0)" } ?? .absent }

  /// Plain text.
  static func text(_ text: String) -> Inline { "\(text)" }

  /// The name of a mode.
  static func text(_ mode: RingMode) -> Inline { .text(mode.rawValue) }

  /// A verbatim value, in a code span.
  static func code(_ text: String) -> Inline { "\(code: text)" }

  /// Text that a person wrote, with code between backticks.
  static func prose(_ text: String) -> Inline {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return .text(text) }
    return Inline(
      parts.enumerated().map { $0.offset % 2 == 1 ? .code(String($0.element)) : .text(String($0.element)) },
      separator: "")
  }

  /// A text and its source in parentheses.
  static func cited(_ text: CitedText) -> Inline {
    text.text.contains(text.source) ? prose(text.text) : "\(prose(text.text)) (\(prose(text.source)))"
  }

  /// Parts of a run that were not made, with their one reason: "`a`: x, y: no permission; to enable it: `sudo`".
  static func skipped(_ subject: Inline, _ parts: [String], reason: String, remedy: String = "") -> Inline {
    let enable: Inline = remedy.isEmpty ? "" : "; to enable it: \(code: remedy)"
    return "\(subject): \(Inline(texts: parts)): \(reason)\(enable)"
  }

  /// A link to an anchor, on whichever page of the report it is: see ``LinkResolver``.
  static func link(_ label: Inline, to anchor: String) -> Inline {
    "[\(label)\(markup: LinkResolver.mark(anchor))"
  }

  static func link(_ label: Inline, toFile file: String) -> Inline {
    "[\(label)](\(markup: file))"
  }

  /// The place that a link leads to.
  static func anchor(_ name: String) -> Inline { "<a id=\"\(markup: name)\"></a>" }

  /// The Markdown source; in a table, code spans need their pipes escaped.
  func source(inTable: Bool = false) -> String {
    pieces.reduce(into: "") { source, piece in
      switch piece {
      case .markup(let markup): source += markup
      case .text(let text): source += MarkdownEscape.text(text)
      case .code(let code): source += MarkdownEscape.code(code, inTable: inTable)
      }
    }
  }

  /// The HTML source, for the text of a tag; literal parts must be HTML there.
  var html: String {
    pieces.reduce(into: "") { source, piece in
      switch piece {
      case .markup(let markup): source += markup
      case .text(let text): source += MarkdownEscape.html(text)
      case .code(let code): source += "<code>\(MarkdownEscape.html(code))</code>"
      }
    }
  }

  /// The text without markup and links, for plain text; a link in parentheses of its own is left out.
  var plain: String {
    let marked = pieces.reduce(into: "") { text, piece in
      switch piece {
      case .markup(let markup): text += markup.replacing("*", with: "")
      case .text(let part), .code(let part): text += MarkdownEscape.lines(of: part).joined(separator: " ")
      }
    }
    return marked.replacing(/\ \(\[[^\u{1}]*\u{1}[^\u{1}]*\u{1}\)/, with: "")
      .replacing(/\[([^\u{1}\[]*)\u{1}[^\u{1}]*\u{1}/) { $0.output.1 }
  }

  struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    /// Appends the name of a mode.
    mutating func appendInterpolation(_ mode: RingMode) { appendInterpolation(mode.rawValue) }

    mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { pieces.append(.markup(literal)) } }
    mutating func appendInterpolation(_ text: String) { pieces.append(.text(text)) }
    mutating func appendInterpolation(_ inline: Inline) { pieces += inline.pieces }
    mutating func appendInterpolation(code: String) { pieces.append(.code(code)) }
    /// Appends an anchor or a path of this module without escapes.
    mutating func appendInterpolation(markup: String) { pieces.append(.markup(markup)) }
    mutating func appendInterpolation(_ number: some BinaryInteger) { pieces.append(.text(Format.grouped(number))) }
  }
}

/// Escapes text for hosts with the GitHub dialect of Markdown.
enum MarkdownEscape {
  /// Text outside code; line ends become `<br>`, web addresses become links.
  static func text(_ text: String) -> String {
    lines(of: text).map { line in
      line.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
    }.joined(separator: "<br>")
  }

  /// Text within an HTML tag; line ends become `<br>`, as an empty line would end the tag's block.
  static func html(_ text: String) -> String {
    lines(of: text).map { line in
      line.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }.joined(separator: "<br>")
  }

  /// A code span for each line of `code`; inside it nothing needs an escape, but it must not end early.
  static func code(_ code: String, inTable: Bool) -> String {
    if code.isEmpty { return "*(empty)*" }
    return lines(of: code).map { line in
      guard !line.isEmpty else { return "" }
      if inTable, line.contains("\\|") { return codeElement(line) }
      let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
      // A span loses one space at both ends if it has them there, unless it is all spaces.
      let isBlank = line.allSatisfy { $0 == " " }
      let pad =
        !isBlank && (line.hasPrefix("`") || line.hasSuffix("`") || (line.hasPrefix(" ") && line.hasSuffix(" ")))
        ? " " : ""
      let body = inTable ? line.replacing("|", with: "\\|") : line
      return fence + pad + body + pad + fence
    }.joined(separator: "<br>")
  }

  /// The lines of `text`, with control characters shown as `\u{1B}` so that none acts on the reader's terminal.
  static func lines(of text: String) -> [String] {
    // Most text is so, and takes no look at each scalar's properties.
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return [text] }
    var lines = [""]
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      if scalar == "\n" {
        lines.append("")
      } else {
        lines[lines.count - 1] +=
          isInvisible(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
      }
    }
    return lines
  }

  /// The length of the longest run of a character.
  static func longestRun(of character: Character, in text: String) -> Int {
    guard text.contains(character) else { return 0 }
    var longest = 0
    var current = 0
    for each in text {
      current = each == character ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\t" { return false }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    // Marks that change the direction of writing could change the meaning of a cell.
    case .format: return (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: return false
    }
  }

  private static func word(_ word: Substring) -> String {
    if word.utf8.allSatisfy(isPlain) { return String(word) }
    guard let start = word.firstRange(of: "https://")?.lowerBound ?? word.firstRange(of: "http://")?.lowerBound,
      !word.contains(where: { $0 == "<" || $0 == ">" || $0 == "|" })
    else { return escaped(word) }
    var end = word.endIndex
    while end > start, ".,;:)]".contains(word[word.index(before: end)]) { end = word.index(before: end) }
    return escaped(word[..<start]) + "<\(word[start..<end])>" + escaped(word[end...])
  }

  private static func escaped(_ text: Substring) -> String {
    var result = ""
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
      switch character {
      case "\\", "`", "*", "~", "$", "[", "]", "<", ">", "&", "|":
        result += "\\\(character)"
      // At the start of a word a number sign can end a heading, or make a link.
      case "#" where index == 0:
        result += "\\#"
      case "_":
        // Within a word an underscore is no markup, and the source reads better without the escape.
        let isInside =
          index > 0 && index + 1 < characters.count && isWord(characters[index - 1]) && isWord(characters[index + 1])
        result += isInside ? "_" : "\\_"
      default:
        result.append(character)
      }
    }
    return result
  }

  /// `true` if a byte is one that neither begins an escape nor is in a web address.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// A backslash before a pipe cannot be written in a code span of a table in a way that all renderers agree on.
  private static func codeElement(_ line: String) -> String {
    let body = line.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == " "
        ? String(scalar) : "&#\(scalar.value);"
    }
    return "<code>\(body.joined())</code>"
  }
}
