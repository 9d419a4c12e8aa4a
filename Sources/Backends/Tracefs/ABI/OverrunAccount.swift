/// `overrun` of the meta page, and how much of it was reported in hand-overs: what bounds a loss whose number is not
/// told.
///
/// A sub-buffer with the mark of a loss and no number stands for what `overrun` grew by from one exchange to the next. The
/// kernel takes it at the exchange and copies it into the meta page later, so that what is read may be more than it was at
/// the exchange, and never less.
struct OverrunAccount {
  private(set) var counter: CounterAccount
  private let atOpen: UInt64
  private var told: UInt64 = 0
  /// `true` if no exchange was seen yet: the next one also reports losses from before the source was opened.
  private var isFirst = true

  /// An account that begins where the counter is.
  init(at overrun: UInt64) {
    counter = CounterAccount(at: overrun)
    atOpen = overrun
  }

  /// Takes the counter as it is now.
  @inline(__always)
  mutating func read(_ overrun: UInt64, isCleared: Bool) { counter.read(overrun, isCleared: isCleared) }

  /// An exchange brought a sub-buffer that reports N lost events: 0 without a mark.
  @inline(__always)
  mutating func tell(_ count: UInt64) {
    let (sum, overflow) = told.addingReportingOverflow(count)
    told = min(overflow ? .max : sum, counter.total)
    // A loss before the opening was reported to an earlier reader, or is in this count.
    if isFirst { told = max(told, min(atOpen, counter.total)) }
    isFirst = false
  }

  /// An exchange brought a sub-buffer with a mark and no number: at most N events.
  mutating func tellAll() -> UInt64 {
    defer {
      told = counter.total
      isFirst = false
    }
    return counter.total &- told
  }
}

/// The increments of a kernel counter since the ring buffer was made. A clear of the ring buffer sets the counter to
/// 0; what it had counted at the last look before that is kept.
struct CounterAccount {
  /// The total count.
  private(set) var total: UInt64
  private var last: UInt64

  /// An account of a counter as it is when the source is opened.
  init(at count: UInt64) {
    total = count
    last = count
  }

  /// Takes the counter as it is now.
  /// - Parameter isCleared: whether the ring buffer is known to have been cleared since the last look. Without that a
  ///   counter that has not fallen is taken to have grown.
  @inline(__always)
  mutating func read(_ count: UInt64, isCleared: Bool) {
    total &+= isCleared || count < last ? count : count &- last
    last = count
  }
}
