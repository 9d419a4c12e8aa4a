import CLoops
import LTTngUSTABI
import Study
import SubbufferSource
import Workload

/// The read loops on LTTng-UST's ring buffer, both on the one stream.
struct LTTngUSTLoops: Contest, ~Copyable {
  /// The offset of `timestamp_begin`.
  private static let stampOffset = 32

  private let ring: LTTngUSTRing
  private var source: LTTngUSTSource
  private let reader: OpaquePointer
  private var first: UInt64 = 0

  init(_ ring: LTTngUSTRing) throws(SourceError) {
    self.ring = ring
    let source = try ring.source()
    var reader: OpaquePointer?
    try checked(
      "cloops_lttng_ust_open", cloops_lttng_ust_open(source.stream.unsafeHandle, Fill.subbufferSize, &reader))
    guard let reader else { throw SourceError(call: "cloops_lttng_ust_open") }
    self.source = source
    self.reader = reader
  }

  deinit { cloops_lttng_ust_close(reader) }

  mutating func timeSwift() throws(SourceError) -> Double {
    try fill()
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    try source.drain(into: &sum, stampOffset: Self.stampOffset)
    return try Fill.perSubbuffer(MonotonicClock.now() - begin, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try fill()
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    let result = cloops_lttng_ust_drain(reader, &sum)
    let end = MonotonicClock.now()
    try checked("cloops_lttng_ust_drain", result)
    return try Fill.perSubbuffer(end - begin, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try fill()
    return try allocationsOf { (sum) throws(SourceError) in
      try source.drain(into: &sum, stampOffset: Self.stampOffset)
    }
  }

  private mutating func fill() throws(SourceError) {
    _ = try ring.producer.write(Load(first: first, count: Fill.eventCount, payload: Fill.payload))
    first += Fill.eventCount
    _ = try source.flush()
  }
}
