/// Everything that one run observed, without any judgement: the contents of `results.json`.
public struct StudyRecords: Codable, Sendable, Equatable {
  /// ``currentSchemaVersion`` of the tool that wrote it.
  public var schemaVersion: Int
  /// The start of the run.
  public var run: RunDescription
  /// The machine.
  public var environment: RunEnvironment
  /// The back ends that were asked for, those that were skipped included.
  public var backends: [BackendResult]
  /// One round of reading on each ABI, call by call, as it was recorded.
  public var operations: [OperationRecord]
  /// The semantic probes.
  public var probes: [ProbeRecord]
  /// The distributions of the cost of each operation.
  public var latency: [LatencyResult]
  /// The costs of getters of positions and counters.
  public var getters: [GetterResult]
  /// The method of the latency measurements; `nil` if there were none.
  public var measurement: MeasurementResult?
  /// The delivery latency.
  public var deliveryLatency: [DeliveryLatencyResult]
  /// The throughput on ring buffers that were filled before.
  public var throughput: [ThroughputResult]
  /// The times of copying and reading memory; `nil` if no throughput was measured.
  public var memory: MemoryResult?
  /// The writer overhead, by the activity of the reader.
  public var writerOverhead: [WriterOverheadResult]
  /// The loss scenarios: the events written and handed out, and the losses that each ABI reported.
  public var losses: [LossRecord]
  /// The names of the loss scenarios that the profile leaves out.
  public var lossScenariosLeftOut: [String]
  /// Loads that one writer wrote into ring buffers of several back ends at once; absent in results of a version that did not
  /// make any, or if fewer than two such back ends could run.
  public var sharedLoads: [SharedLoadRecord]?
  /// The counts by this program and by others under one load.
  public var crossChecks: [CrossCheckResult]
  /// The access counts of a reader of each ABI.
  public var accessCounts: [AccessCountsResult]
  /// The clauses of the protocol, tried on each back end's source.
  public var clauses: [ClauseRecord]
  /// The models, held against their own invariants.
  public var modelChecks: [ModelCheckResult]
  /// The kernel's log during the run; absent in results of a version that did not read it.
  public var kernelLog: KernelLogResult?

  /// Puts the parts together.
  public init(
    run: RunDescription, environment: RunEnvironment, backends: [BackendResult], operations: [OperationRecord],
    probes: [ProbeRecord], latency: [LatencyResult], getters: [GetterResult] = [],
    measurement: MeasurementResult? = nil, deliveryLatency: [DeliveryLatencyResult] = [],
    throughput: [ThroughputResult] = [], memory: MemoryResult? = nil, writerOverhead: [WriterOverheadResult] = [],
    losses: [LossRecord], lossScenariosLeftOut: [String] = [],
    sharedLoads: [SharedLoadRecord]? = nil, crossChecks: [CrossCheckResult] = [],
    accessCounts: [AccessCountsResult] = [], clauses: [ClauseRecord],
    modelChecks: [ModelCheckResult], kernelLog: KernelLogResult? = nil
  ) {
    self.schemaVersion = StudyRecords.currentSchemaVersion
    self.run = run
    self.environment = environment
    self.backends = backends
    self.operations = operations
    self.probes = probes
    self.latency = latency
    self.getters = getters
    self.measurement = measurement
    self.deliveryLatency = deliveryLatency
    self.throughput = throughput
    self.memory = memory
    self.writerOverhead = writerOverhead
    self.losses = losses
    self.lossScenariosLeftOut = lossScenariosLeftOut
    self.sharedLoads = sharedLoads
    self.crossChecks = crossChecks
    self.accessCounts = accessCounts
    self.clauses = clauses
    self.modelChecks = modelChecks
    self.kernelLog = kernelLog
  }
}

/// The records of a run with the judgements on them, which are functions of the records. A report is made of it.
@dynamicMemberLookup
public struct StudyResults: Sendable, Equatable {
  /// The records that are not judged; those of probes and losses are empty here.
  private var others: StudyRecords
  /// The semantic probes.
  public var probes: [ProbeResult]
  /// The true losses, and the losses that each ABI reported.
  public var losses: [LossResult]

  /// Judges the records of a run.
  public init(judging records: StudyRecords, by judges: ProbeJudges) {
    let abis = Dictionary(
      records.backends.map { ($0.name, $0.abis.map(ABI.init)) }, uniquingKeysWith: { first, _ in first })
    self.init(
      records, probes: records.probes.map { judges($0, abis[$0.backend] ?? []) },
      losses: records.losses.map(LossResult.init))
  }

  /// Records with judged probes and losses in the place of their own.
  public init(_ records: StudyRecords, probes: [ProbeResult], losses: [LossResult]) {
    others = records
    others.probes = []
    others.losses = []
    self.probes = probes
    self.losses = losses
  }

  /// The records.
  public var records: StudyRecords {
    var records = others
    records.probes = probes.map(\.record)
    records.losses = losses.map(\.record)
    return records
  }

  /// Any other field of the records.
  public subscript<Value>(dynamicMember path: WritableKeyPath<StudyRecords, Value>) -> Value {
    get { others[keyPath: path] }
    set { others[keyPath: path] = newValue }
  }
}

/// The command line and the time of a run's start.
public struct RunDescription: Codable, Sendable, Equatable {
  /// The version of the tool.
  public var toolVersion: String
  /// The command line.
  public var command: [String]
  /// The profile: quick, standard or thorough.
  public var profile: String
  /// The seed of the order in which trials alternate.
  public var seed: UInt64
  /// When the run began: ISO 8601, UTC.
  public var startedAt: String
  /// The time that it took, in seconds.
  public var seconds: Double
  /// The parts of the thorough profile that this profile omits, by chapter; absent if it omits none.
  public var leftOut: [Observation]?

  /// Describes a run.
  public init(toolVersion: String, command: [String], profile: String, seed: UInt64, startedAt: String, seconds: Double)
  {
    self.toolVersion = toolVersion
    self.command = command
    self.profile = profile
    self.seed = seed
    self.startedAt = startedAt
    self.seconds = seconds
  }
}

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
