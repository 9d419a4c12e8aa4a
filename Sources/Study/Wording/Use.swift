/// A purpose of a consumer, and what an ABI must do to serve it.
public struct Use: Sendable {
  /// A condition that the results of a run fulfil or not.
  public enum Requirement: Sendable {
    /// The answer to a claim, by its stable name, is one of these.
    case answer(claim: String, oneOf: Set<String>)
    /// The loss-counting recipe is exact in each scenario of a mode ("overwrite", "discard") with a loss.
    case exactLosses(mode: String)
  }

  /// The purpose in at most 50 characters: "Replace a dead consumer without a loss".
  public var text: String
  /// The condition.
  public var requirement: Requirement

  /// A purpose with its condition.
  public init(_ text: String, _ requirement: Requirement) {
    self.text = text
    self.requirement = requirement
  }
}
