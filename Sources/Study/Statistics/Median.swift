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
