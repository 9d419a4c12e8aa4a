/// `overrun` of the meta page, and the part of it that hand-overs reported: the bound of a loss that is reported without a
/// number.
///
/// A sub-buffer with the flag of a loss and no number stands for what `overrun` grew by from one exchange to the next. The
/// kernel takes it at the exchange and copies it into the meta page later, so that what is read may be more than it was at
/// the exchange, and never less.
@frozen
public struct OverrunAccount: Sendable {
  /// The counter.
  @usableFromInline internal var counter: CounterAccount
  @usableFromInline internal let atOpen: UInt64
  @usableFromInline internal var reported: UInt64 = 0
  /// `true` if no exchange was seen yet: the next one also reports losses from before the source was opened.
  @usableFromInline internal var isFirst = true

  /// An account that begins where the counter is.
  @inlinable
  public init(at overrun: UInt64) {
    counter = CounterAccount(at: overrun)
    atOpen = overrun
  }

  /// The increments of the counter since the ring buffer was made, in events.
  @inlinable public var total: UInt64 { counter.total }

  /// Takes the counter as it is now.
  @inlinable @inline(__always)
  public mutating func read(_ overrun: UInt64, isCleared: Bool) { counter.read(overrun, isCleared: isCleared) }

  /// An exchange brought a sub-buffer that reports N lost events: 0 without a flag.
  @inlinable @inline(__always)
  public mutating func report(_ count: UInt64) {
    let (sum, overflow) = reported.addingReportingOverflow(count)
    reported = min(overflow ? .max : sum, counter.total)
    // A loss before the opening was reported to an earlier reader, or is in this count.
    if isFirst { reported = max(reported, min(atOpen, counter.total)) }
    isFirst = false
  }

  /// An exchange brought a sub-buffer with a flag and no number.
  /// - Returns: the largest number of events that it can stand for.
  public mutating func reportAll() -> UInt64 {
    defer {
      reported = counter.total
      isFirst = false
    }
    return counter.total &- reported
  }
}

/// The increments of a kernel counter since the ring buffer was made. A clear of the ring buffer sets the counter to
/// 0; what it had counted at the last look before that is kept.
@frozen
public struct CounterAccount: Sendable {
  @usableFromInline internal var sum: UInt64
  @usableFromInline internal var last: UInt64

  /// An account of a counter as it is when the source is opened.
  @inlinable
  public init(at count: UInt64) {
    sum = count
    last = count
  }

  /// The total count.
  @inlinable public var total: UInt64 { sum }

  /// Takes the counter as it is now.
  /// - Parameter isCleared: whether the ring buffer is known to have been cleared since the last look. Without that a
  ///   counter that has not fallen is taken to have grown.
  @inlinable @inline(__always)
  public mutating func read(_ count: UInt64, isCleared: Bool) {
    sum &+= isCleared || count < last ? count : count &- last
    last = count
  }
}
