import SubbufferSource
import Workload

/// One trial: the writer of one ring buffer under every condition.
struct DisturbanceTrial: StudiedRingVisitor {
  let configuration: RingConfiguration
  let order: DisturbanceOrder
  /// The number of events timed under each condition.
  let events: Int
  /// The number of events that fit into a sub-buffer.
  let eventsOfSubbuffer: Int
  let place: Int
  /// The results by condition.
  var measured: [WriterCondition: DisturbanceMeasure] = [:]
  /// The writer's call.
  private(set) var call = ""

  init(
    _ configuration: RingConfiguration, _ order: DisturbanceOrder, events: Int, eventsOfSubbuffer: Int, place: Int
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
    var reader = DisturbanceReader(trial: self, writer: writer, ring: ring)
    try ring.withSource(&reader)
    measured = reader.trial.measured
    for condition in order.behind {
      let (truth, first) = try write(condition, writer)
      guard configuration.mode == .discard, condition != .noWrite else {
        keep(condition, truth, nil, ring)
        continue
      }
      // The events already taken are those in the ring buffer now.
      var drain = DisturbanceDrain(DeliveredEvents(first: first, count: events))
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
    measured[condition] = DisturbanceMeasure(
      ring.timedProducer.times(events), truth, delivered: delivered, tellsWriter: ring.tellsWriter,
      mode: configuration.mode, place: place)
  }
}
