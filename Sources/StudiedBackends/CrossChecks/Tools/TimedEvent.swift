/// An event of the workload as a reader tells it.
struct TimedEvent: Equatable {
  /// Its sequence number.
  var sequence: UInt64
  /// Its time, in nanoseconds of the ring buffer's clock.
  var time: UInt64
}

extension [TimedEvent] {
  /// The number of events that are the same, in their number and their time, at the same place of both.
  func same(as others: [TimedEvent]) -> UInt64 {
    UInt64(zip(self, others).count { $0 == $1 })
  }

  /// The sequence number that comes next where none is missing.
  var nextSequence: UInt64 { last.map { $0.sequence &+ 1 } ?? 0 }
}
