/// Makes text show as it is in a label of a mermaid diagram.
enum MermaidEscape {
  /// The characters without a meaning in mermaid and in the HTML that it makes of a label.
  private static let plain = Set(" -.,()[]/_+=!?'→…−–·|")

  /// The text, with everything else as an entity (`#59;`) and line ends as `<br/>`.
  ///
  /// A semicolon or a number sign ends a label, `%%` begins a comment or a directive, `$$` a formula; a colon before a
  /// number sign can be taken for a style (mermaid's `sequenceDiagram.jison` and `encodeEntities`).
  static func text(_ text: String) -> String {
    if text.isEmpty { return "(empty)" }
    return MarkdownEscape.lines(of: text).map { line in
      line.unicodeScalars.map { scalar in
        let isPlain =
          plain.contains(Character(scalar)) || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        return isPlain ? String(scalar) : "#\(scalar.value);"
      }.joined()
    }.joined(separator: "<br/>")
  }
}
