/// One observed value, with the name under which the ABI knows it: `meta.reader.id`, `3`.
public struct Observation: Codable, Sendable, Equatable {
  /// What was observed.
  public var name: String
  /// Its value.
  public var value: String

  /// An observed value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// An observed number.
  public init(_ name: String, _ value: some BinaryInteger) {
    self.init(name, String(value))
  }
}
