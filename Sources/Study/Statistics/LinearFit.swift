/// The line of least squares through points, each the median of the trials at one level.
public struct LinearFit: Sendable, Equatable {
  /// The values of all trials at one level of what is varied.
  public struct Level: Sendable, Equatable {
    /// What is varied, in its unit.
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
  /// What one unit more adds.
  public var slope: Double
  /// The interval of the slope; `nil` with too few trials.
  public var slopeInterval: ConfidenceInterval?
  /// By how much of its value the level lies away from the line that does so most: 0.1 for 10 %.
  public var greatestDeviation: Double

  /// The line through levels; `nil` of fewer than three different ones, through which a line says nothing.
  public init?(_ levels: [Level]) {
    let filled = levels.filter { !$0.trials.isEmpty }
    guard Set(filled.map(\.level)).count >= 3, let line = LinearFit.line(filled.map(\.level), filled.map(\.trials))
    else { return nil }
    intercept = line.intercept
    slope = line.slope
    slopeInterval = Bootstrap.interval(of: filled.map(\.trials)) { LinearFit.line(filled.map(\.level), $0)?.slope }
    greatestDeviation =
      filled.compactMap { level in
        level.trials.median.flatMap { $0 == 0 ? nil : abs(line.intercept + line.slope * level.level - $0) / abs($0) }
      }.max() ?? 0
  }

  private static func line(_ x: [Double], _ trials: [[Double]]) -> (intercept: Double, slope: Double)? {
    let y = trials.compactMap(\.median)
    guard y.count == x.count else { return nil }
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 0 else { return nil }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    return (meanY - slope * meanX, slope)
  }
}
