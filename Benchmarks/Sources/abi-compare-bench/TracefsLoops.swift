import CLoops
import Study
import SubbufferSource
import TracefsABI
import Workload

/// The read loops on the kernel's mapped ring buffer. Both have it mapped; one drains it at a time.
struct TracefsLoops: Contest, ~Copyable {
  private let ring: TracefsRing
  private var source: TracefsSource
  private let reader: OpaquePointer
  private var first: UInt64 = 0

  init(_ ring: TracefsRing) throws(SourceError) {
    self.ring = ring
    let source = try ring.source()
    var reader: OpaquePointer?
    try checked(
      "cloops_tracefs_open", cloops_tracefs_open(ring.instance.ringBufferPath(cpu: ring.cpu), ring.overwrite, &reader))
    guard let reader else { throw SourceError(call: "cloops_tracefs_open") }
    self.source = source
    self.reader = reader
  }

  deinit { cloops_tracefs_close(reader) }

  mutating func timeSwift() throws(SourceError) -> Double {
    try fill()
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    try source.drain(into: &sum, stampOffset: 0)
    return try Fill.perSubbuffer(MonotonicClock.now() - begin, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try fill()
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    let result = cloops_tracefs_drain(reader, &sum)
    let end = MonotonicClock.now()
    try checked("cloops_tracefs_drain", result)
    return try Fill.perSubbuffer(end - begin, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try fill()
    return try allocationsOf { (sum) throws(SourceError) in try source.drain(into: &sum, stampOffset: 0) }
  }

  private mutating func fill() throws(SourceError) {
    _ = try ring.producer.write(Load(first: first, count: Fill.eventCount, payload: Fill.payload))
    first += Fill.eventCount
  }
}
