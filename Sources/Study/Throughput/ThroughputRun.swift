import Results
import SubbufferSource

/// Measures how fast all live back ends are drained, and the memory beside them, in an order drawn from the seed.
struct ThroughputRun {
  let extent: ThroughputExtent
  let seed: UInt64
  let progress: @Sendable (StudyProgress) -> Void

  /// The subject of trials: a ring buffer of a back end, or the memory.
  private struct Subject {
    var backend: any StudiedBackend
    var configuration: RingConfiguration
    var keys: [ThroughputTrial.Key]
    var trials: [ThroughputTrial.Key: [ThroughputResult.Trial]] = [:]
  }

  /// Many small sub-buffers, and a few large ones.
  private static let shapes = [(size: 4096, count: 64), (size: 65_536, count: 16)]

  /// The time that it takes, in seconds, about.
  /// - Parameter ringSeconds: what it takes to make, read and remove one ring buffer, by back end.
  func seconds(on backends: [any StudiedBackend], ringSeconds: [String: Double]) -> Double {
    subjects(backends).reduce(0) { sum, subject in
      let events = Int(ThroughputTrial.events(subject.backend, subject.configuration))
      let drains = subject.keys.count * (max(1, extent.warmup) + extent.rounds)
      let trial = (ringSeconds[subject.backend.name] ?? 0) + Double(drains * events) * UnitCost.event
      return sum + Double(extent.trials) * trial
    }
  }

  private func subjects(_ backends: [any StudiedBackend]) -> [Subject] {
    backends.filter(\.isLive).flatMap { backend in
      extent.modes.flatMap { mode in
        ThroughputRun.shapes.map { shape in
          let baselines = mode == .overwrite ? backend.baselines.map(\.name) : []
          return Subject(
            backend: backend,
            configuration: RingConfiguration(
              mode: mode, subbufferSize: shape.size, subbufferCount: shape.count, producerCPU: backend.producerCPU),
            keys: ([LatencyResult.studiedReader] + baselines).flatMap { reader in
              extent.works.map { ThroughputTrial.Key(reader: reader, work: $0) }
            })
        }
      }
    }
  }

  /// Measures, and adds what was measured to the findings.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  func callAsFunction(on backends: [any StudiedBackend], _ findings: inout StudyFindings) throws(SourceError) {
    var generator = SeededGenerator(seed: seed)
    var subjects = subjects(backends)
    guard !subjects.isEmpty else { return }
    let memory = MemoryBandwidth()
    defer { memory.deallocate() }
    var bandwidth = (copy: [UInt64](), read: [UInt64]())
    var place = 0
    for round in 1...max(1, extent.trials) {
      bandwidth.copy.append(memory.copy())
      bandwidth.read.append(memory.read())
      for index in subjects.indices.shuffled(using: &generator) {
        place += 1
        let subject = subjects[index]
        progress(StudyProgress(backend: subject.backend.name, part: "throughput, trial \(round) of \(extent.trials)"))
        var trial = ThroughputTrial(
          on: subject.backend, subject.configuration, extent: extent, keys: subject.keys.shuffled(using: &generator),
          place: place)
        try findings.attempt(subject.backend) { (_) throws(SourceError) in
          try subject.backend.withStudiedRing(subject.configuration, &trial)
        }
        for (key, measured) in trial.measured { subjects[index].trials[key, default: []].append(measured) }
      }
    }
    findings.throughput += subjects.flatMap(rows)
    findings.memory = MemoryResult(
      bytes: MemoryBandwidth.bytes, copy: bandwidth.copy, read: bandwidth.read)
  }

  private func rows(_ subject: Subject) -> [ThroughputResult] {
    subject.keys.compactMap { key in
      subject.trials[key].map {
        ThroughputResult(
          backend: subject.backend.name, reader: key.reader, mode: subject.configuration.mode, work: key.work,
          subbufferSize: subject.configuration.subbufferSize, subbufferCount: subject.configuration.subbufferCount,
          eventSize: subject.backend.eventSize(payload: ThroughputTrial.payload), trials: $0)
      }
    }
  }
}

/// The extent of the throughput measurement.
public struct ThroughputExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The number of times that a ring buffer is filled and drained before anything is recorded, in each trial; once at
  /// least.
  public var warmup: Int
  /// The number of times that it is then filled and drained for each work.
  var rounds: Int
  /// The works on the sub-buffers.
  var works: [DrainWork]
  /// The modes of the ring buffers.
  var modes: [RingMode]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    warmup = 1
    switch profile {
    case .quick: (trials, rounds) = (5, 2)
    case .standard: (trials, rounds) = (20, 5)
    case .thorough: (trials, rounds) = (60, 9)
    }
    modes = profile == .quick ? [.overwrite] : RingMode.allCases
    works = profile == .quick ? [.handOver, .decode] : DrainWork.allCases
  }
}
