import Platform
import SubbufferSource

/// Times the writers of all live back ends while a reader does one thing or another, their trials in an order drawn from
/// the seed.
struct DisturbanceRun {
  /// The extent of the measurement.
  let extent: DisturbanceExtent
  /// The seed of the orders.
  let seed: UInt64
  /// On which CPUs the producers and the caller are. With one for both nothing is measured: a reader would be the writer's
  /// rival for the CPU.
  let placement: CPUPlacement
  /// Called with each trial before it is made.
  let progress: @Sendable (StudyProgress) -> Void

  /// A back end in one mode.
  private struct Subject {
    var backend: any StudiedBackend
    var configuration: RingConfiguration
    var rows: [WriterCondition: DisturbanceResult] = [:]
  }

  /// The time that it takes, in seconds, about.
  /// - Parameter ringSeconds: what it takes to make, read and remove one ring buffer, by back end.
  func seconds(on backends: [any StudiedBackend], ringSeconds: [String: Double]) -> Double {
    subjects(backends).reduce(0) { sum, subject in
      let events = Double(extent.events(subject.configuration, subject.backend))
      let condition = events / Double(DisturbanceExtent.rate) + events * UnitCost.event
      let trial = (ringSeconds[subject.backend.name] ?? 0) + Double(extent.conditions.count) * condition
      return sum + Double(extent.trials) * trial
    }
  }

  private func subjects(_ backends: [any StudiedBackend]) -> [Subject] {
    guard placement.reader != placement.producer else { return [] }
    return backends.filter(\.isLive).flatMap { backend in
      extent.modes.map {
        Subject(
          backend: backend, configuration: DisturbanceExtent.configuration($0, producerCPU: backend.producerCPU))
      }
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
        let (backend, configuration) = (subjects[index].backend, subjects[index].configuration)
        progress(StudyProgress(backend: backend.name, part: "writer, trial \(round) of \(extent.trials)"))
        var trial = DisturbanceTrial(
          configuration, DisturbanceOrder(extent.conditions, using: &generator),
          events: extent.events(configuration, backend),
          eventsOfSubbuffer: DisturbanceExtent.eventsOfSubbuffer(backend), place: place)
        try findings.attempt(backend) { (_) throws(SourceError) in
          try backend.withStudiedRing(configuration, &trial)
        }
        for (condition, measure) in trial.measured {
          let empty = row(subjects[index], condition, trial.call)
          subjects[index].rows[condition, default: empty].add(measure)
        }
      }
    }
    findings.disturbance += subjects.flatMap { subject in
      WriterCondition.allCases.compactMap { subject.rows[$0] }
    }
  }

  private func row(_ subject: Subject, _ condition: WriterCondition, _ call: String) -> DisturbanceResult {
    let (backend, configuration) = (subject.backend, subject.configuration)
    return DisturbanceResult(
      backend: backend.name, mode: configuration.mode.rawValue, condition: condition, call: call,
      setup: [
        Observation("sub-buffer size", configuration.subbufferSize),
        Observation("sub-buffers", configuration.subbufferCount),
        Observation("bytes of an event", backend.eventSize(payload: DisturbanceExtent.payload)),
        Observation("events of a sub-buffer", DisturbanceExtent.eventsOfSubbuffer(backend)),
        Observation("events a second", DisturbanceExtent.rate),
        Observation("events of a trial", extent.events(configuration, backend)),
      ])
  }
}
