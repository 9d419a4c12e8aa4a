/// The steps by which a reader of an ABI comes to the most exact count of lost events: which fields, in which order, read
/// when. The source of the back end takes them.
public struct LossRecipe: Codable, Sendable, Equatable {
  /// `overwrite` or `discard`.
  public var mode: String
  /// With each hand-over.
  public var withEachHandover: [String]
  /// For all losses up to now.
  public var inTotal: [String]

  /// A recipe.
  public init(mode: String, withEachHandover: [String], inTotal: [String]) {
    self.mode = mode
    self.withEachHandover = withEachHandover
    self.inTotal = inTotal
  }
}
