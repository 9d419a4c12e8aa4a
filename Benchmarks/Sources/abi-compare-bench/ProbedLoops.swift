import CLoops
import Platform
import Study
import SubbufferSource
import UprobeEvents
import Workload

/// The read loops on a ring buffer that the probed writer feeds. Both read the same mapping; one drains it at a time.
protocol ProbedLoops: Contest, ~Copyable {
  /// The load of each trial.
  var load: ProbedLoad { get set }

  /// Makes the ring buffer of a writer.
  init(_ writer: ProbedWriter) throws(SourceError)
  /// Lets both loops go on where the last one stopped.
  mutating func begin()
  mutating func drainInSwift(into sum: inout cloops_sum) throws(SourceError)
  /// - Returns: 0 or a negative errno.
  mutating func drainInC(into sum: inout cloops_sum) -> Int32
}

extension ProbedLoops where Self: ~Copyable {
  /// Starts a writer, lets `body` use the loops, and takes everything down again.
  static func with<Result>(
    _ placement: CPUPlacement, _ body: (inout Self) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try ProbedWriter.with(cpu: placement.producer) { (writer) throws(SourceError) in
      var loops = try Self(writer)
      return try body(&loops)
    }
  }

  mutating func timeSwift() throws(SourceError) -> Double {
    try load.write()
    begin()
    var sum = cloops_sum()
    let start = MonotonicClock.now()
    try drainInSwift(into: &sum)
    return try load.perRecord(MonotonicClock.now() - start, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try load.write()
    begin()
    var sum = cloops_sum()
    let start = MonotonicClock.now()
    let result = drainInC(into: &sum)
    let end = MonotonicClock.now()
    try checked("the loop in C", result)
    return try load.perRecord(end - start, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try load.write()
    begin()
    let load = load
    return try allocationsOf(check: { (sum) throws(SourceError) in try load.perRecord(0, sum, "Swift") }) {
      (sum) throws(SourceError) in try drainInSwift(into: &sum)
    }
  }
}

/// The load of a ring buffer that the probed writer feeds.
struct ProbedLoad {
  let producer: ProducerProcess
  /// The bytes of an event in the ring buffer, at least.
  let eventSize: UInt64
  private var first: UInt64 = 0

  /// The size of the ring buffer.
  static let dataSize = 1 << 20
  /// The events that a trial reads: half of what fits, so that nothing is lost.
  private static let eventCount: UInt64 = 5_000
  private static let payload: UInt32 = 24

  init(producer: ProducerProcess, eventSize: UInt64) {
    self.producer = producer
    self.eventSize = eventSize
  }

  mutating func write() throws(SourceError) {
    _ = try producer.write(Load(first: first, count: Self.eventCount, payload: Self.payload))
    first += Self.eventCount
  }

  /// Nanoseconds for each record.
  /// - Throws: ``SourceError`` where the loop did not read the load.
  func perRecord(_ nanoseconds: UInt64, _ sum: cloops_sum, _ loop: String) throws(SourceError) -> Double {
    guard sum.bytes >= Self.eventCount * eventSize, sum.lost == 0 else {
      throw ProbedLoad.unread(loop, "\(sum.subbufs) hand-overs, \(sum.bytes) bytes, \(sum.lost) lost")
    }
    return Double(nanoseconds) / Double(Self.eventCount)
  }

  /// The same of a reader that counts events.
  func perRecord(_ nanoseconds: UInt64, events: UInt64, _ reader: String) throws(SourceError) -> Double {
    guard events == Self.eventCount else { throw ProbedLoad.unread(reader, "\(events) of \(Self.eventCount) events") }
    return Double(nanoseconds) / Double(Self.eventCount)
  }

  private static func unread(_ loop: String, _ detail: String) -> SourceError {
    SourceError(
      .malformed, call: "read with the loop in \(loop)", detail: detail,
      remedy: "the loop does not read what was written: a benchmark of it means nothing")
  }
}
