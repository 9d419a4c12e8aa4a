/// The line of least squares through points, each the median of the trials at one level.
public struct LinearFit: Sendable, Equatable {
  /// The values of all trials at one level of what is varied.
  public struct Level: Sendable, Equatable {
    /// The value of the varied quantity, in its unit.
    public var level: Double
    /// One value for each trial.
    public var trials: [Double]

    /// A level with its trials.
    public init(level: Double, trials: [Double]) {
      self.level = level
      self.trials = trials
    }
  }

  /// The value at level 0.
  public var intercept: Double
  /// The increase per unit.
  public var slope: Double
  /// The interval of the slope; `nil` with too few trials.
  public var slopeInterval: ConfidenceInterval?
  /// The least and the greatest slope of the lines through one trial of each level; `nil` where the levels have no common
  /// trials.
  public var slopeRange: ConfidenceInterval?
  /// The interval of the slope, or its range if there are too few trials for an interval.
  public var slopeSpread: ConfidenceInterval? { slopeInterval ?? slopeRange }

  /// `true` if the spread of the slope excludes 0, `false` if it contains 0; `nil` without a spread.
  public var grows: Bool? { slopeSpread.map { !$0.contains(0) } }

  /// The growth over all levels, as a share of the value at 0, below which a line counts as flat.
  public static let leastGrowth = 0.1

  /// `true` if the spread of the slope contains 0, or the growth up to a level is below ``leastGrowth``.
  public func isFlat(upTo level: Double) -> Bool {
    grows == false || abs(slope * level) < LinearFit.leastGrowth * abs(intercept)
  }

  /// The largest residual of a level, as a share of its value: 0.1 for 10 %.
  public var greatestDeviation: Double

  /// The line through levels; `nil` of fewer than three different ones.
  public init?(_ levels: [Level]) {
    let filled = levels.filter { !$0.trials.isEmpty }
    guard Set(filled.map(\.level)).count >= 3,
      let line = LinearFit.line(filled.map(\.level), filled.compactMap(\.trials.median))
    else { return nil }
    intercept = line.intercept
    slope = line.slope
    let levels = filled.map(\.level)
    slopeInterval = Bootstrap.interval(of: filled.map(\.trials)) { LinearFit.line(levels, $0)?.slope }
    let slopes = (0..<(filled.map(\.trials.count).min() ?? 0)).compactMap { trial in
      LinearFit.line(levels, filled.map { $0.trials[trial] })?.slope
    }
    slopeRange = slopes.min().flatMap { low in slopes.max().map { ConfidenceInterval(low: low, high: $0) } }
    greatestDeviation =
      filled.compactMap { level in
        level.trials.median.flatMap { $0 == 0 ? nil : abs(line.intercept + line.slope * level.level - $0) / abs($0) }
      }.max() ?? 0
  }

  private static func line(_ x: [Double], _ y: [Double]) -> (intercept: Double, slope: Double)? {
    guard y.count == x.count else { return nil }
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 0 else { return nil }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    return (meanY - slope * meanX, slope)
  }
}
