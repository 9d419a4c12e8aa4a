/// One requirement, and whether it is met.
struct Row {
  /// What is required of the number that is judged.
  enum Limit {
    case atMost(Double)
    case atLeast(Double)
    case none
  }

  /// What was measured, with its unit.
  var what: String
  /// The median in Swift.
  var swift: Double
  /// The median in C, or of the other program; `nil` where there is none.
  var other: Double?
  /// The number that is judged: a ratio, or the median itself where there is no other.
  var judged: Interval
  /// Swift against itself, and the other against itself: what the same work differs by from trial to trial.
  var swiftAgainstItself: Interval?
  var otherAgainstItself: Interval?
  /// What is required.
  var limit: Limit

  /// The whole interval has to be within the limit.
  var isMet: Bool {
    switch limit {
    case .atMost(let limit): judged.upper <= limit
    case .atLeast(let limit): judged.lower >= limit
    case .none: true
    }
  }

  private static let swift = [Samples.Column.swift, .swiftAgain]
  private static let other = [Samples.Column.other, .otherAgain]

  /// A contest's row, whose ratio is Swift by the other.
  init(
    _ what: String, _ samples: Samples, limit: Limit, _ random: inout some RandomNumberGenerator
  ) {
    self.init(what, samples, judged: samples.ratio(Self.swift, Self.other, &random), limit, &random)
  }

  /// How many times as fast Swift is as the other.
  init(
    speedUp what: String, _ samples: Samples, limit: Limit, _ random: inout some RandomNumberGenerator
  ) {
    self.init(what, samples, judged: samples.ratio(Self.other, Self.swift, &random), limit, &random)
  }

  /// The median itself, in nanoseconds; beside it that of the other form, where there is one.
  init(
    median what: String, _ samples: Samples, limit: Limit, _ random: inout some RandomNumberGenerator
  ) {
    let other = samples.median(.other, .otherAgain)
    self.init(
      what: what, swift: samples.median(.swift, .swiftAgain), other: other.isNaN ? nil : other,
      judged: samples.median(Self.swift, &random), limit: limit)
    swiftAgainstItself = samples.ratio([.swift], [.swiftAgain], &random)
    otherAgainstItself = other.isNaN ? nil : samples.ratio([.other], [.otherAgain], &random)
  }

  /// A number of Swift alone.
  init(what: String, swift: Double, other: Double? = nil, judged: Interval, limit: Limit) {
    self.what = what
    self.swift = swift
    self.other = other
    self.judged = judged
    self.limit = limit
  }

  private init(
    _ what: String, _ samples: Samples, judged: Interval, _ limit: Limit, _ random: inout some RandomNumberGenerator
  ) {
    self.init(
      what: what, swift: samples.median(.swift, .swiftAgain), other: samples.median(.other, .otherAgain),
      judged: judged, limit: limit)
    swiftAgainstItself = samples.ratio([.swift], [.swiftAgain], &random)
    otherAgainstItself = samples.ratio([.other], [.otherAgain], &random)
  }
}
