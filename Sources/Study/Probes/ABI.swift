/// A reader ABI, or one version of it, of which something is claimed.
public struct ABI: Hashable, Sendable {
  /// Its name, as a reader of the report knows it.
  public let name: String

  /// An ABI by its name.
  public init(_ name: String) {
    self.name = name
  }
}
