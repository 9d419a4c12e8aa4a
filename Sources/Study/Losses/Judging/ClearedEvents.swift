/// The events that clears removed from the ring buffer before a reader got them.
struct ClearedEvents {
  /// Their sequence numbers.
  private(set) var numbers: [ClosedRange<UInt64>] = []
  /// `true` if some of them may have been lost before the clear.
  private(set) var isUpperBound = false

  /// Finds them: at each clear those written and not delivered, after the last one delivered before it.
  ///
  /// A ring buffer that was full holds the newest of them where it overwrites, the oldest where it discards.
  init(_ history: LossHistory, _ books: DeliveryBooks) {
    var begin: UInt64 = 0
    for clear in history.clears {
      let before = history.handovers.prefix(max(0, clear.handovers)).flatMap(\.runs).map(\.upperBound)
        .filter { $0 < clear.produced }.max()
      begin = max(begin, before.map { $0 + 1 } ?? 0)
      guard begin < clear.produced else { continue }
      let missing = books.delivered.missing(from: begin..<min(clear.produced, history.produced))
        .flatMap { range in
          history.unfinished.reduce([range]) { parts, number in parts.flatMap { $0.without(number...number) } }
        }
      let count = missing.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) }
      if count <= clear.capacity {
        numbers += missing
      } else {
        isUpperBound = true
        numbers += clear.isOverwriting ? missing.last(clear.capacity) : missing.first(clear.capacity)
      }
      begin = clear.produced
    }
  }

  /// The number of events.
  var count: UInt64 { numbers.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) } }
}

extension ClosedRange<UInt64> {
  /// The parts of the range outside another one.
  func without(_ other: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
    guard overlaps(other) else { return [self] }
    var parts: [ClosedRange<UInt64>] = []
    if lowerBound < other.lowerBound { parts.append(lowerBound...other.lowerBound - 1) }
    if upperBound > other.upperBound { parts.append(other.upperBound + 1...upperBound) }
    return parts
  }
}

extension [ClosedRange<UInt64>] {
  /// The first numbers of ascending ranges.
  fileprivate func first(_ count: UInt64) -> [ClosedRange<UInt64>] {
    var left = count
    return compactMap { range in
      guard left > 0 else { return nil }
      let taken = Swift.min(left, range.upperBound - range.lowerBound + 1)
      left -= taken
      return range.lowerBound...range.lowerBound + (taken - 1)
    }
  }

  /// The last numbers of ascending ranges.
  fileprivate func last(_ count: UInt64) -> [ClosedRange<UInt64>] {
    var left = count
    let taken: [ClosedRange<UInt64>] = reversed().compactMap { range in
      guard left > 0 else { return nil }
      let some = Swift.min(left, range.upperBound - range.lowerBound + 1)
      left -= some
      return range.upperBound - (some - 1)...range.upperBound
    }
    return taken.reversed()
  }
}
