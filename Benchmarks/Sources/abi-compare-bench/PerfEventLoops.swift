import CLoops
import PerfEventABI
import Platform
import Study
import SubbufferSource
import UprobeEvents
import Workload

/// The read loops on perf's mapped ring buffer in discard mode. Both read the same mapping; one drains it at a time.
struct PerfEventLoops: Contest, ~Copyable {
  private let ring: PerfRing
  private let sequenceOffset: Int
  private let reader: UnsafeMutablePointer<cloops_perf>
  private var load: ProbedLoad

  /// Makes a ring buffer, lets `body` use the loops, and takes it down again.
  static func with<Result>(
    _ placement: CPUPlacement, _ body: (inout PerfEventLoops) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try ProbedWriter.with(cpu: placement.producer) { (writer) throws(SourceError) in
      var loops = try PerfEventLoops(writer)
      return try body(&loops)
    }
  }

  private init(_ writer: ProbedWriter) throws(SourceError) {
    let event = writer.events[0]
    ring = try PerfRing(
      PerfRing.Options(
        event: UInt64(event.id), process: writer.producer.pid, dataSize: ProbedLoad.dataSize, overwrites: false,
        watermark: UInt32(ProbedLoad.dataSize)))
    load = ProbedLoad(producer: writer.producer, eventSize: 80)
    sequenceOffset = event.sequenceOffset
    reader = .allocate(capacity: 1)
    reader.initialize(to: cloops_perf())
    reader.pointee.page = ring.unsafePage
    reader.pointee.data = ring.unsafeData.assumingMemoryBound(to: UInt8.self)
    reader.pointee.data_size = UInt64(ring.dataSize)
  }

  deinit { reader.deallocate() }

  mutating func timeSwift() throws(SourceError) -> Double {
    try load.write()
    var source = PerfEventSource(ring, sequenceOffset: sequenceOffset)
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    try source.drain(into: &sum, stampOffset: 8)
    return try load.perRecord(MonotonicClock.now() - begin, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try load.write()
    reader.pointee.position = ring.dataTail
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    let result = cloops_perf_drain(reader, &sum)
    let end = MonotonicClock.now()
    try checked("cloops_perf_drain", result)
    return try load.perRecord(end - begin, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try load.write()
    var source = PerfEventSource(ring, sequenceOffset: sequenceOffset)
    return try allocationsOf(check: { (sum) throws(SourceError) in try load.perRecord(0, sum, "Swift") }) {
      (sum) throws(SourceError) in try source.drain(into: &sum, stampOffset: 8)
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
  /// What a trial reads: half of what fits, so that nothing is lost.
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
