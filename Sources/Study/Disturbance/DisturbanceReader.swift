import SubbufferSource
import Workload

/// The reader's part in a trial, from its opening to its closing.
struct DisturbanceReader: SourceVisitor {
  var trial: DisturbanceTrial
  let writer: TimedWriter
  let ring: any TimedRing

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    // Every sub-buffer is touched before anything is timed.
    try writer.fill(trial.lap)
    var drain = DisturbanceDrain(DeliveredEvents(first: 0, count: 0))
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
    var drain = DisturbanceDrain(DeliveredEvents(first: writer.next, count: trial.events))
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
    _ source: inout Source, _ drain: inout DisturbanceDrain
  ) throws(SourceError) -> Truth {
    _ = try writer.start(trial.events)
    while true {
      _ = try drain.one(&source)
      if let truth = try writer.truthNow() { return truth }
    }
  }

  private func wait<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ drain: inout DisturbanceDrain, _ wakeups: inout UInt64
  ) throws(SourceError) -> Truth {
    _ = try writer.start(trial.events)
    while true {
      if try source.wait(10) == .ready { wakeups += 1 }
      while try drain.one(&source) {}
      if let truth = try writer.truthNow() { return truth }
    }
  }
}
