import CLoops
import PerfEventABI
import Platform
import Study
import SubbufferSource
import TracefsABI
import UprobeEvents
import Workload

/// The read loops on perf's mapped ring buffer in discard mode. Both read the same mapping; one drains it at a time.
struct PerfEventLoops: Contest, ~Copyable {
  private let ring: PerfRing
  private let producer: ProducerProcess
  private let sequenceOffset: Int
  private let reader: UnsafeMutablePointer<cloops_perf>
  private var first: UInt64 = 0

  /// What a trial reads: half of what fits, so that nothing is lost.
  private static let eventCount: UInt64 = 5_000
  private static let payload: UInt32 = 24
  private static let dataSize = 1 << 20

  /// Makes a ring buffer, lets `body` use the loops, and takes it down again.
  static func with<Result>(
    _ placement: CPUPlacement, _ body: (inout PerfEventLoops) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let program = try ProducerExecutable.probedWriter.path()
    let event = try UprobeEvent(in: Tracefs.mountedOrMounting(), program: program)
    let result = try run(event, program, placement, body)
    try event.remove()
    return result
  }

  private static func run<Result>(
    _ event: UprobeEvent, _ program: String, _ placement: CPUPlacement,
    _ body: (inout PerfEventLoops) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let producer = try ProducerProcess(executable: program, arguments: [String(placement.producer)])
    defer { producer.end() }
    try producer.waitUntilReady(5_000)
    var loops = try PerfEventLoops(event, producer)
    return try body(&loops)
  }

  private init(_ event: UprobeEvent, _ producer: ProducerProcess) throws(SourceError) {
    ring = try PerfRing(
      PerfRing.Options(
        event: UInt64(event.id), process: producer.pid, dataSize: Self.dataSize, overwrites: false,
        watermark: UInt32(Self.dataSize)))
    self.producer = producer
    sequenceOffset = event.sequenceOffset
    reader = .allocate(capacity: 1)
    reader.initialize(to: cloops_perf())
    reader.pointee.page = ring.unsafePage
    reader.pointee.data = ring.unsafeData.assumingMemoryBound(to: UInt8.self)
    reader.pointee.data_size = UInt64(ring.dataSize)
  }

  deinit { reader.deallocate() }

  mutating func timeSwift() throws(SourceError) -> Double {
    try fill()
    var source = PerfEventSource(ring, sequenceOffset: sequenceOffset)
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    try source.drain(into: &sum, stampOffset: 8)
    return try Self.perRecord(MonotonicClock.now() - begin, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try fill()
    reader.pointee.position = ring.dataTail
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    let result = cloops_perf_drain(reader, &sum)
    let end = MonotonicClock.now()
    try checked("cloops_perf_drain", result)
    return try Self.perRecord(end - begin, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try fill()
    var source = PerfEventSource(ring, sequenceOffset: sequenceOffset)
    return try allocationsOf(check: { (sum) throws(SourceError) in try Self.perRecord(0, sum, "Swift") }) {
      (sum) throws(SourceError) in try source.drain(into: &sum, stampOffset: 8)
    }
  }

  private mutating func fill() throws(SourceError) {
    _ = try producer.write(Load(first: first, count: Self.eventCount, payload: Self.payload))
    first += Self.eventCount
  }

  /// Nanoseconds for each record.
  /// - Throws: ``SourceError`` where the loop did not read the load.
  private static func perRecord(_ nanoseconds: UInt64, _ sum: cloops_sum, _ loop: String) throws(SourceError) -> Double
  {
    guard sum.bytes >= Self.eventCount * 80, sum.lost == 0 else {
      throw SourceError(
        .malformed, call: "read with the loop in \(loop)",
        detail: "\(sum.subbufs) hand-overs, \(sum.bytes) bytes, \(sum.lost) lost",
        remedy: "the loop does not read what was written: a benchmark of it means nothing")
    }
    return Double(nanoseconds) / Double(Self.eventCount)
  }
}
