/// One back end and whether it ran.
public struct BackendResult: Codable, Sendable, Equatable {
  /// What became of it.
  public enum Status: String, Codable, Sendable {
    /// It ran to the end.
    case ran
    /// It could not run here; `reason` and `remedy` say why and what would enable it.
    case skipped
    /// It began and failed; `reason` says at which call.
    case failed
    /// It began, and the machine lacked something: room, descriptors, processes, a CPU; `reason` says what.
    case stopped
  }

  /// The name by which it is asked for: `tracefs`.
  public var name: String
  /// What it is: "Linux tracefs, memory-mapped ring buffer".
  public var title: String
  /// Whether it is the real ABI, or a model of one.
  public var isLive: Bool
  /// The live back end that this is a model of, by its name.
  public var modelOf: String?
  /// The ABIs that it is one of, the most specific first.
  public var abis: [String]
  /// What became of it.
  public var status: Status
  /// Why it was skipped or failed.
  public var reason: String?
  /// The command that would enable it.
  public var remedy: String?
  /// The software and its version: "Linux 6.18.44", "LTTng-UST 2.13.5"; `nil` if the back end did not run.
  public var version: String?
  /// Versions and sizes that the ABI itself told.
  public var facts: [Observation]
  /// What it offers beyond the protocol.
  public var capabilities: [String]
  /// How its source finds out what was lost, in each mode.
  public var lossRecipes: [LossRecipe]

  /// Describes a back end.
  public init(
    name: String, title: String, isLive: Bool, modelOf: String? = nil, abis: [String] = [], status: Status,
    reason: String? = nil, remedy: String? = nil, version: String? = nil, facts: [Observation] = [],
    capabilities: [String] = [],
    lossRecipes: [LossRecipe] = []
  ) {
    self.name = name
    self.title = title
    self.isLive = isLive
    self.modelOf = modelOf
    self.abis = abis
    self.status = status
    self.reason = reason
    self.remedy = remedy
    self.version = version
    self.facts = facts
    self.capabilities = capabilities
    self.lossRecipes = lossRecipes
  }
}
