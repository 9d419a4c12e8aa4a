/// A reader ABI, or one version of it, of which something is claimed.
public struct ABI: Hashable, Sendable {
  /// The name used in the report.
  public let name: String

  /// An ABI by its name.
  public init(_ name: String) {
    self.name = name
  }
}
