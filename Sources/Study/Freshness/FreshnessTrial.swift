import Glibc
import Platform
import SubbufferSource
import Workload

/// One trial: every point of a plan on one ring buffer, each read while the producer writes at its rate.
struct FreshnessTrial: StudiedRingVisitor, SourceVisitor {
  private let backend: any StudiedBackend
  private let extent: FreshnessExtent
  private let points: [FreshnessPoint]
  private let place: Int
  private var producer: (any LoadProducer)?
  private var nextSequence: UInt64 = 0

  /// The results at each point.
  private(set) var measured: [FreshnessPoint: (ages: FreshnessAges, counts: FreshnessCounts)] = [:]

  /// A trial.
  /// - Parameters:
  ///   - points: those of the plan, in the order in which they are measured.
  ///   - place: its place among all trials, from 1 on.
  init(on backend: any StudiedBackend, points: [FreshnessPoint], extent: FreshnessExtent, place: Int) {
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
    _ point: FreshnessPoint, _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    let events = point.load(extent, on: backend)
    let load = Load(
      first: nextSequence, count: events.count, payload: FreshnessPoint.payload, rate: point.rate, pacing: .spin)
    nextSequence += events.count
    let record = FreshnessRecord(first: load.first + events.lead, count: events.recorded)
    var reading = FreshnessReading(reader: point.reader, producer: producer, record: record)
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
