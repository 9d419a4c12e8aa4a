extension Collection<Double> {
  /// The middle value, or the mean of the two middle ones; `nil` of nothing.
  public var median: Double? { quantile(0.5) }

  /// The value below which a share of the values lies, by linear interpolation between the two nearest order statistics
  /// (type 7 of R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, 1996); `nil` of nothing.
  public func quantile(_ share: Double) -> Double? { sorted().quantileOfAscending(share) }
}

extension [Double] {
  /// The quantile of ascending values.
  func quantileOfAscending(_ share: Double) -> Double? {
    guard let last else { return nil }
    let place = Swift.min(Swift.max(share, 0), 1) * Double(count - 1)
    let below = Int(place)
    guard below + 1 < count else { return last }
    return self[below] + (place - Double(below)) * (self[below + 1] - self[below])
  }
}

/// Values that lie far from the others, by the fences of J. W. Tukey (1977). They are labelled and stay.
public struct Outliers: Sendable, Equatable {
  /// Beyond 1.5 times the interquartile range from the quartiles, and not beyond 3 times.
  public var mild: Int
  /// Beyond 3 times the interquartile range from the quartiles.
  public var severe: Int

  /// Makes the range of some values.
  public init(in values: [Double]) {
    guard let low = values.quantile(0.25), let high = values.quantile(0.75) else {
      (mild, severe) = (0, 0)
      return
    }
    let range = high - low
    let far = values.count { $0 < low - 3 * range || $0 > high + 3 * range }
    mild = values.count { $0 < low - 1.5 * range || $0 > high + 1.5 * range } - far
    severe = far
  }
}

/// Trials of one measurement that fall into two clusters: the machine had two speeds.
public struct TwoSpeeds: Sendable, Equatable {
  /// The values of the faster trials, in ascending order.
  public var fast: [Double]
  /// The values of the slower trials, in ascending order.
  public var slow: [Double]
  /// The distance between the clusters as a share of the median of all trials.
  public var gap: Double

  /// The least gap that counts, as a share of the median.
  public static let leastGap = 0.15

  /// The clusters of some values; `nil` where the largest gap is at most ``leastGap`` of their median, or where only one
  /// value is on one side of it, which is an outlier.
  public init?(in values: [Double]) {
    let ascending = values.sorted()
    let gaps: [Double] = zip(ascending, ascending.dropFirst()).map { $1 - $0 }
    guard let median = values.median, median > 0, let largest = gaps.max(), let last = gaps.firstIndex(of: largest)
    else { return nil }
    gap = largest / median
    fast = Array(ascending[...last])
    slow = Array(ascending[(last + 1)...])
    guard gap > TwoSpeeds.leastGap, fast.count > 1, slow.count > 1 else { return nil }
  }
}
