/// How far `overrun` of the meta page has come since the source was opened, and how much of it was told in hand-overs.
struct OverrunAccount {
  /// Events that were overwritten since the source was opened, those before a clear of the ring buffer included.
  private(set) var growth: UInt64 = 0
  private var last: UInt64
  private var told: UInt64 = 0

  /// An account that begins where the counter is.
  init(at overrun: UInt64) {
    last = overrun
  }

  /// Takes the counter as it is now. A clear of the ring buffer sets it to 0.
  @inline(__always)
  mutating func read(_ overrun: UInt64) {
    growth &+= overrun >= last ? overrun &- last : overrun
    last = overrun
  }

  /// A hand-over has told of so many events; the first one also of those from before the source was opened.
  mutating func tell(_ count: UInt64) {
    let (sum, overflow) = told.addingReportingOverflow(count)
    told = overflow ? growth : min(sum, growth)
  }

  /// Tells of everything that was not told yet, and says how many events that are.
  mutating func tellAll() -> UInt64 {
    defer { told = growth }
    return growth &- told
  }
}
