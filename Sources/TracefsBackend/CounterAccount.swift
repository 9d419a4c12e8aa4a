/// What a counter of the kernel's has counted since the ring buffer was made, and how much of it was told in hand-overs.
/// A clear of the ring buffer sets the counter to 0; what it had counted at the last look before that is kept.
struct CounterAccount {
  /// What it has counted.
  private(set) var total: UInt64
  private var last: UInt64
  private var told: UInt64

  /// An account of a counter as it is when the source is opened. What it counted before is not told in hand-overs.
  init(at count: UInt64) {
    total = count
    last = count
    told = count
  }

  /// Takes the counter as it is now.
  @inline(__always)
  mutating func read(_ count: UInt64) {
    total &+= count >= last ? count &- last : count
    last = count
  }

  /// A hand-over has told of so many events; the first one also of those from before the source was opened.
  mutating func tell(_ count: UInt64) {
    let (sum, overflow) = told.addingReportingOverflow(count)
    told = overflow ? total : min(sum, total)
  }

  /// Tells of everything that was not told yet, and says how many events that are.
  mutating func tellAll() -> UInt64 {
    defer { told = total }
    return total &- told
  }
}
