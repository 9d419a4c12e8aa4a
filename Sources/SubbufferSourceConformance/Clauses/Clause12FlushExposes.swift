/// Clause 12: after a flush everything that was committed can be read, unless a full ring buffer did not keep it.
///
/// Where events of a load that fits are missing and the source reports a loss, it was the ring buffer that did not keep
/// them, and flushing cannot be judged.
enum Clause12FlushExposes {
  static func judge(_ history: History) throws(CaseEnd) {
    var judged = 0
    for read in history.reads where read.flushed {
      let delivered = history.delivered(in: read.handovers)
      for write in history.writes[judged..<read.writes] {
        let missing = missing(of: write, delivered)
        guard !missing.isEmpty else { continue }
        if let refusal = refusal(write) { throw .inconclusive(refusal) }
        if write.fit == .all, history.tellsLoss {
          throw .inconclusive("the ring buffer lost events of a load that fits, and reports the loss: \(missing.text)")
        }
        throw .broken(expected: "after the flush \(expectation(write))", seen: "\(missing.text) cannot be acquired")
      }
      judged = read.writes
    }
    try history.keptOrInconclusive()
  }

  /// The events that must be there and are not.
  private static func missing(of write: Bench.Write, _ delivered: SequenceSet) -> [ClosedRange<UInt64>] {
    guard let last = write.numbers.last else { return [] }
    return switch write.fit {
    case .all: delivered.missing(from: write.numbers)
    case .first: delivered.missing(from: write.first..<write.first + 1)
    case .last: delivered.missing(from: last..<last + 1)
    case .maybe: []
    }
  }

  private static func refusal(_ write: Bench.Write) -> String? {
    write.refused == 0 || write.fit == .first
      ? nil
      : "\(write.refused) of the writer's \(write.count) events were refused, although the ring buffer has room for them"
  }

  private static func expectation(_ write: Bench.Write) -> String {
    switch write.fit {
    case .all, .maybe: "all of \(write.first) … \(write.numbers.upperBound - 1)"
    case .first: "the oldest, \(write.first)"
    case .last: "the newest, \(write.numbers.upperBound - 1)"
    }
  }
}
