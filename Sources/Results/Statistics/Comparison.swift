/// A comparison of two series of trials, one value for each trial.
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
  public var ratio: Double? { Comparison.ratio([base, other].compactMap(\.median)) }

  /// The interval of the ratio.
  public var ratioInterval: ConfidenceInterval? { Bootstrap.interval(of: [base, other], Comparison.ratio) }

  /// The least and the greatest ratio of a trial of `other` to one of `base`; `nil` if there is none.
  public var ratioRange: ConfidenceInterval? {
    guard let least = base.min(), let greatest = base.max(), let low = other.min(), let high = other.max(), least > 0
    else { return nil }
    return ConfidenceInterval(low: low / greatest, high: high / least)
  }

  /// `true` if both medians are equal to within 0.5 %.
  public var isEqual: Bool { ratio.map { abs($0 - 1) < 0.005 } ?? false }

  /// The separation of the samples: each value of `other` is greater than each of `base`, or each is less; `nil` where
  /// they overlap.
  public var separation: Separation? {
    guard let least = base.min(), let greatest = base.max(), let low = other.min(), let high = other.max() else {
      return nil
    }
    return low > greatest ? .above : high < least ? .below : nil
  }

  /// The position of one series that does not overlap the other.
  public enum Separation: String, Sendable {
    /// All values of the second are greater than all of the first.
    case above
    /// All values of the second are less.
    case below
  }

  /// `true` if ``p`` lies below ``MannWhitney/significance``, uncorrected for other comparisons.
  public var isSignificant: Bool { p < MannWhitney.significance }

  /// `true` if any result of so few trials is significant.
  public var canBeSignificant: Bool { MannWhitney.canTell(base.count, other.count) }

  /// One series compared with itself, every other trial with the rest (A/A): the noise of the machine.
  /// - Parameter values: one for each trial, in the order of the trials.
  public static func withItself(_ values: [Double]) -> Comparison {
    let numbered = values.enumerated()
    return Comparison(
      base: numbered.filter { $0.offset % 2 == 0 }.map(\.element),
      other: numbered.filter { $0.offset % 2 == 1 }.map(\.element))
  }

  private static func ratio(_ medians: [Double]) -> Double? {
    medians.count == 2 && medians[0] != 0 ? medians[1] / medians[0] : nil
  }
}

/// The correction of S. Holm (1979) for the number of tests: the probability that any of the significant ones is a
/// false one stays below the level.
public enum Holm {
  /// The corrected p of each test, in the order of the tests, at most 1.
  public static func adjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var greatest = 0.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      greatest = max(greatest, min(1, p[index] * Double(p.count - rank)))
      adjusted[index] = greatest
    }
    return adjusted
  }
}
