/// A set of sequence numbers, as ranges.
package struct SequenceSet {
  /// None.
  package init() {}

  /// Ascending, none touches the next.
  package private(set) var ranges: [ClosedRange<UInt64>] = []

  /// The greatest of them.
  package var greatest: UInt64? { ranges.last?.upperBound }

  /// `true` if a number is among them.
  package func contains(_ number: UInt64) -> Bool { !common(with: number...number).isEmpty }

  /// Adds numbers.
  package mutating func insert(_ new: ClosedRange<UInt64>) {
    var merged = new
    // Nearly always it goes after the last one.
    var low = ranges.count
    while low > 0, Self.touch(ranges[low - 1], new) || ranges[low - 1].lowerBound > new.lowerBound { low -= 1 }
    var high = low
    while high < ranges.count, Self.touch(ranges[high], merged) {
      merged = min(ranges[high].lowerBound, merged.lowerBound)...max(ranges[high].upperBound, merged.upperBound)
      high += 1
    }
    ranges.replaceSubrange(low..<high, with: [merged])
  }

  private static func touch(_ left: ClosedRange<UInt64>, _ right: ClosedRange<UInt64>) -> Bool {
    if left.overlaps(right) { return true }
    let (lower, upper) = left.upperBound < right.lowerBound ? (left, right) : (right, left)
    return upper.lowerBound - lower.upperBound == 1
  }

  /// The numbers of a range that are in the set.
  package func common(with range: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
    var found: [ClosedRange<UInt64>] = []
    for part in ranges.reversed() {
      if part.upperBound < range.lowerBound { break }
      if part.overlaps(range) { found.append(part.clamped(to: range)) }
    }
    return found.reversed()
  }

  /// The numbers of a range that are not in the set.
  package func missing(from range: Range<UInt64>) -> [ClosedRange<UInt64>] {
    guard let last = range.last else { return [] }
    var gaps: [ClosedRange<UInt64>] = []
    var next = range.lowerBound
    for part in common(with: range.lowerBound...last) {
      if next < part.lowerBound { gaps.append(next...part.lowerBound - 1) }
      // Not beyond `last`, which is less than the range's bound: no overflow.
      next = part.upperBound + 1
    }
    if next <= last { gaps.append(next...last) }
    return gaps
  }
}

extension Sequence<ClosedRange<UInt64>> {
  /// The number of numbers that they are together.
  package var total: UInt64 { reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 } }

  /// The first ones, as text.
  package var text: String {
    let parts = prefix(4).map {
      $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) … \($0.upperBound)"
    }
    let shown = parts.joined(separator: ", ")
    return dropFirst(4).contains { _ in true } ? shown + ", …" : shown
  }
}
