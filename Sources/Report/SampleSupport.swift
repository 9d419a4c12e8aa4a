import Study

/// The sample sizes that percentiles need.
enum SampleSupport {
  /// The least number of samples that are expected beyond a percentile that is shown.
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

  /// The number of trials with a sample at or above a value. Samples of one trial depend on each other: one stall delays
  /// many events.
  static func trials(reaching value: UInt64, _ trials: [Trial]) -> Int {
    trials.count { $0.distribution.greatest >= value }
  }

  /// `true` if more than half of the trials reach a percentile, so that it is not a single episode.
  static func isEnough(_ reaching: Int, of trials: Int) -> Bool { 2 * reaching > trials }

  /// The note on how percentiles are shown.
  static var note: Inline {
    """
    *p50* to *p99.9*: percentiles of the samples of all trials together. `—`: fewer than \(samplesBeyond) of the n samples \
    are expected beyond it. *— (from 1 of 5 trials)*: only so many trials, half of them or fewer, have samples as large, \
    so that it shows one episode of them (a stall delays many events at once) and not the measured operation.
    """
  }
}
