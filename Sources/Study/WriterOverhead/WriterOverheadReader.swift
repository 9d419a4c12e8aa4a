import Platform
import Results
import SubbufferSource
import Workload

/// The reader's part in a trial, from its opening to its closing.
struct WriterOverheadReader: SourceVisitor {
  var trial: WriterOverheadTrial
  let writer: TimedWriter
  let ring: any TimedRing

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    // Every sub-buffer is touched before anything is timed.
    try writer.fill(trial.lap)
    var drain = WriterOverheadDrain(DeliveredEvents(first: 0, count: 0))
    try drain.all(&source)
    for condition in trial.order.reader where isPossible(condition) {
      try measure(condition, &source)
    }
  }

  private func isPossible(_ condition: WriterCondition) -> Bool {
    switch condition {
    case .waitingForSubbuffer: ring.wakeups.contains(.fullSubbuffer)
    case .waitingForEvent: ring.wakeups.contains(.event)
    default: true
    }
  }

  private mutating func measure<Source: SubbufferSource & ~Copyable>(
    _ condition: WriterCondition, _ source: inout Source
  ) throws(SourceError) {
    // A reader that does not drain makes the writer overwrite; one that drains leaves it room.
    let isFull = trial.configuration.mode == .overwrite && (condition == .idle || condition == .holding)
    if isFull { try writer.fill(trial.lap) }
    if condition == .holding, !isFull { try writer.fill(2 * trial.eventsOfSubbuffer) }
    if condition == .waitingForSubbuffer { try ring.wake(upon: .fullSubbuffer) }
    if condition == .waitingForEvent { try ring.wake(upon: .event) }
    var drain = WriterOverheadDrain(DeliveredEvents(first: writer.next, count: trial.events))
    let truth: Truth
    var wakeups: UInt64 = 0
    switch condition {
    case .holding: truth = try hold(&source)
    case .polling: truth = try poll(&source, &drain)
    case .waitingForSubbuffer, .waitingForEvent: truth = try wait(&source, &drain, &wakeups)
    default:
      _ = try writer.start(trial.events)
      truth = try writer.awaitEnd()
    }
    try drain.all(&source)
    trial.keep(condition, truth, drain.delivered, ring)
    if condition == .waitingForSubbuffer || condition == .waitingForEvent {
      trial.measured[condition]?.wakeups = wakeups
      // A wake-up that nobody waits for may cost the writer time, too.
      try ring.wake(upon: nil)
    }
  }

  private func hold<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) -> Truth {
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      _ = try writer.start(trial.events)
      let truth = try writer.awaitEnd()
      try subbuffer.release()
      return truth
    case .nothingYet: break
    case .finished: break
    }
    throw SourceError(call: "acquire, to hold a sub-buffer", detail: "the ring buffer was empty")
  }

  private func poll<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ drain: inout WriterOverheadDrain
  ) throws(SourceError) -> Truth {
    _ = try writer.start(trial.events)
    while true {
      _ = try drain.one(&source)
      if let truth = try writer.truthNow() { return truth }
    }
  }

  private func wait<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ drain: inout WriterOverheadDrain, _ wakeups: inout UInt64
  ) throws(SourceError) -> Truth {
    _ = try writer.start(trial.events)
    while true {
      if try source.wait(10) == .ready { wakeups += 1 }
      while try drain.one(&source) {}
      if let truth = try writer.truthNow() { return truth }
    }
  }
}

/// Takes sub-buffers, and notes which events are in them.
struct WriterOverheadDrain: SourceVisitor {
  private(set) var delivered: DeliveredEvents

  init(_ delivered: DeliveredEvents) {
    self.delivered = delivered
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    try all(&source)
  }

  /// Takes all there is, the partial sub-buffer too.
  /// - Throws: ``SourceError``, of kind `malformed` where an event came twice.
  mutating func all<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try one(&source) {}
    _ = try source.flush()
    while try one(&source) {}
    try delivered.check()
  }

  /// Takes one sub-buffer.
  /// - Returns: whether there was one.
  mutating func one<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) -> Bool {
    let decoder = source.decoder
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      do {
        try decoder.forEachSequenceNumber(in: subbuffer) { delivered.add($0) }
      } catch {
        throw SourceError(error)
      }
      try subbuffer.release()
      return true
    case .nothingYet: return false
    case .finished: return false
    }
  }
}

/// The events of a load that a reader was handed out.
struct DeliveredEvents {
  private let first: UInt64
  private var isDelivered: [Bool]
  /// The first that came a second time.
  private(set) var repeated: UInt64?

  /// None yet, of N events.
  init(first: UInt64, count: Int) {
    self.first = first
    isDelivered = [Bool](repeating: false, count: count)
  }

  /// The number of events handed out.
  var count: Int { isDelivered.count(where: \.self) }

  /// `true` if the event at a place in the load was handed out.
  subscript(index: Int) -> Bool { isDelivered[index] }

  /// Notes one; events of other loads are passed over.
  mutating func add(_ sequence: UInt64) {
    guard sequence >= first, sequence - first < UInt64(isDelivered.count) else { return }
    let index = Int(sequence - first)
    if isDelivered[index], repeated == nil { repeated = sequence }
    isDelivered[index] = true
  }

  /// Refuses what came twice: a distribution over it would be of nothing.
  /// - Throws: ``SourceError`` of kind `malformed`.
  func check() throws(SourceError) {
    if let repeated {
      throw SourceError(.malformed, call: "drain", detail: "event \(repeated) was handed out twice")
    }
  }
}

/// The writer's part in a trial: the loads that it is given, and the checks whether they are written.
final class TimedWriter {
  let producer: any TimedProducer
  private(set) var next: UInt64 = 0
  /// When it is asked next. Asking is a system call, and a reader that drains has none to spare.
  private var nextLook: UInt64 = 0

  init(_ producer: any TimedProducer) {
    self.producer = producer
  }

  /// Writes N events as fast as it goes, untimed, and waits for the end.
  func fill(_ events: Int) throws(SourceError) {
    _ = try producer.write(Load(first: next, count: UInt64(events), payload: WriterOverheadExtent.payload))
    next += UInt64(events)
  }

  /// Begins to write N events to the schedule.
  /// - Returns: the first of them.
  func start(_ events: Int, writes: Bool = true) throws(SourceError) -> UInt64 {
    let first = next
    try producer.start(
      TimedLoad(
        first: first, count: events, payload: WriterOverheadExtent.payload, rate: WriterOverheadExtent.rate,
        writes: writes))
    if writes { next += UInt64(events) }
    nextLook = 0
    return first
  }

  /// Sleeps until all is written.
  func awaitEnd() throws(SourceError) -> Truth {
    while true {
      try Interruption.check()
      if let truth = try producer.truth(within: 100) { return truth }
    }
  }

  /// The producer's report of a load that has ended; checks at most once per millisecond.
  func truthNow() throws(SourceError) -> Truth? {
    let now = MonotonicClock.now()
    guard now >= nextLook else { return nil }
    nextLook = now + 1_000_000
    try Interruption.check()
    return try producer.truth(within: 0)
  }
}
