import Platform
import Results
import SubbufferSource
import SubbufferSourceConformance

/// The whole study: every back end through the same operations, probes, scenarios and measurements.
public struct StudyRun: Sendable {
  /// The extent of the measurement.
  public var profile: Profile
  /// The seed of the order in which trials alternate.
  public var seed: UInt64
  /// The CPUs to which the producers are pinned, and the caller.
  public var placement: CPUPlacement
  /// The extent of the measurement of costs.
  public var latency: LatencyExtent
  /// The extent of the measurement of delivery latency.
  public var deliveryLatency: DeliveryLatencyExtent
  /// The extent of the throughput measurement.
  public var throughput: ThroughputExtent
  /// The extent of the measurement of writer overhead.
  public var writerOverhead: WriterOverheadExtent
  /// The claims.
  public var catalogue: [Claim]
  /// The writers that feed ring buffers of several back ends at once.
  public var sharedWriters: [any SharedWriter] = []
  /// The ways of losing events that are tried.
  public var scenarios: [LossScenario]
  /// `true` if the loss scenarios are all that is made.
  public var isLossesOnly = false
  /// The number of parts made at a time, if they are made in parallel: as many as there are CPUs, and twelve at least, since
  /// most of the time is waited for the kernel to remove a ring buffer. Measured on two CPUs with the quick profile: 36.5 s
  /// with 4, 33.0 s with 6, 30.4 s with 8, 29.4 s with 12.
  public var threads = max(12, CPUPlacement.allowed.count)
  /// The way of running a probe on a back end: in this process, or in a separate one.
  public var observe: Observe
  /// Pins the calling thread to the reader's CPU: called when all parts are made that may be made in parallel.
  public var pinReader: @Sendable () throws(SourceError) -> Void
  /// The number of allocations that the calling thread has made; without it nothing is found out about what reading
  /// allocates.
  public var allocations: (@Sendable () -> UInt64)?
  /// Called with the estimated duration of the study, before anything is made.
  public var announce: @Sendable (StudyEstimate) -> Void = { _ in }
  /// The command of a process whose system calls ptrace counts; without it only perf counts them.
  package var traced: AccessCountsStudy.Traced?
  /// Reads the kernel's log during each part on a live back end.
  public var kernelLog = KernelLogWatch()
  /// Called with the current activity, before each part.
  public var progress: @Sendable (StudyProgress) -> Void

  /// Makes a probe; throws ``SourceError`` of kind `interrupted` only.
  public typealias Observe =
    @Sendable (Probe, _ backend: any StudiedBackend) throws(SourceError) -> ProbeObservations

  /// Describes a study.
  public init(
    profile: Profile, seed: UInt64, placement: CPUPlacement, catalogue: [Claim], observe: @escaping Observe,
    allocations: (@Sendable () -> UInt64)? = nil, progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }
  ) {
    self.profile = profile
    self.seed = seed
    self.placement = placement
    pinReader = { () throws(SourceError) in try placement.pinReader() }
    latency = LatencyExtent(profile)
    deliveryLatency = DeliveryLatencyExtent(profile)
    throughput = ThroughputExtent(profile)
    writerOverhead = WriterOverheadExtent(profile)
    self.catalogue = catalogue
    scenarios = LossScenario.of(profile)
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
    let made = Set(scenarios.map(\.name))
    findings.lossScenariosLeftOut = LossScenario.all.map(\.name).filter { !made.contains($0) }
    findings.leftOut = leftOut
    var able: [any StudiedBackend] = []
    var ringSeconds: [String: Double] = [:]
    for backend in backends {
      let begin = ContinuousClock.now
      var availability = Availability.available
      try watched("availability", on: backend, &findings) { (_) throws(SourceError) in
        availability = try backend.availability()
      }
      switch availability {
      case .available:
        able.append(backend)
        ringSeconds[backend.name] = begin.duration(to: .now) / .seconds(1)
        findings.add(backend, status: .ran)
      case .unavailable(let reason, let remedy):
        findings.add(backend, status: .skipped, reason: reason, remedy: remedy.isEmpty ? nil : remedy)
      }
    }
    let parts =
      isLossesOnly
      ? able.flatMap(losses(on:))
      : able.map(operations(of:)) + able.flatMap(probes(of:)) + able.flatMap(checks(of:)) + able.flatMap(losses(on:))
        + able.flatMap(crossChecks(on:)) + able.flatMap(accessCounts(on:)) + sharedLoads(on: able)
    let measurements = isLossesOnly ? [] : measurements(on: able)
    var estimate = StudyEstimate()
    estimate.add(parts, ringSeconds: ringSeconds, threads: threads)
    for measurement in measurements { estimate.add(seconds: measurement.seconds(ringSeconds: ringSeconds)) }
    announce(estimate)
    for backend in able { try facts(of: backend, &findings) }
    try make(parts, &findings)
    for measurement in measurements {
      try watched(measurement.name, on: nil, &findings) { (findings) throws(SourceError) in
        try measurement.make(seed: seed, progress: progress, &findings)
      }
    }
    findings.endKernelLog(kernelLog.result)
    return findings
  }

  /// The measurements of all back ends together, in the order in which they are made.
  private func measurements(on backends: [any StudiedBackend]) -> [any PlannedMeasurement] {
    [
      LatencyExperiment(extent: latency, placement: placement).planned(on: backends),
      DeliveryLatencyExperiment(extent: deliveryLatency, placement: placement).planned(on: backends),
      ThroughputExperiment(extent: throughput).planned(on: backends),
      WriterOverheadExperiment(extent: writerOverhead, placement: placement).planned(on: backends),
    ]
  }

  private func facts(of backend: any StudiedBackend, _ findings: inout StudyFindings) throws(SourceError) {
    try findings.attempt(backend) { (findings) throws(SourceError) in
      findings.set(facts: try backend.facts(), of: backend)
    }
  }

  private func operations(of backend: any StudiedBackend) -> StudyPart {
    StudyPart(backend: backend, name: "operations", concurrency: backend.concurrency, rings: 1) {
      (findings) throws(SourceError) in findings.operations += try backend.recordOperations()
    }
  }

  /// Makes the probes of the catalogue on back ends.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  public func probes(on backends: [any StudiedBackend]) throws(SourceError) -> [ProbeRecord] {
    var findings = StudyFindings()
    try make(backends.flatMap(probes(of:)), &findings)
    return findings.probes
  }

  /// Each probe runs in a process of its own, or gives the reason at once why it does not run.
  private func probes(of backend: any StudiedBackend) -> [StudyPart] {
    let probes = Dictionary(backend.probes.map { ($0.claim.id, $0) }, uniquingKeysWith: { first, _ in first })
    return catalogue.map { claim in
      let probe = probes[claim.id]
      let isMade = probe.map { $0.boot == nil || ProbeBoot.claimHere == claim.id } ?? false
      return StudyPart(
        backend: backend, name: "probe \(claim.id)", concurrency: .any, rings: isMade ? 1 : 0,
        seconds: isMade ? UnitCost.probe : 0
      ) { (findings) throws(SourceError) in
        findings.probes.append(try result(of: claim, on: backend, probe))
      }
    }
  }

  private func result(
    of claim: Claim, on backend: any StudiedBackend, _ probe: Probe?
  ) throws(SourceError) -> ProbeRecord {
    let expectation = claim.expectation(of: backend.abis)
    guard let expectation, expectation.basis != .none else {
      return ProbeRecord(
        claim, expectation, backend: backend.name, notMade: expectation?.reason ?? "no expectation of this ABI")
    }
    guard let probe else {
      return ProbeRecord(claim, expectation, backend: backend.name, notMade: backend.whyNotProbed(claim))
    }
    if let boot = probe.boot, ProbeBoot.claimHere != claim.id {
      return ProbeRecord(
        claim, expectation, backend: backend.name,
        notMade: "\(boot.reason): only in a virtual machine booted for it, \(ProbeBoot.command(for: claim))")
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
    return ProbeRecord(claim, expectation, backend: backend.name, observed)
  }

  /// The clauses of the protocol, and a model against itself.
  private func checks(of backend: any StudiedBackend) -> [StudyPart] {
    let options = ConformanceOptions(extent: profile.clauses, allocations: allocations)
    return [
      StudyPart(
        backend: backend, name: "clauses of the protocol", concurrency: backend.concurrency, isLong: true,
        rings: profile.clauseRings
      ) { findings in
        findings.clauses += ConformanceKit.run(StudiedHarness(backend: backend), options).map {
          ClauseRecord($0, backend: backend.name)
        }
      },
      StudyPart(
        backend: backend, name: "against itself", concurrency: backend.concurrency,
        seconds: backend.isLive ? 0 : UnitCost.schedule * Double(profile.modelSchedules)
      ) { findings in
        findings.modelChecks += backend.checkAgainstItself(schedules: profile.modelSchedules)
      },
    ]
  }

  private func losses(on backend: any StudiedBackend) -> [StudyPart] {
    scenarios.flatMap { scenario in
      scenario.modes.filter(backend.modes.contains).map { mode in
        let run = LossRun(scenario: scenario, mode: mode, laps: profile.lossLaps, seed: seed)
        let isMade = scenario.needs.allSatisfy { backend.lacks($0) == nil }
        let sizes = try? ScenarioSizing.of(scenario, on: backend, laps: profile.lossLaps, seed: seed).get()
        return StudyPart(
          backend: backend, name: "losses, \(scenario.name), \(mode.rawValue)",
          concurrency: scenario.needsTheMachine ? .exclusive : backend.concurrency,
          rings: isMade && sizes != nil ? run.rings : 0,
          seconds: isMade ? sizes.map(scenario.seconds) ?? 0 : 0
        ) { (findings) throws(SourceError) in findings.losses.append(try run(on: backend)) }
      }
    }
  }

  /// The loads that several ring buffers get at once; each is made in the name of the first of its back ends.
  private func sharedLoads(on backends: [any StudiedBackend]) -> [StudyPart] {
    sharedWriters.flatMap { writer in
      SharedLoadRun.all(writer, backends, producerCPU: placement.producer).compactMap { run in
        guard let first = backends.first(where: { $0.name == run.backends[0] }) else { return nil }
        return StudyPart(
          backend: first,
          name: "one load, \(run.backends.count) ring buffers, \(run.course.rawValue), \(run.mode.rawValue)",
          concurrency: .exclusive, rings: run.backends.count
        ) { (findings) throws(SourceError) in findings.sharedLoads.append(try run()) }
      }
    }
  }

  private func crossChecks(on backend: any StudiedBackend) -> [StudyPart] {
    backend.modes.map { mode in
      StudyPart(
        backend: backend, name: "losses, counted by others, \(mode.rawValue)", concurrency: backend.concurrency,
        isLong: true,
        seconds: backend.crossCheckSeconds(profile)
      ) { (findings) throws(SourceError) in
        findings.crossChecks += try backend.crossChecks(mode, profile, seed: seed)
      }
    }
  }

  /// The access counts, of live back ends: a model's memory and calls are this program's own.
  private func accessCounts(on backend: any StudiedBackend) -> [StudyPart] {
    guard backend.isLive else { return [] }
    return backend.modes(of: profile.accessCountsModes).map { mode in
      StudyPart(
        backend: backend, name: "access counts, \(mode.rawValue)", concurrency: .exclusive
      ) { (findings) throws(SourceError) in
        findings.accessCounts += try AccessCountsStudy(traced: traced)(on: backend, mode)
      }
    }
  }
}

/// The current activity of a study.
public struct StudyProgress: Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The part.
  public var part: String
}

extension StudyRun {
  /// The parts of the thorough profile that this study leaves out, by chapter, loss scenarios excepted: see
  /// ``StudyRecords/lossScenariosLeftOut``. The cross-checks have a row for each load that they leave out.
  var leftOut: [Observation] {
    guard !isLossesOnly else {
      return [Observation("other chapters", "all: scenarios were asked for by name")]
    }
    let thorough = (
      latency: LatencyExtent(.thorough), deliveryLatency: DeliveryLatencyExtent(.thorough),
      throughput: ThroughputExtent(.thorough),
      writerOverhead: WriterOverheadExtent(.thorough)
    )
    return Self.leftOut(
      "access counts", RingMode.allCases.filter { !profile.accessCountsModes.contains($0) }.map(Self.named))
      + Self.leftOut("clauses", profile.clauses == .full ? [] : ["most shapes of ring buffers and orders of calls"])
      + Self.leftOut(
        "latency",
        thorough.latency.modes.filter { !latency.modes.contains($0) }.map {
          "\(Self.named($0)), but for the usual point"
        }
          + thorough.latency.counts.filter { !latency.counts.contains($0) }.map { "\($0) sub-buffers" })
      + Self.leftOut(
        "delivery latency",
        thorough.deliveryLatency.rates.filter { !deliveryLatency.rates.contains($0) }.map { "\($0) events/s" }
          + thorough.deliveryLatency.periods.filter { !deliveryLatency.periods.contains($0) }.map {
            "a timer of \($0 / 1_000) µs"
          }
          + thorough.deliveryLatency.switchTimers.filter { !deliveryLatency.switchTimers.contains($0) }
          .map { "a switch timer of \($0) µs" } + (deliveryLatency.pollsWithFlush ? [] : ["polling with a flush"])
          + (deliveryLatency.unflushed ? [] : ["a reader's timer without a flush"]))
      + Self.leftOut(
        "throughput",
        thorough.throughput.modes.filter { !throughput.modes.contains($0) }.map(Self.named)
          + thorough.throughput.works.filter { !throughput.works.contains($0) }.map(\.rawValue))
      + Self.leftOut(
        "writer overhead",
        thorough.writerOverhead.modes.filter { !writerOverhead.modes.contains($0) }.map(Self.named)
          + thorough.writerOverhead.conditions.filter { !writerOverhead.conditions.contains($0) }.map(\.rawValue))
  }

  private static func named(_ mode: RingMode) -> String { "\(mode.rawValue) mode of ring buffers that have both" }

  private static func leftOut(_ chapter: String, _ things: [String]) -> [Observation] {
    things.isEmpty ? [] : [Observation(chapter, things.joined(separator: "; "))]
  }
}
