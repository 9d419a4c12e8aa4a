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
