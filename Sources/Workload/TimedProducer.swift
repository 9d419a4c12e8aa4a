import CWorkload
import SubbufferSource

/// A producer that can keep to a schedule and time each of its writes.
public protocol TimedProducer: LoadProducer {
  /// Begins to write a load, and returns at once; ``LoadProducer/truth(within:)`` reports its end.
  /// - Throws: ``SourceError`` where the producer is gone, or the load has too many events.
  func start(_ load: TimedLoad) throws(SourceError)

  /// The time of each of the first events of the last load, after its end was reported.
  func times(_ count: Int) -> [EventTime]
}

/// Events that are due at equal distances. Between two of them the producer does not sleep, and what is late is written at
/// once: it looks at the clock until an event is due.
public struct TimedLoad: Sendable, Equatable {
  /// The first sequence number.
  public var first: UInt64
  /// The number of events.
  public var count: Int
  /// Bytes in each event besides the sequence number and its length word.
  public var payload: UInt32
  /// Events a second.
  public var rate: UInt64
  /// Without it the producer does the same without the write: what is left is the machine and the clock.
  public var writes = true

  /// Describes a load.
  public init(first: UInt64, count: Int, payload: UInt32, rate: UInt64, writes: Bool = true) {
    self.first = first
    self.count = count
    self.payload = payload
    self.rate = rate
    self.writes = writes
  }
}

/// The time of one event in its producer, in nanoseconds of CLOCK_MONOTONIC.
public struct EventTime: Sendable, Equatable {
  /// From the reading of the clock before the write to that after it.
  public var service: UInt64
  /// From when the event was due to the reading after the write.
  public var response: UInt64
  /// `true` if the ABI reported the writer that the event was refused.
  public var isRefused: Bool

  /// Makes the time of one event.
  public init(service: UInt64, response: UInt64, isRefused: Bool) {
    self.service = service
    self.response = response
    self.isRefused = isRefused
  }
}

extension ProducerProcess: TimedProducer {
  /// Tells the producer to write a load to its schedule, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone, or the load has too many events.
  public func start(_ load: TimedLoad) throws(SourceError) {
    guard load.count <= EventTimes.capacity, load.rate > 0 else {
      throw SourceError(
        .usage, call: "timed load", detail: "\(load.count) events, \(load.rate) a second",
        remedy: "choose at most \(EventTimes.capacity) events, at 1 event per second or more")
    }
    try command("timed \(load.first) \(load.count) \(load.payload) \(load.rate) \(load.writes ? 1 : 0)")
  }

  /// The time of each of the first events of the last load.
  public func times(_ count: Int) -> [EventTime] { eventTimes.first(count) }
}

/// Memory in which a producer leaves what each event of a ``TimedLoad`` took: an array of `struct cworkload_time`.
struct EventTimes {
  /// A load has no more events.
  static let capacity = 100_000

  private let file: SharedFile

  /// Makes room for the times; what is not written takes no memory.
  /// - Throws: ``SourceError`` where there is no memory or no descriptor for it.
  init() throws(SourceError) {
    file = try SharedFile("ABI_COMPARE_TIMES", size: EventTimes.capacity * MemoryLayout<cworkload_time>.stride)
  }

  /// Names the file to the producer.
  var environment: [String: String] { file.environment }

  /// The times of the first events of the last load.
  func first(_ count: Int) -> [EventTime] {
    let times = UnsafeBufferPointer(
      start: file.start.assumingMemoryBound(to: cworkload_time.self), count: min(count, EventTimes.capacity))
    return times.map { EventTime(service: $0.service, response: $0.response, isRefused: $0.result != 0) }
  }
}
