/// Keeps the books over the sequence numbers that a reader finds.
public struct SequenceLedger: Sendable {
  /// Events delivered, each sequence number counted once.
  public private(set) var delivered: UInt64 = 0
  /// Sequence numbers that came again.
  public private(set) var duplicates: UInt64 = 0
  /// Sequence numbers that came after a higher one.
  public private(set) var reordered: UInt64 = 0
  /// Sequence numbers outside of what was produced.
  public private(set) var foreign: UInt64 = 0
  /// Runs of missing numbers between two that were delivered, or before the first.
  public private(set) var gaps: UInt64 = 0

  private var seen: [UInt64]
  private let range: Range<UInt64>
  private var next: UInt64

  /// Books for the sequence numbers of `range`.
  public init(_ range: Range<UInt64>) {
    self.range = range
    next = range.lowerBound
    seen = Array(repeating: 0, count: Int((range.count + 63) / 64))
  }

  /// Enters one event.
  public mutating func enter(_ sequence: UInt64) {
    guard range.contains(sequence) else {
      foreign += 1
      return
    }
    let index = sequence - range.lowerBound
    let bit = UInt64(1) << (index % 64)
    guard seen[Int(index / 64)] & bit == 0 else {
      duplicates += 1
      return
    }
    seen[Int(index / 64)] |= bit
    delivered += 1
    if sequence < next {
      reordered += 1
      return
    }
    if sequence > next { gaps += 1 }
    next = sequence + 1
  }

  /// Ends the books: what is missing behind the last event is a gap too.
  public mutating func close() {
    if next < range.upperBound {
      gaps += 1
      next = range.upperBound
    }
  }
}
