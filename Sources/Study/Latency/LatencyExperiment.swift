import Platform
import Results
import SubbufferSource

/// The costs of a reader's operations on all live back ends.
///
/// Models are not measured: the time of their steps is that of this program's own code.
struct LatencyExperiment: Experiment {
  static let name = "latency"

  /// The extent of the measurement.
  let extent: LatencyExtent
  /// The CPUs of the producers and the caller.
  let placement: CPUPlacement

  var trials: Int { extent.trials }

  /// A ring buffer of a back end that trials are made on.
  struct Subject: ExperimentSubject {
    let backend: any StudiedBackend
    let plan: LatencyPoint.Plan
    /// The ways of reading: the baselines where everything is as usual, since they are there to be compared with.
    let readers: [String]
    /// The results by subject, trial by trial.
    var trials: [LatencyKey: [Trial]] = [:]
    /// The results of the getters, in the order of the first trial.
    var getters: [GetterResult] = []

    var configuration: RingConfiguration { plan.configuration }

    fileprivate mutating func add(_ getter: Getter, _ trial: GetterResult.Trial) {
      guard let index = getters.firstIndex(where: { $0.name == getter.name }) else {
        getters.append(
          GetterResult(
            backend: backend.name, name: getter.name, note: getter.note, calls: getter.calls, trials: [trial]))
        return
      }
      getters[index].trials.append(trial)
    }
  }

  func subjects(on backends: [any StudiedBackend]) -> [Subject] {
    backends.filter(\.isLive).flatMap { backend in
      let hasOtherCPU = placement.reader != placement.producer
      return LatencyPoint.Plan.all(backend, modes: extent.modes, counts: extent.counts, hasOtherCPU: hasOtherCPU).map {
        plan in
        let baselines =
          plan.isUsual && plan.configuration.mode == backend.usualMode ? backend.baselines.map(\.name) : []
        return Subject(backend: backend, plan: plan, readers: [LatencyResult.studiedReader] + baselines)
      }
    }
  }

  func seconds(ofTrialOn subject: Subject) -> Double {
    let events = subject.plan.points.reduce(0) { $0 + extent.events($1, subject.configuration, subject.backend) }
    return Double(subject.readers.count * events) * UnitCost.event
  }

  func trial(on subject: Subject, place: Int, using generator: inout SeededGenerator) -> LatencyTrial {
    LatencyTrial(
      of: subject.plan, on: subject.backend, points: subject.plan.points.shuffled(using: &generator),
      readers: subject.readers.shuffled(using: &generator), extent: extent, placement: placement, place: place)
  }

  func keep(_ trial: LatencyTrial, place: Int, in subject: inout Subject) {
    for (key, measured) in trial.measured { subject.trials[key, default: []].append(measured) }
    for (getter, nanoseconds) in trial.getters {
      subject.add(getter, GetterResult.Trial(place: place, nanoseconds: nanoseconds))
    }
  }

  func record(_ subjects: [Subject], in findings: inout StudyFindings) {
    findings.latency += subjects.flatMap(rows)
    findings.getters += subjects.flatMap(\.getters)
    findings.measurement = MeasurementResult(
      trials: extent.trials, warmup: extent.warmup, significantDigits: LatencySamples.significantDigits,
      clockOverhead: MonotonicClock.overhead(), recordOverhead: LatencySamples.recordOverhead())
  }

  /// The results on one ring buffer, in the order of the plan.
  private func rows(_ subject: Subject) -> [LatencyResult] {
    subject.readers.flatMap { reader in
      (subject.plan.points + [.firstTime(subject.plan.configuration)]).flatMap { point in
        [true, false].flatMap { hasData in
          LatencyOperation.allCases.compactMap { operation in
            let key = LatencyKey(reader: reader, point: point, operation: operation, hasData: hasData)
            return subject.trials[key].map { row(key, subject, $0) }
          }
        }
      }
    }
  }

  private func row(_ key: LatencyKey, _ subject: Subject, _ trials: [Trial]) -> LatencyResult {
    LatencyResult(
      backend: subject.backend.name, reader: key.reader, mode: subject.plan.configuration.mode,
      operation: key.operation, condition: key.condition,
      call: call(key, subject.backend.calls(ofReader: key.reader)), growth: key.point.growth,
      setup: setup(key.point, subject), trials: trials)
  }

  private func call(_ key: LatencyKey, _ calls: CallNames) -> String {
    switch key.operation {
    case .acquire: key.hasData ? calls.acquire : calls.acquireOfNothing
    case .release: calls.release ?? ""
    case .acquireAndRelease: [calls.acquire, calls.release].compactMap(\.self).joined(separator: ", ")
    case .wait: calls.wait
    case .flush: calls.flush ?? ""
    }
  }

  private func setup(_ point: LatencyPoint, _ subject: Subject) -> [Observation] {
    let configuration = subject.plan.configuration
    return [
      Observation("sub-buffer size", configuration.subbufferSize),
      Observation("sub-buffers", configuration.subbufferCount),
      Observation("bytes of an event", subject.backend.eventSize(payload: point.payload)),
      Observation("events handed over", point.eventsHandedOver(configuration, subject.backend)),
    ]
  }
}

/// The extent of the measurement of costs.
public struct LatencyExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The number of times that a ring buffer is filled and drained at a point before anything is recorded there.
  public var warmup: Int
  /// The number of times that it is then filled and drained, and recorded, at the point from which everything is
  /// varied.
  var usualRounds: Int
  /// The same where something is varied, at least.
  var rounds: Int
  /// The number of sub-buffers handed over in a trial at a point, where only a few are at a time.
  var samples: Int
  /// The number of times that a trial acquires, and checks for data, on an empty ring buffer.
  var empty: Int
  /// The number of times that the calls of a getter are timed in a trial.
  var getterBatches: Int
  /// The numbers of sub-buffers besides the usual one.
  var counts: [Int]
  /// The modes in which more than the usual point is measured.
  var modes: [RingMode]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    warmup = 1
    switch profile {
    case .quick: (trials, usualRounds, rounds, samples, empty, getterBatches) = (5, 4, 1, 30, 400, 5)
    case .standard: (trials, usualRounds, rounds, samples, empty, getterBatches) = (20, 20, 4, 100, 2_000, 20)
    case .thorough: (trials, usualRounds, rounds, samples, empty, getterBatches) = (60, 40, 8, 200, 5_000, 50)
    }
    counts = profile == .quick ? [4, 256] : [4, 16, 256]
    modes = profile == .quick ? [.overwrite] : [.overwrite, .discard]
  }

  /// Less of everything, where times are counts of instructions, which hardly differ from one time to the next; as many
  /// trials as a test needs to find a difference significant.
  public mutating func reduceToCounts() {
    (trials, usualRounds, rounds, samples, empty, getterBatches) = (4, 2, 1, 16, 100, 2)
  }

  /// The number of times that sub-buffers are filled and drained at a point, without the warm-up.
  func rounds(_ point: LatencyPoint) -> Int {
    guard point.growth != nil else { return usualRounds }
    return switch point.filling {
    case .full(let subbuffers): max(rounds, samples / subbuffers)
    case .partial: samples
    }
  }

  /// The number of events written at a point.
  func events(_ point: LatencyPoint, _ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    (warmup + rounds(point)) * point.subbuffersAtATime * point.eventsHandedOver(configuration, backend)
  }
}
