/// The 95 % confidence interval of a statistic.
public struct ConfidenceInterval: Sendable, Equatable {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// An interval from its ends.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Whether a value lies in it, an end included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// The percentile bootstrap of B. Efron (1979): the statistic of samples drawn with replacement from the sample.
///
/// It draws trials and not the samples in them, since those depend on each other. The draws are the same each time, so
/// that the same results give the same interval.
public enum Bootstrap {
  /// The number of draws.
  public static let resamples = 2_000
  /// With fewer trials the interval of a median is the range of the trials, and is not called an interval.
  public static let fewestTrials = 6

  /// The interval of a statistic of one group of values for each trial; `nil` where one group has too few of them, or
  /// where a draw has no value.
  public static func interval(
    of groups: [[Double]], _ statistic: ([[Double]]) -> Double?
  ) -> ConfidenceInterval? {
    guard !groups.isEmpty, groups.allSatisfy({ $0.count >= fewestTrials }) else { return nil }
    var generator = SeededGenerator(seed: 0x0B00_7574)
    var drawn: [Double] = []
    drawn.reserveCapacity(resamples)
    var resampled = groups
    for _ in 0..<resamples {
      for (place, group) in groups.enumerated() {
        for trial in group.indices {
          resampled[place][trial] = group[Int.random(in: group.indices, using: &generator)]
        }
      }
      guard let value = statistic(resampled), value.isFinite else { return nil }
      drawn.append(value)
    }
    guard let low = drawn.quantile(0.025), let high = drawn.quantile(0.975) else { return nil }
    return ConfidenceInterval(low: low, high: high)
  }

  /// The interval of the median of some values, or their range if there are too few; `nil` of fewer than two.
  public static func medianSpread(_ values: [Double]) -> ConfidenceInterval? {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
    return medianInterval(values) ?? ConfidenceInterval(low: low, high: high)
  }

  /// The interval of the median of some values; `nil` where there are too few.
  public static func medianInterval(_ values: [Double]) -> ConfidenceInterval? {
    interval(of: [values]) { $0[0].median }
  }
}
