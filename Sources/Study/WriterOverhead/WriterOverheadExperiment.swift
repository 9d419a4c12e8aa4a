import Platform
import Results
import SubbufferSource

/// The times of the writers of all live back ends while a reader does one thing or another.
///
/// With one CPU for both nothing is measured: a reader would be the writer's rival for the CPU.
struct WriterOverheadExperiment: Experiment {
  static let name = "writer overhead"

  /// The extent of the measurement.
  let extent: WriterOverheadExtent
  /// The CPUs of the producers and the caller.
  let placement: CPUPlacement

  var trials: Int { extent.trials }

  /// A back end in one mode.
  struct Subject: ExperimentSubject {
    let backend: any StudiedBackend
    let configuration: RingConfiguration
    var rows: [WriterCondition: WriterOverheadResult] = [:]
  }

  func subjects(on backends: [any StudiedBackend]) -> [Subject] {
    guard placement.reader != placement.producer else { return [] }
    return backends.filter(\.isLive).flatMap { backend in
      backend.modes(of: extent.modes).map {
        Subject(
          backend: backend, configuration: WriterOverheadExtent.configuration($0, producerCPU: backend.producerCPU))
      }
    }
  }

  func seconds(ofTrialOn subject: Subject) -> Double {
    let events = Double(extent.events(subject.configuration, subject.backend))
    return Double(extent.conditions.count) * (events / Double(WriterOverheadExtent.rate) + events * UnitCost.event)
  }

  func trial(on subject: Subject, place: Int, using generator: inout SeededGenerator) -> WriterOverheadTrial {
    WriterOverheadTrial(
      subject.configuration, WriterOverheadOrder(extent.conditions, using: &generator),
      events: extent.events(subject.configuration, subject.backend),
      eventsOfSubbuffer: WriterOverheadExtent.eventsOfSubbuffer(subject.backend), place: place)
  }

  func keep(_ trial: WriterOverheadTrial, place: Int, in subject: inout Subject) {
    for (condition, measure) in trial.measured {
      let empty = row(subject, condition, trial.call)
      subject.rows[condition, default: empty].add(measure)
    }
  }

  func record(_ subjects: [Subject], in findings: inout StudyFindings) {
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
