import Histogram

/// The samples of one operation in one trial, in nanoseconds.
public struct LatencySamples {
  /// 10 s; a sample beyond it is counted apart.
  static let highest: UInt64 = 10_000_000_000
  /// The number of significant decimal digits that a bucket keeps.
  static let significantDigits = 3

  private var histogram: Histogram<UInt64>
  private var outOfRange: UInt64 = 0
  private var minimum = UInt64.max
  private var maximum: UInt64 = 0

  /// No samples.
  public init() { self.init(digits: .three) }

  /// No samples, in buckets that keep N significant decimal digits.
  init(digits: SignificantDigits) {
    histogram = Histogram(
      highestTrackableValue: LatencySamples.highest, numberOfSignificantValueDigits: digits)
  }

  /// Records one sample.
  public mutating func record(_ nanoseconds: UInt64) {
    guard histogram.record(nanoseconds) else {
      outOfRange += 1
      return
    }
    minimum = min(minimum, nanoseconds)
    maximum = max(maximum, nanoseconds)
  }

  /// The samples recorded since the last call, as a trial; `nil` without a sample.
  public mutating func take(place: Int) -> Trial? {
    defer {
      histogram.reset()
      (outOfRange, minimum, maximum) = (0, .max, 0)
    }
    // A bucket's upper end may lie above the largest sample.
    let buckets = histogram.recordedValues().map {
      Distribution.Bucket(nanoseconds: min($0.value, maximum), count: $0.count)
    }
    return Distribution(buckets).map {
      Trial(place: place, outOfRange: outOfRange, minimum: minimum, maximum: maximum, distribution: $0)
    }
  }
}

extension LatencySamples {
  /// The cost of recording a sample, in nanoseconds: the mean over many values like those measured.
  static func recordOverhead() -> Double {
    var samples = LatencySamples()
    let count: UInt64 = 100_000
    let begin = MonotonicClock.now()
    for sample in 0..<count { samples.record(200 + sample % 1_000) }
    return Double(MonotonicClock.now() - begin) / Double(count)
  }
}
