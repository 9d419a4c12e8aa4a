import Glibc
import Platform
import Results
import SubbufferSource
import Workload

extension DeliveryLatencyReader {
  /// The readers that a back end is read by, the one that asks most often first.
  static func all(on backend: any StudiedBackend, _ extent: DeliveryLatencyExtent) -> [DeliveryLatencyReader] {
    let hasFlush = backend.calls.flush != nil
    let flushes = !hasFlush ? [false] : extent.unflushed ? [true, false] : [true]
    let fills = RingControl.fills.filter { backend.lacks(.control($0)) == nil }
    let wakes: [RingControl?] = fills.isEmpty ? [nil] : fills
    let timers = backend.lacks(.switchTimer) == nil ? extent.switchTimers : []
    return flushes.filter { extent.pollsWithFlush || !$0 }.map { DeliveryLatencyReader(.polling, flushes: $0) }
      + wakes.map { DeliveryLatencyReader(.blocking, wake: $0) }
      + timers.map { DeliveryLatencyReader(.blocking, switchTimer: $0) }
      + extent.periods.flatMap { period in
        flushes.map { DeliveryLatencyReader(.timer, period: period, flushes: $0) }
      }
  }
}

/// One reader while its load is written: from the start of the producer to the hand-over of the last recorded event.
struct DeliveryLatencyReading {
  let reader: DeliveryLatencyReader
  let producer: any LoadProducer
  private(set) var record: DeliveryLatencyRecord
  private(set) var counts = DeliveryLatencyCounts()
  /// The producer's report, once it has ended.
  private var truth: Truth?
  /// From when on the producer may have ended.
  private var earliestEnd: UInt64 = 0

  /// It only ends a reader to which the last events are never reported.
  private static let guardTime: Milliseconds = 100

  init(reader: DeliveryLatencyReader, producer: any LoadProducer, record: DeliveryLatencyRecord) {
    self.reader = reader
    self.producer = producer
    self.record = record
  }

  /// Has the load written, and reads it until the last recorded event has come, or the producer has ended and there is
  /// nothing more that this reader would see.
  mutating func read<Source: SubbufferSource & ~Copyable>(_ load: Load, _ source: inout Source) throws(SourceError) {
    try producer.start(load)
    let cost = ThreadCost.now()
    let begin = MonotonicClock.now()
    earliestEnd = begin + load.intended(load.first + load.count)
    switch reader.waiting {
    case .polling: try poll(&source)
    case .blocking: try block(&source)
    case .timer: try lookAtTimes(from: begin, &source)
    }
    counts.nanoseconds = MonotonicClock.now() - begin
    let used = ThreadCost.now()
    counts.cpu = used.cpu - cost.cpu
    counts.sleeps = used.sleeps - cost.sleeps
    counts.preemptions = used.preemptions - cost.preemptions
    counts.seen = record.seen
  }

  /// Waits for the end of the producer, and takes what the reader has not seen, so that the next one finds nothing.
  mutating func finish<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) -> Truth {
    var truth = truth
    while truth == nil {
      try Interruption.check()
      truth = try producer.truth(within: 100)
    }
    let before = record.seen
    var left = DeliveryLatencyReading(reader: reader, producer: producer, record: record)
    _ = try source.flush()
    while try left.takeOne(&source) {}
    // The ABI may still announce what was just taken.
    while try source.wait(0) == .ready { while try left.takeOne(&source) {} }
    counts.left = left.record.seen - before
    guard left.record.repeated == 0 else {
      throw SourceError(
        .malformed, call: "acquire", detail: "\(left.record.repeated) events were handed out twice",
        remedy: "keep the results and report it")
    }
    guard let truth else { throw SourceError(call: "run", detail: "the producer still runs") }
    return truth
  }

  private mutating func poll<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while !record.isComplete {
      try Interruption.check()
      // Checked first: events written after the flush, up to the end, need another flush.
      let isEnd = try producerHasEnded()
      try flush(&source)
      if try !takeOne(&source), isEnd { return }
    }
  }

  private mutating func block<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while !record.isComplete {
      try Interruption.check()
      let isEnd = try producerHasEnded()
      let readiness = try source.wait(isEnd ? 0 : DeliveryLatencyReading.guardTime)
      counts.waits += 1
      switch readiness {
      case .ready: try drain(&source)
      case .timedOut: if isEnd { return }
      case .hungUp: throw SourceError(call: "wait", detail: "hung up, although its producer still runs")
      }
    }
  }

  private mutating func lookAtTimes<Source: SubbufferSource & ~Copyable>(
    from begin: UInt64, _ source: inout Source
  ) throws(SourceError) {
    var next = begin
    while !record.isComplete {
      try Interruption.check()
      let now = MonotonicClock.now()
      // One that took longer than a period has missed the times in between.
      next += (now > next ? (now - next) / reader.period + 1 : 1) * reader.period
      DeliveryLatencyReading.sleep(until: next)
      counts.waits += 1
      let isEnd = try producerHasEnded()
      try flush(&source)
      let before = counts.handovers
      try drain(&source)
      if isEnd, counts.handovers == before { return }
    }
  }

  /// Acquires until there is nothing more.
  private mutating func drain<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try takeOne(&source) {}
  }

  /// Acquires, takes the time, decodes, releases.
  /// - Returns: whether there was something.
  private mutating func takeOne<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) -> Bool {
    let decoder = source.decoder
    counts.acquires += 1
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      let moment = MonotonicClock.now()
      counts.handovers += 1
      try record.add(subbuffer, decoder, heldAt: moment)
      try subbuffer.release()
      return true
    case .nothingYet: return false
    case .finished: throw SourceError(call: "acquire", detail: "finished, although its producer still runs")
    }
  }

  private mutating func flush<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    if reader.flushes, try source.flush() == .flushed { counts.flushes += 1 }
  }

  /// Asks only when it may have, since asking is a system call.
  private mutating func producerHasEnded() throws(SourceError) -> Bool {
    if truth == nil, MonotonicClock.now() >= earliestEnd { truth = try producer.truth(within: 0) }
    return truth != nil
  }

  private static func sleep(until time: UInt64) {
    var deadline = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    // A signal ends the sleep, and the caller checks whether the run is to end.
    clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &deadline, nil)
  }
}

/// The CPU time and context switches of the calling thread since it was started.
struct ThreadCost {
  /// CPU time, in nanoseconds: `clock_gettime(CLOCK_THREAD_CPUTIME_ID)`.
  let cpu: UInt64
  /// The number of times that it slept: the voluntary context switches of `getrusage(RUSAGE_THREAD)`.
  let sleeps: UInt64
  /// The number of times that its CPU was taken away: the involuntary ones.
  let preemptions: UInt64

  /// `RUSAGE_THREAD` (include/uapi/linux/resource.h), which the Glibc module does not have.
  private static let callingThread: Int32 = 1

  /// Up to now.
  static func now() -> ThreadCost {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    var usage = rusage()
    getrusage(callingThread, &usage)
    return ThreadCost(
      cpu: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), sleeps: UInt64(usage.ru_nvcsw),
      preemptions: UInt64(usage.ru_nivcsw))
  }
}
