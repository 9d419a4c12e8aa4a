import Foundation
import Study

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

  /// A number rounded to N significant digits: `8,300`, `1.0`, `0.013`; `—` of what is not finite.
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

extension Array {
  /// Each element with each after it, where both together are wanted.
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
