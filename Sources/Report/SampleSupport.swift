/// Whether a sample is large enough for a percentile.
enum SampleSupport {
  /// A percentile is shown where at least so many samples are expected beyond it.
  static let samplesBeyond: UInt64 = 10

  /// The number of samples from which on a percentile is shown: 10,000 for p99.9.
  static func required(for percentile: Double) -> UInt64 {
    // In thousandths of a percent, so that 99.9 counts as it is written and not as its nearest binary fraction.
    let beyond = UInt64(((100 - min(max(percentile, 0), 100)) * 1000).rounded())
    return beyond == 0 ? .max : (samplesBeyond * 100_000 + beyond - 1) / beyond
  }

  static func supports(_ percentile: Double, samples: UInt64) -> Bool {
    samples >= required(for: percentile)
  }
}
