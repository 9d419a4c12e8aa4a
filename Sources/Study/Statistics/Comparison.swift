/// Two series of trials, one value for each trial, held against each other.
public struct Comparison: Sendable, Equatable {
  /// The values of one series, one for each trial, in the order of the trials.
  public let base: [Double]
  /// The values of the other.
  public let other: [Double]
  /// See ``MannWhitney/p(_:_:)``.
  public let p: Double

  /// Two series, one value for each trial, in the order of the trials.
  public init(base: [Double], other: [Double]) {
    self.base = base
    self.other = other
    p = MannWhitney.p(base, other)
  }

  /// The median of `other` over that of `base`; `nil` without values, or where the latter is 0.
  public var ratio: Double? { Comparison.ratio([base, other]) }

  /// The interval of the ratio.
  public var ratioInterval: ConfidenceInterval? { Bootstrap.interval(of: [base, other], Comparison.ratio) }

  /// Whether ``p`` lies below ``MannWhitney/significance``.
  public var isSignificant: Bool { p < MannWhitney.significance }

  /// Whether so few trials can differ significantly at all.
  public var canBeSignificant: Bool { MannWhitney.canTell(base.count, other.count) }

  /// One series against itself: every other trial against the rest. What it says to differ is the noise of the machine.
  /// - Parameter values: one for each trial, in the order of the trials.
  public static func withItself(_ values: [Double]) -> Comparison {
    let numbered = values.enumerated()
    return Comparison(
      base: numbered.filter { $0.offset % 2 == 0 }.map(\.element),
      other: numbered.filter { $0.offset % 2 == 1 }.map(\.element))
  }

  private static func ratio(_ groups: [[Double]]) -> Double? {
    guard let base = groups[0].median, let other = groups[1].median, base != 0 else { return nil }
    return other / base
  }
}
