/// One observed value, with its name in the ABI: `meta.reader.id`, `3`.
public struct Observation: Codable, Sendable, Hashable {
  /// Makes a result.
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

extension [Observation] {
  /// The value of the first observation by a name; `nil` without one.
  public func value(of name: String) -> String? { first { $0.name == name }?.value }
}
