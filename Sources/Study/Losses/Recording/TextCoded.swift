/// A value that `results.json` has as one string, since there are many of them: a line is read more easily than five, and
/// takes less room.
public protocol TextCoded: Codable {
  /// The string.
  var text: String { get }
  /// Reads the string; `nil` where it is not one.
  init?(text: String)
}

extension TextCoded {
  /// Decodes the string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is no \(Self.self)")
    }
    self = value
  }

  /// Encodes the string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
