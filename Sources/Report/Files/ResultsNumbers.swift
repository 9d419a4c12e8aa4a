/// A check of all numbers of a results file, before anything adds, multiplies or converts them.
///
/// Every number of a results file is a count, a size or a time. A few of them within the limit can be added in 64 bits;
/// code that multiplies them, or adds up any number of rows, uses `Double` or wraps.
struct ResultsNumbers: Decodable {
  /// The greatest number, 2^53: up to it a `Double` holds each whole number.
  static let greatest = Double(1 << 53)
  /// The limit where any 64-bit word is allowed: a seed, and a count that is stored as an ABI reported it, which may have
  /// wrapped to all ones.
  static let greatestWord = Double(UInt64.max)

  /// Walks the JSON value from which it is decoded.
  /// - Throws: `DecodingError.dataCorrupted` with the path of the first number that is refused.
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    // Text first, since a failed attempt takes longer.
    if (try? value.decode(String.self)) != nil { return }
    if let number = try? value.decode(Double.self) {
      guard let fault = ResultsNumbers.fault(of: number, at: decoder.codingPath) else { return }
      throw DecodingError.dataCorruptedError(in: value, debugDescription: fault)
    }
    if value.decodeNil() || (try? value.decode(Bool.self)) != nil { return }
    if let fields = try? decoder.container(keyedBy: AnyKey.self) {
      for key in fields.allKeys { _ = try fields.decode(ResultsNumbers.self, forKey: key) }
    } else if var elements = try? decoder.unkeyedContainer() {
      while !elements.isAtEnd { _ = try elements.decode(ResultsNumbers.self) }
    } else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "the number is out of range")
    }
  }

  private static func fault(of number: Double, at path: [any CodingKey]) -> String? {
    if number < 0 { return "the number is negative" }
    let isWord = path.last?.stringValue == "seed" || ["losses", "crossChecks"].contains(path.first?.stringValue)
    if isWord { return number <= greatestWord ? nil : "the number has more than 64 bits" }
    return number <= greatest ? nil : "the number is greater than 2^53"
  }
}

/// Any key of an object.
struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
