/// The machine on which a run was made.
public struct RunEnvironment: Codable, Sendable, Equatable {
  /// The facts, in the order of a report: kernel, CPU, clock source, preemption model and so on.
  public var facts: [Observation]

  /// An environment from its facts.
  public init(facts: [Observation]) {
    self.facts = facts
  }

  /// `true` if a nanosecond of this machine is an instruction.
  public var countsInstructions: Bool { facts.contains { $0.name == EnvironmentFact.time } }
}

/// The names of facts that something is concluded from.
public enum EnvironmentFact {
  /// The load average of the machine before the run: it differs from run to run.
  public static let loadAverage = "load average before the run"
  /// The list of online CPUs: `0-3`.
  public static let onlineCPUs = "CPUs online"
  /// The machine that a virtual machine runs on.
  public static let host = "host"
  /// The memory of the machine, less what the kernel keeps for itself.
  public static let memory = "memory"
  /// The definition of a nanosecond, if it is not one of real time.
  public static let time = "a nanosecond"
}
