/// The machine on which a run was made.
public struct RunEnvironment: Codable, Sendable, Equatable {
  /// What was found out, in the order of a report: kernel, CPU, clock source, preemption model and so on.
  public var facts: [Observation]

  /// An environment from its facts.
  public init(facts: [Observation]) {
    self.facts = facts
  }
}
