import Study

/// The distribution of one row as a step curve.
struct PercentileCurve {
  /// A corner of the curve.
  struct Point: Equatable {
    /// 1 / (1 − share of the samples): 10 for p90.
    var inverse: Double
    /// The value, in nanoseconds.
    var nanoseconds: UInt64
  }

  private let distribution: Distribution

  /// The curve of all trials of a row; `nil` where they hold no samples, or more than can be counted.
  init?(_ trials: [Trial]) {
    guard let all = trials.distribution else { return nil }
    distribution = all
  }

  var samples: UInt64 { distribution.count }
  var least: UInt64 { distribution.least }
  var greatest: UInt64 { distribution.greatest }

  /// The corners: a value reaches from the share of samples below it to the share at or below it. The last value ends
  /// at the percentile with one sample beyond, for p100 lies at infinity.
  var points: [Point] {
    var points: [Point] = []
    var below: UInt64 = 0
    for bucket in distribution.buckets {
      let end = below + bucket.count
      points.append(Point(inverse: inverse(below), nanoseconds: bucket.nanoseconds))
      points.append(Point(inverse: min(Double(samples), inverse(end)), nanoseconds: bucket.nanoseconds))
      below = end
    }
    return points
  }

  /// The value at or below which a percentile of the samples lies, in nanoseconds.
  func value(at percentile: Double) -> UInt64 { distribution.value(at: percentile) }

  private func inverse(_ count: UInt64) -> Double {
    count >= samples ? .greatestFiniteMagnitude : Double(samples) / Double(samples - count)
  }
}
