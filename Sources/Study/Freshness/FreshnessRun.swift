import Platform
import SubbufferSource

/// Measures the freshness on all live back ends, their trials in an order drawn from the seed.
///
/// Models are not measured, and nothing is where reader and producer have one CPU: the reader would wait for the producer,
/// which never sleeps.
struct FreshnessRun {
  /// The extent of the measurement.
  let extent: FreshnessExtent
  /// The seed of the orders.
  let seed: UInt64
  /// On which CPUs the producers and the caller are.
  let placement: CPUPlacement
  /// Called with each trial before it is made.
  let progress: @Sendable (StudyProgress) -> Void

  /// A ring buffer of a back end that trials are made on.
  private struct Subject {
    var backend: any StudiedBackend
    var plan: FreshnessPoint.Plan
    /// The results, trial by trial.
    var measured: [FreshnessPoint: [(ages: FreshnessAges, counts: FreshnessCounts)]] = [:]
  }

  /// The time that it takes, in seconds, about: what the rates give.
  /// - Parameter ringSeconds: what it takes to make, read and remove one ring buffer, by back end.
  func seconds(on backends: [any StudiedBackend], ringSeconds: [String: Double]) -> Double {
    subjects(backends).reduce(0) { sum, subject in
      let writing = subject.plan.points.reduce(0) {
        $0 + Double($1.load(extent, on: subject.backend).count) / Double($1.rate)
      }
      return sum + Double(extent.trials) * ((ringSeconds[subject.backend.name] ?? 0) + writing)
    }
  }

  private func subjects(_ backends: [any StudiedBackend]) -> [Subject] {
    guard placement.reader != placement.producer else { return [] }
    return backends.filter(\.isLive).flatMap { backend in
      FreshnessPoint.Plan.all(backend, extent).map { Subject(backend: backend, plan: $0) }
    }
  }

  /// Measures, and adds what was measured to the findings.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  func callAsFunction(on backends: [any StudiedBackend], _ findings: inout StudyFindings) throws(SourceError) {
    var generator = SeededGenerator(seed: seed)
    var subjects = subjects(backends)
    var place = 0
    for round in 1...max(1, extent.trials) {
      for index in subjects.indices.shuffled(using: &generator) {
        place += 1
        let (backend, plan) = (subjects[index].backend, subjects[index].plan)
        progress(StudyProgress(backend: backend.name, part: "delivery latency, trial \(round) of \(extent.trials)"))
        var trial = FreshnessTrial(
          on: backend, points: plan.points.shuffled(using: &generator), extent: extent, place: place)
        try findings.attempt(backend) { (_) throws(SourceError) in
          try backend.withStudiedRing(plan.configuration, &trial)
        }
        for (point, measured) in trial.measured { subjects[index].measured[point, default: []].append(measured) }
      }
    }
    findings.freshness += subjects.flatMap(rows)
  }

  /// The results on one ring buffer, in the order of the plan.
  private func rows(_ subject: Subject) -> [FreshnessResult] {
    subject.plan.points.compactMap { point in
      guard let measured = subject.measured[point] else { return nil }
      return FreshnessResult(
        backend: subject.backend.name, mode: subject.plan.configuration.mode.rawValue, reader: point.reader,
        rate: point.rate, bound: point.bound(on: subject.backend), setup: setup(point, subject),
        age: measured.compactMap(\.ages.age), youngest: measured.compactMap(\.ages.youngest),
        intended: measured.compactMap(\.ages.intended), counts: measured.map(\.counts))
    }
  }

  private func setup(_ point: FreshnessPoint, _ subject: Subject) -> [Observation] {
    let load = point.load(extent, on: subject.backend)
    return [
      Observation("sub-buffer size", subject.plan.configuration.subbufferSize),
      Observation("sub-buffers", subject.plan.configuration.subbufferCount),
      Observation("bytes of an event", subject.backend.eventSize(payload: FreshnessPoint.payload)),
      Observation("events of a full sub-buffer", FreshnessPoint.eventsOfSubbuffer(subject.backend)),
      Observation("events before those recorded", load.lead),
      Observation("events recorded in a trial", load.recorded),
      Observation("events behind them", load.runOut),
    ]
  }
}
