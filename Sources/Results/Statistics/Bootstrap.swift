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

  /// The interval of a statistic of the medians of groups, each of one value for each trial; `nil` where one group has too
  /// few of them, or where a draw has no value.
  public static func interval(
    of groups: [[Double]], _ statistic: (_ medians: [Double]) -> Double?
  ) -> ConfidenceInterval? {
    guard !groups.isEmpty, groups.allSatisfy({ $0.count >= fewestTrials }) else { return nil }
    var generator = SeededGenerator(seed: 0x0B00_7574)
    var drawn: [Double] = []
    drawn.reserveCapacity(resamples)
    var groups = groups.map(ResampledGroup.init)
    var medians = [Double](repeating: 0, count: groups.count)
    for _ in 0..<resamples {
      for place in groups.indices { medians[place] = groups[place].medianOfDraw(using: &generator) }
      guard let value = statistic(medians), value.isFinite else { return nil }
      drawn.append(value)
    }
    drawn.sort()
    guard let low = drawn.quantileOfAscending(0.025), let high = drawn.quantileOfAscending(0.975) else { return nil }
    return ConfidenceInterval(low: low, high: high)
  }

  /// The interval of the median of some values, or their range if there are too few; `nil` of fewer than two.
  public static func medianSpread(_ values: [Double]) -> ConfidenceInterval? {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
    return medianInterval(values) ?? ConfidenceInterval(low: low, high: high)
  }

  /// The interval of the median of some values; `nil` where there are too few.
  public static func medianInterval(_ values: [Double]) -> ConfidenceInterval? {
    interval(of: [values]) { $0[0] }
  }
}

/// Values from which samples of the same size are drawn with replacement.
private struct ResampledGroup {
  /// The values, ascending.
  private let ascending: [Double]
  /// The place of each value in them, in the original order.
  private let ranks: [Int]
  /// The number of times that each was drawn.
  private var counts: [Int]

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    ascending = order.map { values[$0] }
    var ranks = [Int](repeating: 0, count: values.count)
    for (rank, index) in order.enumerated() { ranks[index] = rank }
    self.ranks = ranks
    counts = [Int](repeating: 0, count: values.count)
  }

  /// Draws a sample and returns its median, as ``Swift/Collection/median`` does, without sorting it.
  mutating func medianOfDraw(using generator: inout SeededGenerator) -> Double {
    for rank in counts.indices { counts[rank] = 0 }
    for _ in ranks { counts[ranks[Int.random(in: ranks.indices, using: &generator)]] += 1 }
    let (low, high) = ((ranks.count - 1) / 2, ranks.count / 2)
    var (seen, rank) = (counts[0], 0)
    while seen <= low { (rank, seen) = (rank + 1, seen + counts[rank + 1]) }
    let lower = ascending[rank]
    while seen <= high { (rank, seen) = (rank + 1, seen + counts[rank + 1]) }
    return lower + 0.5 * (ascending[rank] - lower)
  }
}
