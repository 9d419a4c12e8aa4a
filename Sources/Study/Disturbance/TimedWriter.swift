import Platform
import SubbufferSource
import Workload

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
    _ = try producer.write(Load(first: next, count: UInt64(events), payload: DisturbanceExtent.payload))
    next += UInt64(events)
  }

  /// Begins to write N events to the schedule.
  /// - Returns: the first of them.
  func start(_ events: Int, writes: Bool = true) throws(SourceError) -> UInt64 {
    let first = next
    try producer.start(
      TimedLoad(
        first: first, count: events, payload: DisturbanceExtent.payload, rate: DisturbanceExtent.rate, writes: writes))
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
