import Glibc
import Platform
import SubbufferSource
import Workload

/// The way in which a reader learns of data, and the measures that it takes to have them early.
public struct FreshnessReader: Codable, Hashable, Sendable {
  /// The action between two attempts.
  public enum Waiting: String, Codable, Hashable, Sendable, CaseIterable {
    /// It acquires again at once.
    case polling
    /// It waits until the ABI reports that a sub-buffer is ready, then acquires until there is nothing more.
    case blocking
    /// It sleeps until the next of its times, whose distance is ``FreshnessReader/period``, then does the same.
    case timer
  }

  /// The action between two attempts.
  public var waiting: Waiting
  /// The time between two looks of a ``Waiting/timer``, in nanoseconds; else 0.
  public var period: UInt64 = 0
  /// `true` if it has the ABI end the partial sub-buffer before it looks.
  public var flushes = false
  /// The fill from which the ABI reports ready; `nil` if the ABI has no such control, and for a reader
  /// that does not wait.
  public var wake: RingControl?
  /// The period after which the ABI's own timer ends the partial sub-buffer, in microseconds; 0 for never.
  public var switchTimer: UInt32 = 0

  /// Describes a reader.
  public init(
    _ waiting: Waiting, period: UInt64 = 0, flushes: Bool = false, wake: RingControl? = nil, switchTimer: UInt32 = 0
  ) {
    self.waiting = waiting
    self.period = period
    self.flushes = flushes
    self.wake = wake
    self.switchTimer = switchTimer
  }
}

extension FreshnessReader {
  /// The readers that a back end is read by, the one that asks most often first.
  static func all(on backend: any StudiedBackend, _ extent: FreshnessExtent) -> [FreshnessReader] {
    let hasFlush = backend.calls.flush != nil
    let flushes = !hasFlush ? [false] : extent.unflushed ? [true, false] : [true]
    let fills = RingControl.fills.filter { backend.lacks(.control($0)) == nil }
    let wakes: [RingControl?] = fills.isEmpty ? [nil] : fills
    let timers = backend.lacks(.switchTimer) == nil ? extent.switchTimers : []
    return flushes.filter { extent.pollsWithFlush || !$0 }.map { FreshnessReader(.polling, flushes: $0) }
      + wakes.map { FreshnessReader(.blocking, wake: $0) }
      + timers.map { FreshnessReader(.blocking, switchTimer: $0) }
      + extent.periods.flatMap { period in
        flushes.map { FreshnessReader(.timer, period: period, flushes: $0) }
      }
  }
}

extension RingControl {
  /// The controls that set the fill from which a waiting reader is woken, the smallest first.
  static let fills: [RingControl] = [.wakeByFirstEvent, .wakeAtHalf, .wakeWhenFull]

  /// The share of the ring buffer that has to be filled, in per cent; `nil` of a control of something else.
  public var fill: UInt64? {
    switch self {
    case .wakeByFirstEvent: 0
    case .wakeAtHalf: 50
    case .wakeWhenFull: 100
    case .clear, .discard, .overwrite, .moreSubbuffers, .largerSubbuffers: nil
    }
  }
}

/// One reader while its load is written: from the start of the producer to the hand-over of the last recorded event.
struct FreshnessReading {
  let reader: FreshnessReader
  let producer: any LoadProducer
  private(set) var record: FreshnessRecord
  private(set) var counts = FreshnessCounts()
  /// The producer's report, once it has ended.
  private var truth: Truth?
  /// From when on the producer may have ended.
  private var earliestEnd: UInt64 = 0

  /// It only ends a reader to which the last events are never reported.
  private static let guardTime: Milliseconds = 100

  init(reader: FreshnessReader, producer: any LoadProducer, record: FreshnessRecord) {
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
    var left = FreshnessReading(reader: reader, producer: producer, record: record)
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
      let readiness = try source.wait(isEnd ? 0 : FreshnessReading.guardTime)
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
      FreshnessReading.sleep(until: next)
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
