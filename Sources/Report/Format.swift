import Foundation
import Results

/// The format of numbers and names.
enum Format {
  /// A whole number with its thousands parted: `1,234,567`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var result = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A number with at most N decimals and no zeros at the end, the same in every locale.
  static func decimal(_ number: Double, digits: Int) -> String {
    var text = String(format: "%.\(digits)f", number)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }

  /// A number rounded to N significant digits: `8,300`, `1.0`, `0.013`; `—` if it is not finite.
  static func significant(_ number: Double, digits: Int = 2) -> String {
    guard number.isFinite else { return "—" }
    guard number != 0 else { return "0" }
    // Rounded by the decimal text first: 9.96 has one place before the point less than 10.
    let rounded = Double(String(format: "%.\(max(0, digits - 1))e", number)) ?? number
    let exponent = Int(log10(abs(rounded)).rounded(.down))
    let decimals = max(0, digits - 1 - exponent)
    if decimals > 6 { return String(format: "%.\(max(0, digits - 1))e", rounded) }
    if decimals > 0 { return String(format: "%.\(decimals)f", rounded) }
    return Int64(exactly: rounded).map { grouped($0) } ?? String(format: "%.\(max(0, digits - 1))e", rounded)
  }

  /// `1 version`, `2 versions`.
  static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(plural(number, noun))" }

  /// `version` for 1, else `versions`.
  static func plural(_ number: Int, _ noun: String) -> String { number == 1 ? noun : "\(noun)s" }

  /// `a`, `a and b`, `a, b and c`; of more than `most` the first ones and the number of the others.
  static func list(_ parts: [String], most: Int = 8) -> String {
    let shown = parts.count > most ? Array(parts.prefix(most - 1)) + ["\(parts.count - most + 1) more"] : parts
    guard shown.count > 1, let last = shown.last else { return shown.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " and \(last)"
  }

  /// Text cut to a length at a word, with an ellipsis if it was cut.
  static func cut(_ text: String, to length: Int) -> String {
    guard text.count > length else { return text }
    let short = text.prefix(length - 1)
    let end = short.lastIndex(of: " ") ?? short.endIndex
    return short[..<end].trimmingSuffix(while: { " ,;:".contains($0) }) + "…"
  }

  /// A cell cut by a number of characters; the mark of an unexpected answer stays.
  static func shortened(_ cell: String, by count: Int) -> String {
    let mark = [" (✗)", " ✗"].first { cell.hasSuffix($0) } ?? ""
    let text = String(cell.dropLast(mark.count))
    return cut(text, to: max(4, text.count - count)) + mark
  }

  /// A name in letters, digits and single hyphens, for anchors and file names.
  static func slug(_ name: String) -> String {
    let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "unnamed" : words.joined(separator: "-")
  }

  /// A command line that a POSIX shell splits into the same arguments.
  static func shell(_ arguments: [String]) -> String {
    arguments.map { argument in
      let isPlain =
        !argument.isEmpty
        && argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+@%".contains($0)) }
      return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}

extension Sequence {
  /// The elements by key, the keys in the order in which they first occur.
  func grouped<Key: Hashable>(by key: (Element) -> Key) -> [(key: Key, elements: [Element])] {
    var order: [Key] = []
    var groups: [Key: [Element]] = [:]
    for element in self {
      let key = key(element)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(element)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// The first element of each key.
  func uniqued<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var known: Set<Key> = []
    return filter { known.insert(key($0)).inserted }
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of the first occurrences.
  func uniqued() -> [Element] { uniqued { $0 } }
}

extension Dictionary {
  /// The first value of each key.
  init(firstOf pairs: some Sequence<(Key, Value)>) {
    self.init(pairs, uniquingKeysWith: { first, _ in first })
  }
}

extension Array {
  /// Each element with each later one, if the pair is wanted.
  func pairs(where isWanted: (Element, Element) -> Bool) -> [(Element, Element)] {
    indices.flatMap { first in
      self[(first + 1)...].map { (self[first], $0) }.filter { isWanted($0.0, $0.1) }
    }
  }
}

extension String {
  /// The first characters of text from a file, with control characters and invisible ones escaped: `\u{A}`.
  /// - Parameter limit: the number of characters; `…` follows if there are more.
  package func printable(_ limit: Int) -> String {
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

extension StringProtocol {
  /// The text without the characters at its end that a rule names.
  func trimmingSuffix(while isRemoved: (Character) -> Bool) -> String {
    var text = String(self)
    while let last = text.last, isRemoved(last) { text.removeLast() }
    return text
  }
}

extension String {
  /// The text with a capital first letter.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Observation {
  /// `name: value`.
  var text: String { "\(name): \(value)" }
}

extension [Observation] {
  /// The observations in one line.
  var text: String { map(\.text).joined(separator: ", ") }
}
