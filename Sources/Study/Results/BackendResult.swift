/// One back end and whether it ran.
public struct BackendResult: Codable, Sendable, Equatable {
  /// The status of the back end in the run.
  public enum Status: String, Codable, Sendable {
    /// It ran to the end.
    case ran
    /// It could not run here; `reason` and `remedy` give the cause and the remedy.
    case skipped
    /// It began and failed; `reason` names the call.
    case failed
    /// It began, and the machine lacked something: room, descriptors, processes, a CPU; `reason` names it.
    case stopped
  }

  /// The name by which it is asked for: `tracefs`.
  public var name: String
  /// The name for a report: "Linux tracefs, memory-mapped ring buffer".
  public var title: String
  /// `true` for the real ABI, `false` for a model of one.
  public var isLive: Bool
  /// The live back end that this is a model of, by its name.
  public var modelOf: String?
  /// The ABIs that it is one of, the most specific first.
  public var abis: [String]
  /// The status of the back end in the run.
  public var status: Status
  /// Why it was skipped or failed.
  public var reason: String?
  /// The command that would enable it.
  public var remedy: String?
  /// The software and its version: "Linux 6.18.44", "LTTng-UST 2.13.5"; `nil` if the back end did not run.
  public var version: String?
  /// Versions and sizes that the ABI itself reported.
  public var facts: [Observation]
  /// The ABI's capabilities beyond the protocol.
  public var capabilities: [String]
  /// The loss-counting recipe of its source, in each mode.
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
