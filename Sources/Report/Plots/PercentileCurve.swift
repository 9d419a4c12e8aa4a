import Study

/// The distribution of one latency row as a step curve.
struct PercentileCurve {
  /// A corner of the curve.
  struct Point: Equatable {
    /// 1 / (1 − share of the samples): 10 for p90.
    var inverse: Double
    /// The value, in nanoseconds.
    var nanoseconds: UInt64
  }

  /// The number of samples in the buckets.
  let samples: UInt64
  /// The buckets that hold samples, in ascending order of their values.
  private let buckets: [LatencyResult.Bucket]

  /// The curve of a row; `nil` where its buckets hold no samples, or more than can be counted.
  init?(_ row: LatencyResult) {
    buckets = row.buckets.filter { $0.count > 0 }.sorted { $0.nanoseconds < $1.nanoseconds }
    var sum: UInt64 = 0
    for bucket in buckets {
      let (next, overflow) = sum.addingReportingOverflow(bucket.count)
      guard !overflow else { return nil }
      sum = next
    }
    guard sum > 0 else { return nil }
    samples = sum
  }

  var least: UInt64 { buckets.first?.nanoseconds ?? 0 }
  var greatest: UInt64 { buckets.last?.nanoseconds ?? 0 }

  /// The corners: a value reaches from the share of samples below it to the share at or below it. The last value ends
  /// at the percentile with one sample beyond, for p100 lies at infinity.
  var points: [Point] {
    var points: [Point] = []
    var below: UInt64 = 0
    for bucket in buckets {
      let end = below + bucket.count
      points.append(Point(inverse: inverse(below), nanoseconds: bucket.nanoseconds))
      points.append(Point(inverse: min(Double(samples), inverse(end)), nanoseconds: bucket.nanoseconds))
      below = end
    }
    return points
  }

  /// The value at or below which a percentile of the samples lies, in nanoseconds.
  func value(at percentile: Double) -> UInt64 {
    var atOrBelow: UInt64 = 0
    for bucket in buckets {
      atOrBelow += bucket.count
      // Compared as shares of the whole; the small part keeps 99.9 % of 1,000 at 999.
      if Double(atOrBelow) / Double(samples) >= percentile / 100 - 1e-12 { return bucket.nanoseconds }
    }
    return greatest
  }

  private func inverse(_ count: UInt64) -> Double {
    count >= samples ? .greatestFiniteMagnitude : Double(samples) / Double(samples - count)
  }
}
