import Foundation

/// How numbers and names are written.
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

  /// A number with at most so many decimals and no zeros at the end, the same in every locale.
  static func decimal(_ number: Double, digits: Int) -> String {
    var text = String(format: "%.\(digits)f", number)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }

  /// A number with so many significant digits, its thousands parted: `440`, `4,800`, `0.078`.
  static func significant(_ number: Double, digits: Int = 2) -> String {
    guard number != 0, number.isFinite else { return decimal(number, digits: 0) }
    let magnitude = Int(log10(abs(number)).rounded(.down))
    let unit = pow(10, Double(magnitude - digits + 1))
    let rounded = (number / unit).rounded() * unit
    if abs(rounded) < 1000 { return decimal(rounded, digits: max(0, digits - 1 - magnitude)) }
    return Int64(exactly: rounded.rounded()).map { grouped($0) } ?? String(format: "%.\(digits - 1)e", number)
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
