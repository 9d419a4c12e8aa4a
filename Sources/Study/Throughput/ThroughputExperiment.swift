import Results
import SubbufferSource

/// The throughput of draining all live back ends, and of the memory.
struct ThroughputExperiment: Experiment {
  static let name = "throughput"

  /// The extent of the measurement.
  let extent: ThroughputExtent
  private var memory: MemoryBandwidth?
  private var bandwidth = MemoryResult(bytes: MemoryBandwidth.bytes, copy: [], read: [])

  init(extent: ThroughputExtent) {
    self.extent = extent
  }

  var trials: Int { extent.trials }

  /// A ring buffer of a back end that trials are made on.
  struct Subject: ExperimentSubject {
    let backend: any StudiedBackend
    let configuration: RingConfiguration
    fileprivate let keys: [ThroughputTrial.Key]
    fileprivate var trials: [ThroughputTrial.Key: [ThroughputResult.Trial]] = [:]
  }

  /// Many small sub-buffers, and a few large ones.
  private static let shapes = [(size: 4096, count: 64), (size: 65_536, count: 16)]

  func subjects(on backends: [any StudiedBackend]) -> [Subject] {
    backends.filter(\.isLive).flatMap { backend in
      backend.modes(of: extent.modes).flatMap { mode in
        ThroughputExperiment.shapes.map { shape in
          let baselines = mode == backend.usualMode ? backend.baselines.map(\.name) : []
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

  func seconds(ofTrialOn subject: Subject) -> Double {
    let events = Int(ThroughputTrial.events(subject.backend, subject.configuration))
    let drains = subject.keys.count * (max(1, extent.warmup) + extent.rounds)
    return Double(drains * events) * UnitCost.event
  }

  mutating func beginRound() {
    let memory = memory ?? MemoryBandwidth()
    bandwidth.copy.append(memory.copy())
    bandwidth.read.append(memory.read())
    self.memory = memory
  }

  func trial(on subject: Subject, place: Int, using generator: inout SeededGenerator) -> ThroughputTrial {
    ThroughputTrial(
      on: subject.backend, subject.configuration, extent: extent, keys: subject.keys.shuffled(using: &generator),
      place: place)
  }

  func keep(_ trial: ThroughputTrial, place: Int, in subject: inout Subject) {
    for (key, measured) in trial.measured { subject.trials[key, default: []].append(measured) }
  }

  func record(_ subjects: [Subject], in findings: inout StudyFindings) {
    findings.throughput += subjects.flatMap(rows)
    findings.memory = bandwidth
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
