extension String {
  /// The first characters of text from a file, with control characters and invisible ones escaped: `\u{A}`.
  /// - Parameter limit: the number of characters; `…` follows if there are more.
  public func printable(_ limit: Int) -> String {
    let start = prefix(limit)
    let text = start.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: String(scalar)
      }
    }
    return text.joined() + (start.endIndex == endIndex ? "" : "…")
  }
}
