import Glibc
import Platform
import Results
import SubbufferSource
import Workload

/// The delivery latency on all live back ends.
///
/// Models are not measured, and nothing is if reader and producer have one CPU: the reader would wait for the producer,
/// which never sleeps.
struct DeliveryLatencyExperiment: Experiment {
  static let name = "delivery latency"

  /// The extent of the measurement.
  let extent: DeliveryLatencyExtent
  /// The CPUs of the producers and the caller.
  let placement: CPUPlacement

  var trials: Int { extent.trials }

  /// A ring buffer of a back end that trials are made on.
  struct Subject: ExperimentSubject {
    let backend: any StudiedBackend
    let plan: DeliveryLatencyPoint.Plan
    /// The results, trial by trial.
    var measured: [DeliveryLatencyPoint: [(ages: DeliveryLatencyAges, counts: DeliveryLatencyCounts)]] = [:]

    var configuration: RingConfiguration { plan.configuration }
  }

  func subjects(on backends: [any StudiedBackend]) -> [Subject] {
    guard placement.reader != placement.producer else { return [] }
    return backends.filter(\.isLive).flatMap { backend in
      DeliveryLatencyPoint.Plan.all(backend, extent).map { Subject(backend: backend, plan: $0) }
    }
  }

  func seconds(ofTrialOn subject: Subject) -> Double {
    subject.plan.points.reduce(0) { $0 + Double($1.load(extent, on: subject.backend).count) / Double($1.rate) }
  }

  func trial(on subject: Subject, place: Int, using generator: inout SeededGenerator) -> DeliveryLatencyTrial {
    DeliveryLatencyTrial(
      on: subject.backend, points: subject.plan.points.shuffled(using: &generator), extent: extent, place: place)
  }

  func keep(_ trial: DeliveryLatencyTrial, place: Int, in subject: inout Subject) {
    for (point, measured) in trial.measured { subject.measured[point, default: []].append(measured) }
  }

  func record(_ subjects: [Subject], in findings: inout StudyFindings) {
    findings.deliveryLatency += subjects.flatMap(rows)
  }

  /// The results on one ring buffer, in the order of the plan.
  private func rows(_ subject: Subject) -> [DeliveryLatencyResult] {
    subject.plan.points.compactMap { point in
      guard let measured = subject.measured[point] else { return nil }
      return DeliveryLatencyResult(
        backend: subject.backend.name, mode: subject.plan.configuration.mode, reader: point.reader,
        rate: point.rate, bound: point.bound(on: subject.backend), setup: setup(point, subject),
        age: measured.compactMap(\.ages.age), youngest: measured.compactMap(\.ages.youngest),
        intended: measured.compactMap(\.ages.intended), counts: measured.map(\.counts))
    }
  }

  private func setup(_ point: DeliveryLatencyPoint, _ subject: Subject) -> [Observation] {
    let load = point.load(extent, on: subject.backend)
    return [
      Observation("sub-buffer size", subject.plan.configuration.subbufferSize),
      Observation("sub-buffers", subject.plan.configuration.subbufferCount),
      Observation("bytes of an event", subject.backend.eventSize(payload: DeliveryLatencyPoint.payload)),
      Observation("events of a full sub-buffer", DeliveryLatencyPoint.eventsOfSubbuffer(subject.backend)),
      Observation("events before those recorded", load.lead),
      Observation("events recorded in a trial", load.recorded),
      Observation("events behind them", load.runOut),
    ]
  }
}

/// The extent of the measurement of delivery latency.
public struct DeliveryLatencyExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The rates that are offered, in events a second.
  var rates: [UInt64]
  /// For how long events are recorded at a point, at least, in nanoseconds.
  var window: UInt64
  /// A point at which an event may wait longer than this by design, in nanoseconds, is left out.
  var longest: UInt64
  /// `true` if readers that leave partial sub-buffers to the writer are measured beside those that end them.
  var unflushed: Bool
  /// `true` if a polling reader is measured where it would have to end partial sub-buffers, which no consumer does.
  var pollsWithFlush = true
  /// The periods of readers that look by a timer of their own, in nanoseconds.
  var periods: [UInt64]
  /// The periods of the ABI's own timer, in microseconds.
  var switchTimers: [UInt32]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    switch profile {
    case .quick:
      (trials, rates, window, longest) = (5, [10_000, 100_000], 20_000_000, 20_000_000)
      (unflushed, periods, switchTimers) = (false, [1_000_000], [1_000])
      pollsWithFlush = false
    case .standard:
      (trials, rates, window, longest) = (10, [1_000, 10_000, 100_000], 50_000_000, 150_000_000)
      (unflushed, periods, switchTimers) = (true, [1_000_000, 10_000_000], [1_000, 10_000])
    case .thorough:
      (trials, rates, window, longest) = (20, [1_000, 10_000, 100_000, 300_000], 50_000_000, 700_000_000)
      (unflushed, periods, switchTimers) = (true, [1_000_000, 10_000_000], [1_000, 10_000])
    }
  }
}

/// One trial: every point of a plan on one ring buffer, each read while the producer writes at its rate.
struct DeliveryLatencyTrial: StudiedRingVisitor, SourceVisitor {
  private let backend: any StudiedBackend
  private let extent: DeliveryLatencyExtent
  private let points: [DeliveryLatencyPoint]
  private let place: Int
  private var producer: (any LoadProducer)?
  private var nextSequence: UInt64 = 0

  /// The results at each point.
  private(set) var measured: [DeliveryLatencyPoint: (ages: DeliveryLatencyAges, counts: DeliveryLatencyCounts)] = [:]

  /// A trial.
  /// - Parameters:
  ///   - points: those of the plan, in the order in which they are measured.
  ///   - place: its place among all trials, from 1 on.
  init(on backend: any StudiedBackend, points: [DeliveryLatencyPoint], extent: DeliveryLatencyExtent, place: Int) {
    self.backend = backend
    self.points = points
    self.extent = extent
    self.place = place
  }

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    producer = ring.producer
    defer { producer = nil }
    try ring.withSource(&self)
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    guard let producer else { return }
    for point in points {
      if let wake = point.reader.wake {
        let told = try control(wake, &source)
        guard told == ErrnoName.result(0) else { throw SourceError(call: wake.rawValue, detail: told) }
      }
      try measure(point, &source, producer)
    }
  }

  private mutating func measure<Source: SubbufferSource & ~Copyable>(
    _ point: DeliveryLatencyPoint, _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    let events = point.load(extent, on: backend)
    let load = Load(
      first: nextSequence, count: events.count, payload: DeliveryLatencyPoint.payload, rate: point.rate, pacing: .spin)
    nextSequence += events.count
    let record = DeliveryLatencyRecord(first: load.first + events.lead, count: events.recorded)
    var reading = DeliveryLatencyReading(reader: point.reader, producer: producer, record: record)
    try reading.read(load, &source)
    let truth = try reading.finish(&source)
    var counts = reading.counts
    counts.place = place
    counts.events = events.recorded
    let ages = reading.record.ages(load, begin: truth.begin, place: place)
    counts.ahead = ages.ahead
    measured[point] = (ages, counts)
  }
}
