import SubbufferSource
import SubbufferSourceConformance
import Workload

/// The whole study: every back end through the same operations, probes, scenarios and measurements.
public struct StudyRun: Sendable {
  /// How much is measured.
  public var profile: Profile
  /// The seed of the order in which trials alternate.
  public var seed: UInt64
  /// The CPU to which the producers are pinned.
  public var producerCPU: Int
  /// What is claimed and asked.
  public var catalogue: [Claim]
  /// The ways of losing events that are tried.
  public var scenarios = LossScenario.all
  /// Whether the loss scenarios are all that is made.
  public var isLossesOnly = false
  /// How a probe is made on a back end: in this process, or in one of its own.
  public var observe: Observe
  /// How many allocations the calling thread has made; without it nothing is found out about what reading allocates.
  public var allocations: (@Sendable () -> UInt64)?
  /// What makes a process whose system calls are counted by ptrace; without it they are counted by perf alone.
  public var traced: SurfaceStudy.Traced?
  /// Told what is being done, before each part.
  public var progress: @Sendable (StudyProgress) -> Void

  /// Makes a probe; throws ``SourceError`` of kind `interrupted` only.
  public typealias Observe =
    @Sendable (Probe, _ backend: any StudiedBackend) throws(SourceError) -> ProbeObservations

  /// Describes a study.
  public init(
    profile: Profile, seed: UInt64, producerCPU: Int, catalogue: [Claim], observe: @escaping Observe,
    allocations: (@Sendable () -> UInt64)? = nil, progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }
  ) {
    self.profile = profile
    self.seed = seed
    self.producerCPU = producerCPU
    self.catalogue = catalogue
    self.observe = observe
    self.allocations = allocations
    self.progress = progress
  }

  /// Makes the study on the back ends that can run here.
  ///
  /// A back end that fails part-way is reported as failed, with what it yielded until then, and the others go on.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  public func callAsFunction(on backends: [any StudiedBackend]) throws(SourceError) -> StudyFindings {
    var findings = StudyFindings()
    var able: [any StudiedBackend] = []
    for backend in backends {
      switch try backend.availability() {
      case .available:
        able.append(backend)
        findings.add(backend, status: .ran)
      case .unavailable(let reason, let remedy):
        findings.add(backend, status: .skipped, reason: reason, remedy: remedy.isEmpty ? nil : remedy)
      }
    }
    if isLossesOnly {
      for backend in able { try facts(of: backend, &findings) }
    } else {
      for backend in able { try look(at: backend, &findings) }
      for backend in able { try check(backend, &findings) }
    }
    for backend in able { try losses(on: backend, &findings) }
    if !isLossesOnly {
      for backend in able { try crossChecks(on: backend, &findings) }
      for backend in able where backend.isLive { try surface(on: backend, &findings) }
      try latencies(on: able, &findings)
    }
    return findings
  }

  private func facts(of backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    try findings.attempt(backend) { (findings) throws(SourceError) in
      findings.set(facts: try backend.facts(), of: backend)
    }
  }

  private func look(at backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    progress(StudyProgress(backend: backend.name, part: "operations"))
    try facts(of: backend, &findings)
    try findings.attempt(backend) { (findings) throws(SourceError) in
      findings.operations += try backend.recordOperations()
    }
    findings.probes += try probes(on: [backend])
  }

  /// Makes the probes of the catalogue on back ends.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  public func probes(on backends: [any StudiedBackend]) throws(SourceError) -> [ProbeResult] {
    var results: [ProbeResult] = []
    for backend in backends {
      let probes = Dictionary(backend.probes.map { ($0.claim.id, $0) }, uniquingKeysWith: { first, _ in first })
      for claim in catalogue {
        try Interruption.check()
        progress(StudyProgress(backend: backend.name, part: "probe \(claim.id)"))
        results.append(try result(of: claim, on: backend, probes[claim.id]))
      }
    }
    return results
  }

  private func result(
    of claim: Claim, on backend: any StudiedBackend, _ probe: Probe?
  ) throws(SourceError) -> ProbeResult {
    let expectation = claim.expectation(of: backend.abis)
    guard let expectation, expectation.basis != .noCounterpart else {
      return ProbeResult(
        claim, expectation, backend: backend.name, skipped: expectation?.reason ?? "nothing is expected of this ABI")
    }
    guard let probe else {
      let reason = backend.isLive ? "there is no probe" : claim.notModelled ?? "the model has no probe"
      return ProbeResult(claim, expectation, backend: backend.name, skipped: reason)
    }
    let observed: ProbeObservations
    do {
      observed = try observe(probe, backend)
    } catch {
      // The probe's process was ended, and could not remove what it had made.
      _ = backend.removeAbandoned()
      throw error
    }
    if observed.failure != nil { _ = backend.removeAbandoned() }
    return ProbeResult(claim, expectation, backend: backend.name, observed)
  }

  /// The clauses of the protocol, and a model against itself.
  private func check(_ backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    try Interruption.check()
    progress(StudyProgress(backend: backend.name, part: "clauses of the protocol"))
    let options = ConformanceOptions(extent: profile.clauses, allocations: allocations)
    findings.clauses += ConformanceKit.run(StudiedHarness(backend: backend), options).map {
      ClauseResult($0, backend: backend.name)
    }
    try Interruption.check()
    findings.modelChecks += backend.checkAgainstItself(schedules: profile.modelSchedules)
  }

  private func losses(on backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    for scenario in scenarios {
      for mode in scenario.modes {
        progress(StudyProgress(backend: backend.name, part: "losses, \(scenario.name), \(mode.rawValue)"))
        let run = LossRun(scenario: scenario, mode: mode, laps: profile.lossLaps, seed: seed)
        try findings.attempt(backend) { (findings) throws(SourceError) in
          findings.losses.append(try run(on: backend))
        }
      }
    }
  }

  private func crossChecks(on backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    progress(StudyProgress(backend: backend.name, part: "losses, counted by others"))
    try findings.attempt(backend) { (findings) throws(SourceError) in
      findings.crossChecks += try backend.crossChecks(seed: seed)
    }
  }

  private func surface(on backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    for mode in RingConfiguration.Mode.allCases {
      progress(StudyProgress(backend: backend.name, part: "surface, \(mode.rawValue)"))
      try findings.attempt(backend) { (findings) throws(SourceError) in
        findings.surface += try SurfaceStudy(traced: traced)(on: backend, mode)
      }
    }
  }

  private func latencies(on backends: [any StudiedBackend], _ findings: inout StudyFindings) throws(SourceError) {
    var generator = SeededGenerator(seed: seed)
    // Two studies for each back end, one in each mode: an ABI may exchange the reader's sub-buffer in one of them alone.
    let subjects = backends.flatMap { backend in RingConfiguration.Mode.allCases.map { (backend, $0) } }
    var studies = subjects.map { backend, mode in
      LatencyStudy(
        configuration: RingConfiguration(mode: mode, subbufferCount: 64, producerCPU: producerCPU),
        eventSize: backend.eventSize(payload: LatencyStudy.payload), headerSize: backend.headerSize,
        rounds: profile.latencyRounds, emptyAcquires: profile.emptyAcquires)
    }
    for trial in 1...profile.latencyTrials {
      for index in subjects.indices.shuffled(using: &generator) {
        let (backend, mode) = subjects[index]
        progress(
          StudyProgress(
            backend: backend.name, part: "latency, \(mode.rawValue), trial \(trial) of \(profile.latencyTrials)"))
        try findings.attempt(backend) { (_) throws(SourceError) in
          try backend.withRing(studies[index].configuration, &studies[index])
        }
      }
    }
    let overhead = MonotonicClock.overhead()
    for ((backend, _), study) in zip(subjects, studies) {
      findings.latency += study.results(backend: backend.name, calls: backend.calls, clockOverhead: overhead)
    }
  }
}

/// What a study is doing at the moment.
public struct StudyProgress: Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The part.
  public var part: String
}
