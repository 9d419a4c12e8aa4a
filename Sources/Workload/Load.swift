import CWorkload
import SubbufferSource

/// The load of a producer: consecutive sequence numbers at a rate, in bursts.
public struct Load: Sendable, Equatable {
  /// The first sequence number.
  public var first: UInt64
  /// The number of events.
  public var count: UInt64
  /// Bytes in each event besides the sequence number and its length word.
  public var payload: UInt32
  /// Events a second; 0 for as fast as the producer can.
  public var rate: UInt64
  /// The number of events written back to back at a time; the rate is kept over the bursts.
  public var burst: UInt64
  /// The greatest number of bytes that an event may have in addition to ``payload``; 0 if all have one size.
  public var spread: UInt32
  /// The seed of the sizes.
  public var seed: UInt64
  /// The way in which the producer waits for the next burst.
  public var pacing: Pacing

  /// The way in which a producer keeps to a rate.
  public enum Pacing: Sendable {
    /// It sleeps (clock_nanosleep), and wakes up some time after the one asked for.
    case sleep
    /// It reads the clock until then, and leaves its CPU to nobody.
    case spin
  }

  /// The largest payload that a producer takes, in bytes (`CWORKLOAD_MAX_PAYLOAD`).
  public static let largestPayload = 65536

  /// Describes a load.
  public init(
    first: UInt64, count: UInt64, payload: UInt32, rate: UInt64 = 0, burst: UInt64 = 1, spread: UInt32 = 0,
    seed: UInt64 = 0, pacing: Pacing = .sleep
  ) {
    self.first = first
    self.count = count
    self.payload = payload
    self.rate = rate
    self.burst = burst
    self.spread = spread
    self.seed = seed
    self.pacing = pacing
  }

  /// When an event is meant to be written, in nanoseconds after the begin of the load, as the producer computes it; 0
  /// without a rate.
  public func intended(_ sequence: UInt64) -> UInt64 {
    guard rate > 0 else { return 0 }
    let index = (sequence &- first) / max(1, burst) * max(1, burst)
    return UInt64(Double(index) * 1e9 / Double(rate))
  }

  /// The bytes besides the sequence number and its length word that an event has (`cworkload_payload`).
  public func payload(of sequence: UInt64) -> UInt32 {
    cworkload_payload(sequence, payload, spread, seed)
  }
}

/// The report of a producer on its writes: the truth that everything else is compared with.
public struct Truth: Sendable, Equatable {
  /// Events that it tried to write.
  public var produced: UInt64
  /// The number of events without a refusal reported to the writer.
  public var accepted: UInt64
  /// The number of events whose refusal the ABI reported to the writer.
  public var refused: UInt64
  /// The errno of the first refusal; 0 without one.
  public var firstErrno: Int32
  /// The number of events begun and not ended: the producer was stopped or killed inside the write.
  public var unfinished: UInt64 = 0
  /// CLOCK_MONOTONIC before the first event, in nanoseconds.
  public var begin: UInt64
  /// CLOCK_MONOTONIC after the last event, in nanoseconds.
  public var end: UInt64

  /// Makes the report of a producer.
  public init(produced: UInt64, accepted: UInt64, refused: UInt64, firstErrno: Int32, begin: UInt64, end: UInt64) {
    self.produced = produced
    self.accepted = accepted
    self.refused = refused
    self.firstErrno = firstErrno
    self.begin = begin
    self.end = end
  }

  /// Reads the producer's answer, `done PRODUCED ACCEPTED REFUSED FIRST_ERRNO BEGIN_NS END_NS`.
  init?(answer: Substring) {
    let words = answer.split(separator: " ")
    guard words.count == 7, words[0] == "done",
      let produced = UInt64(words[1]), let accepted = UInt64(words[2]), let refused = UInt64(words[3]),
      let firstErrno = Int32(words[4]), let begin = UInt64(words[5]), let end = UInt64(words[6])
    else { return nil }
    let (sum, overflow) = accepted.addingReportingOverflow(refused)
    guard !overflow, sum == produced else { return nil }
    self.init(
      produced: produced, accepted: accepted, refused: refused, firstErrno: firstErrno, begin: begin, end: end)
  }
}

extension Truth {
  /// Two loads, one written after the other, as one.
  public func followed(by next: Truth) -> Truth {
    var sum = self
    sum.produced &+= next.produced
    sum.accepted &+= next.accepted
    sum.refused &+= next.refused
    sum.unfinished &+= next.unfinished
    if firstErrno == 0 { sum.firstErrno = next.firstErrno }
    sum.end = next.end
    return sum
  }
}

/// Something that writes events with consecutive sequence numbers, and tells what it wrote.
public protocol LoadProducer: AnyObject {
  /// Begins to write a load, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone.
  func start(_ load: Load) throws(SourceError)

  /// The producer's report, once it has written its load; `nil` if the time runs out first.
  /// - Throws: ``SourceError`` where the producer is gone, or a signal came (`EINTR`).
  func truth(within timeout: Milliseconds) throws(SourceError) -> Truth?

  /// Ends the producer, at once; the ring buffer then has no writer.
  func end()
}
