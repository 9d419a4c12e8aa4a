import Results
import SubbufferSource
import Workload

/// One trial: the writer of one ring buffer under every condition.
struct WriterOverheadTrial: StudiedRingVisitor {
  let configuration: RingConfiguration
  let order: WriterOverheadOrder
  /// The number of events timed under each condition.
  let events: Int
  /// The number of events that fit into a sub-buffer.
  let eventsOfSubbuffer: Int
  let place: Int
  /// The results by condition.
  var measured: [WriterCondition: WriterOverheadMeasure] = [:]
  /// The writer's call.
  private(set) var call = ""

  init(
    _ configuration: RingConfiguration, _ order: WriterOverheadOrder, events: Int, eventsOfSubbuffer: Int, place: Int
  ) {
    self.configuration = configuration
    self.order = order
    self.events = events
    self.eventsOfSubbuffer = eventsOfSubbuffer
    self.place = place
  }

  /// As many events as go around the ring buffer, the reader's sub-buffer included.
  var lap: Int { (configuration.subbufferCount + 2) * eventsOfSubbuffer }

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    guard let ring = ring as? any TimedRing else {
      throw SourceError(
        .usage, call: "time the writer", detail: "the producer of this ring buffer does not measure its writes")
    }
    call = ring.writeCall
    let writer = TimedWriter(ring.timedProducer)
    // The first timed load maps the memory for the times, and is the first to run that code.
    _ = try writer.start(1_000)
    _ = try writer.awaitEnd()
    var reader = WriterOverheadReader(trial: self, writer: writer, ring: ring)
    try ring.withSource(&reader)
    measured = reader.trial.measured
    for condition in order.behind {
      let (truth, first) = try write(condition, writer)
      guard configuration.mode == .discard, condition != .noWrite else {
        keep(condition, truth, nil, ring)
        continue
      }
      // The events already taken are those in the ring buffer now.
      var drain = WriterOverheadDrain(DeliveredEvents(first: first, count: events))
      try ring.withSource(&drain)
      keep(condition, truth, drain.delivered, ring)
    }
  }

  /// Writes a load without a reader.
  private func write(
    _ condition: WriterCondition, _ writer: TimedWriter
  ) throws(SourceError) -> (truth: Truth, first: UInt64) {
    if configuration.mode == .overwrite { try writer.fill(lap) }
    let first = try writer.start(events, writes: condition != .noWrite)
    guard condition == .busyCPU else { return (try writer.awaitEnd(), first) }
    while true {
      if let truth = try writer.truthNow() { return (truth, first) }
    }
  }

  /// Keeps the result under a condition whose end was just reported.
  mutating func keep(
    _ condition: WriterCondition, _ truth: Truth, _ delivered: DeliveredEvents?, _ ring: any TimedRing
  ) {
    measured[condition] = WriterOverheadMeasure(
      ring.timedProducer.times(events), truth, delivered: delivered, tellsWriter: ring.tellsWriter,
      mode: configuration.mode, place: place)
  }
}

/// The result of one trial under one condition.
struct WriterOverheadMeasure {
  var produced: UInt64
  var delivered: UInt64?
  var refused: UInt64?
  var wakeups: UInt64?
  var service: Trial?
  var serviceOfRefused: Trial?
  var response: Trial?

  /// Sorts the times of a load.
  /// - Parameters:
  ///   - truth: what the writer wrote.
  ///   - delivered: what a reader was handed out of it; `nil` where nobody read it.
  ///   - mode: in discard mode an event that was not delivered, where somebody read what was there, was refused, also
  ///     where the ABI does not tell the writer.
  init(
    _ times: [EventTime], _ truth: Truth, delivered: DeliveredEvents?, tellsWriter: Bool,
    mode: RingMode, place: Int
  ) {
    var service = LatencySamples()
    var refused = LatencySamples()
    var response = LatencySamples()
    for (index, time) in times.enumerated() {
      response.record(time.response)
      let isTaken = mode == .discard ? delivered?[index] ?? true : !time.isRefused
      if isTaken { service.record(time.service) } else { refused.record(time.service) }
    }
    produced = truth.produced
    self.delivered = delivered.map { UInt64($0.count) }
    self.refused = tellsWriter ? truth.refused : nil
    self.service = service.take(place: place)
    serviceOfRefused = refused.take(place: place)
    self.response = response.take(place: place)
  }
}

extension WriterOverheadResult {
  /// Adds a trial.
  mutating func add(_ measure: WriterOverheadMeasure) {
    produced += measure.produced
    if let more = measure.delivered { delivered = (delivered ?? 0) + more }
    if let more = measure.refused { refused = (refused ?? 0) + more }
    if let more = measure.wakeups { wakeups = (wakeups ?? 0) + more }
    if let trial = measure.service { service.append(trial) }
    if let trial = measure.serviceOfRefused { serviceOfRefused.append(trial) }
    if let trial = measure.response { response.append(trial) }
  }
}

/// The order of the conditions in one trial.
///
/// A ring buffer is opened by a reader once while it waits, since LTTng's stream cannot be waited for by a second one.
/// So the conditions with a reader follow each other, and those without lie after them: LTTng-UST's stream is opened
/// with the channel, and its writer wakes who has it open with each sub-buffer (`active_readers`,
/// lib_ring_buffer_check_deliver_slow of lttng-ust), whether or not that one reads.
struct WriterOverheadOrder: Sendable, Equatable {
  /// The conditions while a reader has the ring buffer open.
  var reader: [WriterCondition]
  /// The conditions after it was closed.
  var behind: [WriterCondition]

  /// Draws an order.
  init(_ conditions: [WriterCondition], using generator: inout SeededGenerator) {
    reader = conditions.filter(\.hasReader).shuffled(using: &generator)
    behind = conditions.filter { !$0.hasReader }.shuffled(using: &generator)
  }
}
