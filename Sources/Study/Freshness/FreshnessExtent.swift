/// The extent of the measurement of delivery latency.
public struct FreshnessExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The rates that are offered, in events a second.
  var rates: [UInt64]
  /// For how long events are recorded at a point, at least, in nanoseconds.
  var window: UInt64
  /// A point at which an event may wait longer than this by design, in nanoseconds, is left out.
  var longest: UInt64
  /// `true` if readers that leave partial sub-buffers to the writer are measured beside those that end them.
  var unflushed: Bool
  /// `true` if a polling reader is measured where it would have to end partial sub-buffers, which no consumer does.
  var pollsWithFlush = true
  /// The periods of readers that look by a timer of their own, in nanoseconds.
  var periods: [UInt64]
  /// The periods of the ABI's own timer, in microseconds.
  var switchTimers: [UInt32]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    switch profile {
    case .quick:
      (trials, rates, window, longest) = (5, [10_000, 100_000], 20_000_000, 20_000_000)
      (unflushed, periods, switchTimers) = (false, [1_000_000], [1_000])
      pollsWithFlush = false
    case .standard:
      (trials, rates, window, longest) = (10, [1_000, 10_000, 100_000], 50_000_000, 150_000_000)
      (unflushed, periods, switchTimers) = (true, [1_000_000, 10_000_000], [1_000, 10_000])
    case .thorough:
      (trials, rates, window, longest) = (20, [1_000, 10_000, 100_000, 300_000], 50_000_000, 700_000_000)
      (unflushed, periods, switchTimers) = (true, [1_000_000, 10_000_000], [1_000, 10_000])
    }
  }
}
