import Glibc
import Histogram
import Platform
import Results
import SubbufferSource
import Workload

/// One trial: every point of a plan on one ring buffer, by one way of reading after the other.
///
/// The caller alternates the trials of the back ends, so that what the machine does meanwhile meets all of them.
struct LatencyTrial: StudiedRingVisitor, SourceVisitor {
  private let backend: any StudiedBackend
  private let configuration: RingConfiguration
  private let extent: LatencyExtent
  private let points: [LatencyPoint]
  private let placement: CPUPlacement
  private let readers: [String]
  private let place: Int
  private let isUsual: Bool
  /// Once for each back end is enough: none of them depends on the ring buffer's mode or shape.
  private let hasGetters: Bool
  /// The way of reading that is measured.
  private var reader = LatencyResult.studiedReader
  private var producer: (any LoadProducer)?
  private var nextSequence: UInt64 = 0

  private var acquire = LatencySamples()
  private var release = LatencySamples()
  private var both = LatencySamples()
  private var wait = LatencySamples()
  private var flush = LatencySamples()

  /// The results by subject.
  private(set) var measured: [LatencyKey: Trial] = [:]
  /// The results of the getters.
  private(set) var getters: [(getter: Getter, nanoseconds: [UInt64])] = []

  /// A trial of a plan.
  /// - Parameters:
  ///   - points: those of the plan, in the order in which they are measured.
  ///   - readers: the ways of reading, in the order in which they are measured.
  ///   - place: its place among all trials, from 1 on.
  init(
    of plan: LatencyPoint.Plan, on backend: any StudiedBackend, points: [LatencyPoint], readers: [String],
    extent: LatencyExtent, placement: CPUPlacement, place: Int
  ) {
    self.backend = backend
    configuration = plan.configuration
    self.points = points
    isUsual = plan.isUsual
    hasGetters = plan.isUsual && plan.configuration.mode == backend.usualMode
    self.readers = readers
    self.extent = extent
    self.placement = placement
    self.place = place
  }

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    producer = ring.producer
    defer { producer = nil }
    for name in readers {
      reader = name
      if let baseline = backend.baselines.first(where: { $0.name == name }) {
        try ring.withBaseline(baseline, &self)
      } else {
        try ring.withSource(&self)
      }
    }
    guard hasGetters else { return }
    var trial = GetterTrial(batches: extent.getterBatches)
    try ring.withGetters(&trial)
    getters = trial.measured
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    if reader == LatencyResult.studiedReader { try goRound(&source) }
    for point in points where reader == LatencyResult.studiedReader || point.isForBaselines {
      guard point.isOnProducersCPU else {
        try measure(point, &source)
        continue
      }
      try placement.pinBesideProducer()
      let result = Result { () throws(SourceError) in try measure(point, &source) }
      try placement.pinReader()
      try result.get()
    }
  }

  /// Takes each sub-buffer once: what the reader touches for the first time may have to be brought into its mapping, which
  /// is not to be part of what is measured later.
  private mutating func goRound<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    let point = LatencyPoint.firstTime(configuration)
    // The writer's sub-buffers, and then some: the reader's own, where there is one, comes after them.
    try fillAndDrain(point, &source, warmup: 0, rounds: 2)
    let trials = (acquire.take(place: place), release.take(place: place), both.take(place: place))
    try fillAndDrain(point, &source, warmup: 1, rounds: 0)
    guard isUsual else { return }
    keep(trials.0, point, .acquire)
    keep(trials.1, point, .release)
    keep(trials.2, point, .acquireAndRelease)
  }

  private mutating func measure<Source: SubbufferSource & ~Copyable>(
    _ point: LatencyPoint, _ source: inout Source
  ) throws(SourceError) {
    switch point.filling {
    case .full: try fillAndDrain(point, &source, warmup: extent.warmup, rounds: extent.rounds(point))
    case .partial(let events):
      // A source that neither hands it out as it is nor ends it would hand out something else: the rest of a sub-buffer
      // that another reader had begun.
      guard source.capabilities.contains(.partialVisibility) || backend.calls(ofReader: reader).flush != nil else {
        return
      }
      try measurePartial(events, point, &source)
    }
    keep(acquire.take(place: place), point, .acquire)
    keep(release.take(place: place), point, .release)
    keep(both.take(place: place), point, .acquireAndRelease)
    keep(flush.take(place: place), point, .flush)
    // The cost of finding nothing does not depend on what was read before.
    guard point.growth == nil else { return }
    try findNothing(&source)
    keep(acquire.take(place: place), point, .acquire, hasData: false)
    keep(wait.take(place: place), point, .wait, hasData: false)
  }

  private mutating func keep(
    _ trial: Trial?, _ point: LatencyPoint, _ operation: LatencyOperation, hasData: Bool = true
  ) {
    if let trial { measured[LatencyKey(reader: reader, point: point, operation: operation, hasData: hasData)] = trial }
  }

  /// Fills some sub-buffers, and drains them, N times; the first of them are not recorded.
  private mutating func fillAndDrain<Source: SubbufferSource & ~Copyable>(
    _ point: LatencyPoint, _ source: inout Source, warmup: Int, rounds: Int
  ) throws(SourceError) {
    let eventSize = backend.eventSize(payload: point.payload)
    let room = configuration.subbufferSize - backend.headerSize
    // No further event fits in; the kernel counts what is left as padding.
    let whole = room - eventSize + 1...room
    let events = point.eventsHandedOver(configuration, backend) * point.subbuffersAtATime
    for round in 0..<warmup + rounds {
      try write(UInt64(events), point)
      _ = try source.flush()
      try drain(&source, recording: round >= warmup, bytes: whole)
    }
  }

  /// Writes some events, ends the sub-buffer where the ABI holds it back, and takes it.
  private mutating func measurePartial<Source: SubbufferSource & ~Copyable>(
    _ events: Int, _ point: LatencyPoint, _ source: inout Source
  ) throws(SourceError) {
    let bytes = events * backend.eventSize(payload: point.payload)
    for index in 0..<extent.warmup + extent.rounds(point) {
      try write(UInt64(events), point)
      // The reader has slept until now: its CPU wakes up.
      let awake = MonotonicClock.now() + 20_000
      while MonotonicClock.now() < awake {}
      let begin = MonotonicClock.now()
      let flushed = try source.flush()
      let end = MonotonicClock.now()
      if index >= extent.warmup, flushed == .flushed { flush.record(end - begin) }
      try drain(&source, recording: index >= extent.warmup, bytes: bytes...bytes)
    }
  }

  private mutating func write(_ events: UInt64, _ point: LatencyPoint) throws(SourceError) {
    _ = try producer?.write(Load(first: nextSequence, count: events, payload: point.payload))
    nextSequence += events
  }

  /// Takes sub-buffers until there is none.
  /// - Parameter bytes: of events that are handed out, where the hand-over is recorded; others are passed over.
  private mutating func drain<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, recording: Bool, bytes: ClosedRange<Int>
  ) throws(SourceError) {
    let hasRelease = backend.calls(ofReader: reader).release != nil
    while true {
      let begin = MonotonicClock.now()
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        let acquired = MonotonicClock.now()
        let isMeant = bytes.contains(subbuffer.unreadCount)
        try subbuffer.release()
        let released = MonotonicClock.now()
        if recording, isMeant {
          acquire.record(acquired - begin)
          if hasRelease { release.record(released - acquired) }
          both.record(released - begin)
        }
      case .nothingYet: return
      case .finished: return
      }
    }
  }

  private mutating func findNothing<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) {
    for _ in 0..<extent.empty {
      let begin = MonotonicClock.now()
      switch try source.acquire() {
      case .subbuffer(let subbuffer): try subbuffer.release()
      case .nothingYet: acquire.record(MonotonicClock.now() - begin)
      case .finished: break
      }
    }
    for _ in 0..<extent.empty {
      let begin = MonotonicClock.now()
      if try source.wait(0) == .timedOut {
        wait.record(MonotonicClock.now() - begin)
      } else {
        // A byte in LTTng's pipe, of a sub-buffer that was taken without waiting: there is nothing, and it has to be seen.
        _ = try source.withNext { (_) in }
      }
    }
  }
}

/// The samples of one operation in one trial, in nanoseconds.
public struct LatencySamples {
  /// 10 s; a sample beyond it is counted apart.
  static let highest: UInt64 = 10_000_000_000
  /// The number of significant decimal digits that a bucket keeps.
  static let significantDigits = 3

  private var histogram: Histogram<UInt64>
  private var outOfRange: UInt64 = 0
  private var minimum = UInt64.max
  private var maximum: UInt64 = 0

  /// No samples.
  public init() { self.init(digits: .three) }

  /// No samples, in buckets that keep N significant decimal digits.
  init(digits: SignificantDigits) {
    histogram = Histogram(
      highestTrackableValue: LatencySamples.highest, numberOfSignificantValueDigits: digits)
  }

  /// Records one sample.
  public mutating func record(_ nanoseconds: UInt64) {
    guard histogram.record(nanoseconds) else {
      outOfRange += 1
      return
    }
    minimum = min(minimum, nanoseconds)
    maximum = max(maximum, nanoseconds)
  }

  /// The samples recorded since the last call, as a trial; `nil` without a sample.
  public mutating func take(place: Int) -> Trial? {
    defer {
      histogram.reset()
      (outOfRange, minimum, maximum) = (0, .max, 0)
    }
    // A bucket's upper end may lie above the largest sample.
    let buckets = histogram.recordedValues().map {
      Distribution.Bucket(nanoseconds: min($0.value, maximum), count: $0.count)
    }
    return Distribution(buckets).map {
      Trial(place: place, outOfRange: outOfRange, minimum: minimum, maximum: maximum, distribution: $0)
    }
  }
}

extension LatencySamples {
  /// The cost of recording a sample, in nanoseconds: the mean over many values like those measured.
  static func recordOverhead() -> Double {
    var samples = LatencySamples()
    let count: UInt64 = 100_000
    let begin = MonotonicClock.now()
    for sample in 0..<count { samples.record(200 + sample % 1_000) }
    return Double(MonotonicClock.now() - begin) / Double(count)
  }
}

/// Times the getters of one ring buffer, many calls at a time.
struct GetterTrial: GetterVisitor {
  /// The number of times that the calls of a getter are timed.
  let batches: Int
  /// The times of each getter, in nanoseconds, in the order in which they came.
  private(set) var measured: [(getter: Getter, nanoseconds: [UInt64])] = []

  init(batches: Int) {
    self.batches = batches
  }

  mutating func visit(_ getter: Getter, _ call: (Int) throws(SourceError) -> Void) throws(SourceError) {
    // Once for the caches.
    try call(getter.calls)
    var nanoseconds: [UInt64] = []
    for _ in 0..<batches {
      let begin = MonotonicClock.now()
      try call(getter.calls)
      nanoseconds.append(MonotonicClock.now() - begin)
    }
    measured.append((getter, nanoseconds))
  }
}

/// CLOCK_MONOTONIC, the clock of the producers and of both ring buffers.
public enum MonotonicClock {
  /// Now, in nanoseconds.
  @inline(__always)
  public static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }

  /// The median time between two readings of the clock with nothing between them, in nanoseconds.
  static func overhead() -> UInt64 {
    let samples = (0..<10_001).map { _ in
      let before = now()
      return now() - before
    }
    return samples.sorted()[samples.count / 2]
  }
}
