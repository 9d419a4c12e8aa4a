/// One `field:` line of the texts in which tracefs describes a layout:
///
///     field: u64 timestamp;   offset:0;   size:8;   signed:0;
///     field:char buf[];       offset:12;  size:0;   signed:0;
struct FieldLine: Sendable, Equatable {
  /// The field's name.
  var name: String
  /// The offset in bytes.
  var offset: Int
  /// The size in bytes; 0 for an array whose length is not fixed.
  var size: Int

  /// Parses a line; `nil` where it has another form.
  init?(_ line: Substring) {
    var declaration: Substring?
    var numbers: [Substring: Int] = [:]
    for part in line.split(separator: ";") {
      let part = part.trimmed
      guard let colon = part.firstIndex(of: ":") else { return nil }
      let key = part[..<colon].trimmed
      let value = part[part.index(after: colon)...].trimmed
      if key == "field" {
        guard declaration == nil else { return nil }
        declaration = value
      } else {
        guard let number = Int(value), number >= 0, numbers.updateValue(number, forKey: key) == nil else { return nil }
      }
    }
    guard let declaration, let space = declaration.lastIndex(where: { $0 == " " || $0 == "\t" }),
      let offset = numbers["offset"], let size = numbers["size"], numbers["signed"] != nil
    else { return nil }
    let name = declaration[declaration.index(after: space)...].prefix { $0 != "[" }
    guard !name.isEmpty else { return nil }
    self.name = String(name)
    self.offset = offset
    self.size = size
  }
}

extension Substring {
  /// Without blanks at both ends.
  var trimmed: Substring {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}

extension String {
  /// The lines that are not blank, without blanks at both ends.
  var trimmedLines: [Substring] {
    split(whereSeparator: \.isNewline).map(\.trimmed).filter { !$0.isEmpty }
  }
}
