/// The steps to the most exact count of lost events: the fields, their order, and the time of reading. The source of the
/// back end takes these steps.
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
