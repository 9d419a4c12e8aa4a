import SubbufferSource

/// Times the getters of one ring buffer, many calls at a time.
struct GetterTrial: GetterVisitor {
  /// The number of times that the calls of a getter are timed.
  let batches: Int
  /// The times of each getter, in nanoseconds, in the order in which they came.
  private(set) var measured: [(getter: Getter, nanoseconds: [UInt64])] = []

  init(batches: Int) {
    self.batches = batches
  }

  mutating func visit(_ getter: Getter, _ call: (Int) throws(SourceError) -> Void) throws(SourceError) {
    // Once for the caches.
    try call(getter.calls)
    var nanoseconds: [UInt64] = []
    for _ in 0..<batches {
      let begin = MonotonicClock.now()
      try call(getter.calls)
      nanoseconds.append(MonotonicClock.now() - begin)
    }
    measured.append((getter, nanoseconds))
  }
}
