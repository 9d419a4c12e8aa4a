import CWorkload
import SubbufferSource

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
