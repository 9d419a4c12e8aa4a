extension [UInt64] {
  /// The number of times that a number is not the one after the number before it.
  package var gapCount: Int { zip(self, dropFirst()).count { $0 &+ 1 != $1 } }

  /// The number of numbers missing between the last of these and the first of the next, for an observation.
  package func missing(before next: [UInt64]) -> String {
    guard let last, let first = next.first else { return "unknown: one of the two has no events" }
    return String(first &- last &- 1)
  }
}

extension Evidence {
  /// Writes down what was written and what came of it: how many events, the first, the last, and the gaps between.
  package mutating func addDelivered(_ sequences: [UInt64], of produced: UInt64) {
    add("events produced", produced)
    add("events delivered", sequences.count)
    add("first delivered", sequences.first.map(String.init) ?? "none")
    add("last delivered", sequences.last.map(String.init) ?? "none")
    add("gaps between the delivered", sequences.gapCount)
  }

  /// Writes down how many sub-buffers were filled, by the events that were read of each.
  package mutating func addFilled(_ subbuffers: [[UInt64]]) {
    let fullest = Swift.max(1, subbuffers.map(\.count).max() ?? 1)
    add("events of the fullest sub-buffer", fullest)
    add("sub-buffers that were filled", (subbuffers.reduce(0) { $0 + $1.count } + fullest - 1) / fullest)
  }
}
