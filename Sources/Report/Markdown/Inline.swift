import Study

/// A run of Markdown within a line.
///
/// Literal parts are Markdown as they stand; what is interpolated is text and shows as it is, whatever it contains:
/// `"**\(verdict)** after \(code: call)"`. So no value of the results can become markup.
struct Inline: ExpressibleByStringInterpolation {
  /// A part, escaped only when it is known where it goes.
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

  /// The text for a missing value.
  static let absent: Inline = "—"

  /// Plain text.
  static func text(_ text: String) -> Inline { "\(text)" }

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

  /// A link to an anchor, on whichever page of the report it is: see ``LinkResolver``.
  static func link(_ label: Inline, to anchor: String) -> Inline {
    "[\(label)\(markup: LinkResolver.mark(anchor))"
  }

  /// A link to a file.
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

  /// The HTML source, for what stands within a tag and not in Markdown; literal parts must be HTML there.
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

    mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { pieces.append(.markup(literal)) } }
    mutating func appendInterpolation(_ text: String) { pieces.append(.text(text)) }
    mutating func appendInterpolation(_ inline: Inline) { pieces += inline.pieces }
    mutating func appendInterpolation(code: String) { pieces.append(.code(code)) }
    /// For anchors and paths that this module made itself.
    mutating func appendInterpolation(markup: String) { pieces.append(.markup(markup)) }
    mutating func appendInterpolation(_ number: some BinaryInteger) { pieces.append(.text(Format.grouped(number))) }
  }
}
