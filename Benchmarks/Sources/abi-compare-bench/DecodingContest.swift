import CLoops
import CapturedSubbuffers
import Study
import SubbufferSource

/// Counting the sequence numbers in captured sub-buffers.
struct DecodingContest<Decoder: SubbufferDecoder>: Contest, ~Copyable {
  private var source: CapturedSubbuffers<Decoder>
  private let captured: Captured
  private let subbufs: UnsafeMutableBufferPointer<cloops_subbuf>
  private let events: UInt64
  private let countInC: (UnsafeBufferPointer<cloops_subbuf>, inout cloops_count) -> Int32

  /// - Parameters:
  ///   - events: how many there are; a form that counts others makes the contest fail.
  ///   - countInC: the decoder in C.
  init(
    _ captured: Captured, _ decoder: Decoder, events: UInt64,
    countInC: @escaping (UnsafeBufferPointer<cloops_subbuf>, inout cloops_count) -> Int32
  ) {
    self.captured = captured
    self.events = events
    self.countInC = countInC
    source = CapturedSubbuffers(captured.list, decoder: decoder)
    subbufs = .allocate(capacity: captured.list.count)
    _ = subbufs.initialize(from: captured.list.map { cloops_subbuf(start: $0.baseAddress, count: $0.count) })
  }

  deinit { subbufs.deallocate() }

  mutating func timeSwift() throws(SourceError) -> Double {
    source.rewind()
    let begin = MonotonicClock.now()
    let count = try source.countSequences()
    return try perEvent(MonotonicClock.now() - begin, count, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    var count = cloops_count()
    let begin = MonotonicClock.now()
    let result = countInC(UnsafeBufferPointer(subbufs), &count)
    let end = MonotonicClock.now()
    try checked("decode in C", result)
    return try perEvent(end - begin, SequenceCount(events: count.events, sum: count.sum), "C")
  }

  private func perEvent(
    _ nanoseconds: UInt64, _ count: SequenceCount, _ form: String
  ) throws(SourceError) -> Double {
    guard count == SequenceCount(events: events, sum: events * (events - 1) / 2) else {
      throw SourceError(
        .malformed, call: "decode in \(form)", detail: "\(count.events) of \(events) events, sum \(count.sum)",
        remedy: "the decoder does not read what was written: a benchmark of it means nothing")
    }
    return Double(nanoseconds) / Double(events)
  }
}
