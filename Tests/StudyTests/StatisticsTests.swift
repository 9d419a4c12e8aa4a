@testable import Results
import Testing

@Suite struct StatisticsTests {
  @Test func medians() {
    #expect([Double]().median == nil)
    #expect([3.0].median == 3)
    #expect([9.0, 1, 3].median == 3)
    #expect([4.0, 1, 2, 9].median == 3)
  }

  /// R: quantile(c(1, 2, 4, 8, 16), c(.1, .25, .9), type = 7).
  @Test func quantilesAsInR() {
    let values = [16.0, 8, 4, 2, 1]
    #expect([0.1, 0.25, 0.9].compactMap(values.quantile).map { ($0 * 10).rounded() / 10 } == [1.4, 2, 12.8])
    #expect(values.quantile(-1) == 1)
    #expect(values.quantile(2) == 16)
  }

  /// Without ties: of the C(8, 4) = 70 ways to divide 8 values in two, 2 are the most extreme.
  @Test func theTestCountsAllWays() {
    #expect(MannWhitney.p([1, 2, 3, 4], [5, 6, 7, 8]) == 2.0 / 70)
    #expect(MannWhitney.p([5, 6, 7, 8], [1, 2, 3, 4]) == 2.0 / 70)
    #expect(MannWhitney.p([1, 3], [2, 4]) == 4.0 / 6)
    #expect(MannWhitney.p([1, 4], [2, 3]) == 1)
    #expect(MannWhitney.p([7, 7, 7], [7, 7, 7]) == 1)
    #expect(MannWhitney.p([], [1]) == 1)
  }

  /// With ties: {1, 2} against {2, 3} has rank sums 3.5 and 6.5; of the six divisions of 1, 2, 2, 3 all but the two with
  /// the sum 5 are at least as far apart.
  @Test func equalValuesShareTheirRanks() {
    #expect(MannWhitney.p([1, 2], [2, 3]) == 4.0 / 6)
  }

  /// The exact and the approximated p-value agree where both are available.
  @Test func theApproximationIsNear() {
    let left = (0..<20).map { Double($0 * 7 % 20) }
    for shift in [0.5, 3.5, 6.5] {
      let right = left.map { $0 + shift }
      let counted = MannWhitney.p(left, right)
      let approximated = MannWhitney.p(left, right, mostCounted: 0)
      #expect(abs(counted - approximated) < 0.01, "\(shift): \(counted), \(approximated)")
    }
    let far = (0..<30).map(Double.init)
    #expect(MannWhitney.p(far, far.map { $0 + 100 }) < 1e-9)
    #expect(MannWhitney.p(far, far) > 0.9)
  }

  @Test func theIntervalHoldsTheMedianAndIsTheSameAgain() throws {
    let values = [10.0, 11, 12, 13, 14, 15, 16]
    let interval = try #require(Bootstrap.medianInterval(values))
    #expect(interval.contains(13))
    #expect(interval.low >= 10 && interval.high <= 16 && interval.low < interval.high)
    #expect(Bootstrap.medianInterval(values) == interval)
    #expect(Bootstrap.medianInterval([5, 5, 5, 5, 5, 5]) == ConfidenceInterval(low: 5, high: 5))
  }

  @Test func `there is an interval only where it is narrower than the range`() throws {
    #expect(Bootstrap.medianInterval([1, 2, 3, 4, 5]) == nil)
    let six = try #require(Bootstrap.medianInterval([1, 2, 3, 4, 5, 6]))
    #expect(six.low > 1 && six.high < 6)
    #expect(Bootstrap.medianSpread([1, 2, 3, 4, 5]) == ConfidenceInterval(low: 1, high: 5))
    #expect(Bootstrap.medianSpread([1, 2, 3, 4, 5, 6]) == six)
    #expect(Bootstrap.medianSpread([1]) == nil)
  }

  @Test func `the range of a ratio holds the ratio of every two trials`() {
    let comparison = Comparison(base: [2, 4], other: [6, 8])
    #expect(comparison.ratioRange == ConfidenceInterval(low: 1.5, high: 4))
    #expect(Comparison(base: [0, 1], other: [1]).ratioRange == nil)
  }

  @Test func `medians that differ by less than half a per cent are equal`() {
    #expect(Comparison(base: [1524, 1524], other: [1525, 1525]).isEqual)
    #expect(!Comparison(base: [100], other: [101]).isEqual)
  }

  @Test func `a complete separation has the least p`() {
    let (low, high) = ([1.0, 2, 3, 4, 5], [6.0, 7, 8, 9, 10])
    #expect(Comparison(base: low, other: high).separation == .above)
    #expect(Comparison(base: high, other: low).separation == .below)
    #expect(Comparison(base: low, other: [5, 7]).separation == nil)
    #expect(abs(MannWhitney.leastP(5, 5) - MannWhitney.p(low, high)) < 1e-12)
  }

  /// R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
  @Test func `Holm's correction is that of R`() {
    let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.005]).map { ($0 * 1000).rounded() / 1000 }
    #expect(adjusted == [0.03, 0.06, 0.06, 0.02])
    #expect(Holm.adjusted([0.9, 0.8]) == [1, 1])
    #expect(Holm.adjusted([]).isEmpty)
  }

  @Test func `trials in two clusters have two speeds and one outlier has not`() throws {
    let two = try #require(TwoSpeeds(in: [561, 401, 561, 391, 401]))
    #expect(two.fast == [391, 401, 401] && two.slow == [561, 561])
    #expect(abs(two.gap - 160.0 / 401) < 1e-12)
    for values in [[561, 401, 401, 391, 401], [400, 410, 430, 440], [1, 2], [5], [], [0, 0, 0, 9, 9]] as [[Double]] {
      #expect(TwoSpeeds(in: values) == nil, "\(values)")
    }
  }

  @Test func aRatioIsThatOfTheMedians() throws {
    let comparison = Comparison(base: [1, 2, 2, 2, 2, 3], other: [5, 6, 6, 6, 6, 7])
    #expect(comparison.ratio == 3)
    #expect(try #require(comparison.ratioInterval).contains(3))
    #expect(comparison.isSignificant)
    #expect(Comparison(base: [0], other: [1]).ratio == nil)
    #expect(Comparison(base: [], other: [1]).ratio == nil)
  }

  @Test func againstItselfEveryOtherTrial() {
    let itself = Comparison.withItself([1, 2, 3, 4, 5])
    #expect(itself.base == [1, 3, 5])
    #expect(itself.other == [2, 4])
    #expect(!itself.isSignificant)
  }

  @Test func aLineIsFound() throws {
    let levels = [1.0, 4, 16, 64].map { level in
      LinearFit.Level(level: level, trials: (0..<6).map { 400 + 30 * level + Double($0) - 2.5 })
    }
    let fit = try #require(LinearFit(levels))
    #expect(abs(fit.intercept - 400) < 1e-6)
    #expect(abs(fit.slope - 30) < 1e-9)
    #expect(try #require(fit.slopeInterval).contains(30))
    #expect(try #require(fit.slopeRange).contains(30 - 1e-9) || fit.slopeRange.map { abs($0.low - 30) < 1e-9 } == true)
    #expect(fit.greatestDeviation < 1e-9)
  }

  @Test func twoLevelsAreNoLineAndASquareIsOffIt() throws {
    let levels = [1.0, 2, 4, 8].map { LinearFit.Level(level: $0, trials: [$0 * $0]) }
    #expect(LinearFit(Array(levels.prefix(2))) == nil)
    let fit = try #require(LinearFit(levels))
    #expect(fit.greatestDeviation > 0.5)
    #expect(fit.slopeInterval == nil)
    #expect(LinearFit([levels[0], levels[0], levels[0]]) == nil)
  }

  @Test func outliersAreLabelled() {
    let near = (1...20).map(Double.init)
    let none = Outliers(in: near)
    #expect((none.mild, none.severe) == (0, 0))
    let some = Outliers(in: near + [30, 100])
    #expect(some.severe == 1)
    #expect(some.mild <= 1)
    let nothing = Outliers(in: [])
    #expect((nothing.mild, nothing.severe) == (0, 0))
  }

  @Test(arguments: [
    (0, 9, false), (1, 30, false), (2, 3, false), (3, 3, false), (3, 5, true), (4, 4, true), (5, 5, true),
  ])
  func tooFewTrialsTellNothing(_ left: Int, _ right: Int, _ canTell: Bool) {
    #expect(MannWhitney.canTell(left, right) == canTell)
    // The two samples are as far apart as possible.
    let p = MannWhitney.p((0..<left).map { Double($0) }, (0..<right).map { Double($0 + 100) })
    #expect((p < MannWhitney.significance) == canTell)
  }
}
