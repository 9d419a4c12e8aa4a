/// A check of all texts of a `matrix.json`, before anything shows them: none is longer than this program writes.
struct MatrixTexts: Decodable {
  /// Walks the JSON value from which it is decoded.
  /// - Throws: `DecodingError.dataCorrupted` with the path of the first text that is refused.
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      guard text.count <= String.mostInMatrix else { throw Self.error(in: value) }
    } else if let fields = try? decoder.container(keyedBy: AnyKey.self) {
      for key in fields.allKeys {
        guard key.stringValue.count <= String.mostInMatrix else { throw Self.error(in: value) }
        _ = try fields.decode(MatrixTexts.self, forKey: key)
      }
    } else if var elements = try? decoder.unkeyedContainer() {
      while !elements.isAtEnd { _ = try elements.decode(MatrixTexts.self) }
    }
  }

  private static func error(in value: any SingleValueDecodingContainer) -> DecodingError {
    DecodingError.dataCorruptedError(
      in: value, debugDescription: "a text has more than \(String.mostInMatrix) characters")
  }
}
