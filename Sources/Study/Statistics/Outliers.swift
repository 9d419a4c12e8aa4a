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
