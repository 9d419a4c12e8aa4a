import Platform
import Results
import SubbufferSource

/// The results of a study so far.
public struct StudyFindings: Sendable {
  /// The back ends and what became of them.
  public private(set) var backends: [BackendResult] = []
  /// See ``StudyRecords/operations``.
  public var operations: [OperationRecord] = []
  /// See ``StudyRecords/probes``.
  public var probes: [ProbeRecord] = []
  /// See ``StudyRecords/latency``.
  public var latency: [LatencyResult] = []
  /// See ``StudyRecords/getters``.
  public var getters: [GetterResult] = []
  /// See ``StudyRecords/measurement``.
  public var measurement: MeasurementResult?
  /// See ``StudyRecords/deliveryLatency``.
  public var deliveryLatency: [DeliveryLatencyResult] = []
  /// See ``StudyRecords/throughput``.
  public var throughput: [ThroughputResult] = []
  /// See ``StudyRecords/memory``.
  public var memory: MemoryResult?
  /// See ``StudyRecords/writerOverhead``.
  public var writerOverhead: [WriterOverheadResult] = []
  /// See ``StudyRecords/losses``.
  public var losses: [LossRecord] = []
  /// See ``StudyRecords/lossScenariosLeftOut``.
  public var lossScenariosLeftOut: [String] = []
  /// See ``StudyRecords/sharedLoads``.
  public var sharedLoads: [SharedLoadRecord] = []
  /// See ``StudyRecords/crossChecks``.
  public var crossChecks: [CrossCheckResult] = []
  /// See ``StudyRecords/accessCounts``.
  public var accessCounts: [AccessCountsResult] = []
  /// See ``StudyRecords/clauses``.
  public var clauses: [ClauseRecord] = []
  /// See ``StudyRecords/modelChecks``.
  public var modelChecks: [ModelCheckResult] = []
  /// See ``RunDescription/leftOut``.
  public var leftOut: [Observation] = []
  /// See ``StudyRecords/kernelLog``.
  public var kernelLog: KernelLogResult?
  /// See ``KernelLogResult/parts``.
  var kernelLogParts: [KernelLogPart] = []

  mutating func add(
    _ backend: any StudiedBackend, status: BackendResult.Status, reason: String? = nil, remedy: String? = nil
  ) {
    backends.append(
      BackendResult(
        name: backend.name, title: backend.title, isLive: backend.isLive, modelOf: backend.modelOf,
        abis: backend.abis.map(\.name), status: status, reason: reason, remedy: remedy,
        lossRecipes: backend.lossRecipes))
  }

  /// Adds what a part of the study found.
  mutating func append(_ part: StudyFindings) {
    operations += part.operations
    probes += part.probes
    losses += part.losses
    sharedLoads += part.sharedLoads
    crossChecks += part.crossChecks
    accessCounts += part.accessCounts
    clauses += part.clauses
    modelChecks += part.modelChecks
  }

  /// Adds the lines of the kernel's log during the part that made these findings, to its record if it is the only one.
  mutating func add(_ log: KernelLogExcerpt?, of part: String, on backend: (any StudiedBackend)?) {
    guard let log else { return }
    switch (probes.count, losses.count) {
    case (1, 0): probes[0].kernelLog = log
    case (0, 1): losses[0].kernelLog = log
    default: kernelLogParts.append(KernelLogPart(backend: backend?.name, part: part, log: log))
    }
  }

  /// Adds the kernel's log of the whole run.
  mutating func endKernelLog(_ log: KernelLogResult) {
    kernelLog = log
    kernelLog?.parts = kernelLogParts.isEmpty ? nil : kernelLogParts
  }

  mutating func set(facts: BackendFacts, of backend: any StudiedBackend) {
    for index in backends.indices where backends[index].name == backend.name {
      backends[index].version = facts.version
      backends[index].facts = facts.observations
      backends[index].capabilities = facts.capabilities.names
    }
  }

  /// Does a part of the study; where it fails, the back end is marked as failed, or as stopped by the machine,
  /// with the first reason.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  mutating func attempt(
    _ backend: any StudiedBackend, _ part: (inout StudyFindings) throws(SourceError) -> Void
  ) throws(SourceError) {
    try Interruption.check()
    do {
      try part(&self)
    } catch {
      try Interruption.check()
      for index in backends.indices where backends[index].name == backend.name && backends[index].status == .ran {
        backends[index].status = error.kind == .machine ? .stopped : .failed
        backends[index].reason = error.description
      }
    }
  }
}

extension StudyRecords {
  /// The records of a study, with how it was started and where.
  public init(run: RunDescription, environment: RunEnvironment, findings: StudyFindings) {
    var run = run
    run.leftOut = findings.leftOut.isEmpty ? nil : findings.leftOut
    self.init(
      run: run, environment: environment, backends: findings.backends, operations: findings.operations,
      probes: findings.probes, latency: findings.latency, getters: findings.getters,
      measurement: findings.measurement, deliveryLatency: findings.deliveryLatency,
      throughput: findings.throughput, memory: findings.memory, writerOverhead: findings.writerOverhead,
      losses: findings.losses, lossScenariosLeftOut: findings.lossScenariosLeftOut,
      sharedLoads: findings.sharedLoads.isEmpty ? nil : findings.sharedLoads,
      crossChecks: findings.crossChecks, accessCounts: findings.accessCounts, clauses: findings.clauses,
      modelChecks: findings.modelChecks, kernelLog: findings.kernelLog)
  }
}
