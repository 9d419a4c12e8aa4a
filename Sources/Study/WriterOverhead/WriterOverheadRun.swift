import Platform
import Results
import SubbufferSource

/// Times the writers of all live back ends while a reader does one thing or another, their trials in an order drawn from
/// the seed.
struct WriterOverheadRun {
  /// The extent of the measurement.
  let extent: WriterOverheadExtent
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
    var rows: [WriterCondition: WriterOverheadResult] = [:]
  }

  /// The time that it takes, in seconds, about.
  /// - Parameter ringSeconds: what it takes to make, read and remove one ring buffer, by back end.
  func seconds(on backends: [any StudiedBackend], ringSeconds: [String: Double]) -> Double {
    subjects(backends).reduce(0) { sum, subject in
      let events = Double(extent.events(subject.configuration, subject.backend))
      let condition = events / Double(WriterOverheadExtent.rate) + events * UnitCost.event
      let trial = (ringSeconds[subject.backend.name] ?? 0) + Double(extent.conditions.count) * condition
      return sum + Double(extent.trials) * trial
    }
  }

  private func subjects(_ backends: [any StudiedBackend]) -> [Subject] {
    guard placement.reader != placement.producer else { return [] }
    return backends.filter(\.isLive).flatMap { backend in
      extent.modes.map {
        Subject(
          backend: backend, configuration: WriterOverheadExtent.configuration($0, producerCPU: backend.producerCPU))
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
        var trial = WriterOverheadTrial(
          configuration, WriterOverheadOrder(extent.conditions, using: &generator),
          events: extent.events(configuration, backend),
          eventsOfSubbuffer: WriterOverheadExtent.eventsOfSubbuffer(backend), place: place)
        try findings.attempt(backend) { (_) throws(SourceError) in
          try backend.withStudiedRing(configuration, &trial)
        }
        for (condition, measure) in trial.measured {
          let empty = row(subjects[index], condition, trial.call)
          subjects[index].rows[condition, default: empty].add(measure)
        }
      }
    }
    findings.writerOverhead += subjects.flatMap { subject in
      WriterCondition.allCases.compactMap { subject.rows[$0] }
    }
  }

  private func row(_ subject: Subject, _ condition: WriterCondition, _ call: String) -> WriterOverheadResult {
    let (backend, configuration) = (subject.backend, subject.configuration)
    return WriterOverheadResult(
      backend: backend.name, mode: configuration.mode, condition: condition, call: call,
      setup: [
        Observation("sub-buffer size", configuration.subbufferSize),
        Observation("sub-buffers", configuration.subbufferCount),
        Observation("bytes of an event", backend.eventSize(payload: WriterOverheadExtent.payload)),
        Observation("events of a sub-buffer", WriterOverheadExtent.eventsOfSubbuffer(backend)),
        Observation("events a second", WriterOverheadExtent.rate),
        Observation("events of a trial", extent.events(configuration, backend)),
      ])
  }
}

/// The extent of the measurement of writer overhead.
public struct WriterOverheadExtent: Sendable, Equatable {
  /// The number of trials made on each back end in each mode, each on a ring buffer of its own.
  public var trials: Int
  /// The number of events of a trial that are timed under each condition; in discard mode, this number beyond the ring
  /// buffer's capacity.
  var events: Int
  /// In which modes.
  var modes: [RingMode]
  /// Under which conditions.
  var conditions: [WriterCondition]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    switch profile {
    case .quick: (trials, events, modes) = (4, 10_000, [.overwrite])
    case .standard: (trials, events, modes) = (10, 10_000, [.overwrite, .discard])
    case .thorough: (trials, events, modes) = (20, 20_000, [.overwrite, .discard])
    }
    conditions = WriterCondition.allCases.filter { profile != .quick || ($0 != .waitingForEvent && $0 != .busyCPU) }
  }

  /// Events a second: 4 µs from one to the next.
  static let rate: UInt64 = 250_000
  /// Bytes in each event besides the sequence number and its length word.
  static let payload: UInt32 = 16
  /// The size of a sub-buffer, in bytes: one event in some hundred begins one, fewer than one in a hundred and more than
  /// one in a thousand, so that they lie between p99 and p99.9.
  static let subbufferSize = 8192

  /// The ring buffer. In overwrite mode it is gone around several times; in discard mode it takes 10,000 events before it
  /// is full. Reading the clock is part of a write, so it is the same on all back ends.
  static func configuration(_ mode: RingMode, producerCPU: Int) -> RingConfiguration {
    RingConfiguration(
      mode: mode, subbufferSize: subbufferSize, subbufferCount: mode == .overwrite ? 16 : 64, producerCPU: producerCPU,
      clock: .monotonic)
  }

  /// The number of events that fit into a sub-buffer.
  static func eventsOfSubbuffer(_ backend: any StudiedBackend) -> Int {
    (subbufferSize - backend.headerSize) / backend.eventSize(payload: payload)
  }

  /// The number of events timed under a condition.
  func events(_ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    let held = configuration.subbufferCount * WriterOverheadExtent.eventsOfSubbuffer(backend)
    return configuration.mode == .discard ? held + events : events
  }
}
