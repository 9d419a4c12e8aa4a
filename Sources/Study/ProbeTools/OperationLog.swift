import Results

/// The calls of one round of reading, in order.
package struct OperationLog {
  package let backend: String
  package private(set) var records: [OperationRecord] = []

  package init(backend: String) {
    self.backend = backend
  }

  package mutating func add(
    _ step: OperationRecord.Step, _ call: String, _ result: String, _ effects: [Observation] = []
  ) {
    records.append(OperationRecord(backend: backend, step: step, call: call, result: result, effects: effects))
  }
}

/// The observation of a call that returned no error and nothing else.
package let noError = "no error"

extension [Observation] {
  /// All of them in one line.
  package var asList: String { map { "\($0.name): \($0.value)" }.joined(separator: ", ") }
}

/// Six numbers of events to write, so that in overwrite mode every second load loses some.
package func loadsWithAndWithoutLoss(_ perRing: UInt64, _ perSubbuffer: UInt64) -> [UInt64] {
  (0..<6).map { $0 % 2 == 0 ? 2 * perRing : 2 * perSubbuffer }
}

/// The payload of events of which few fit into a sub-buffer of 4096 bytes, and leave more room after them than smaller
/// ones, in bytes.
package let largePayload: UInt32 = 2_400

extension [UInt64] {
  /// The number of times that a number is not the one after the number before it.
  public var gapCount: Int { zip(self, dropFirst()).count { $0 &+ 1 != $1 } }

  /// The number of numbers missing between the last of these and the first of the next, for an observation.
  public func missing(before next: [UInt64]) -> String {
    guard let last, let first = next.first else { return "unknown: one of the two has no events" }
    return String(first &- last &- 1)
  }
}

extension Evidence {
  /// Writes down what was written and what came of it: how many events, the first, the last, and the gaps between.
  public mutating func addDelivered(_ sequences: [UInt64], of produced: UInt64) {
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
