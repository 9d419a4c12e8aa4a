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
