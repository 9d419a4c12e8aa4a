import Histogram

/// The samples of one operation under one condition, in nanoseconds.
struct LatencySamples {
  /// 10 s; a sample beyond it is counted apart.
  private static let highest: UInt64 = 10_000_000_000

  private var histogram = Histogram<UInt64>(
    highestTrackableValue: LatencySamples.highest, numberOfSignificantValueDigits: .three)
  private var outOfRange: UInt64 = 0
  private var minimum = UInt64.max
  private var maximum: UInt64 = 0

  /// Records one sample.
  mutating func record(_ nanoseconds: UInt64) {
    guard histogram.record(nanoseconds) else {
      outOfRange += 1
      return
    }
    minimum = min(minimum, nanoseconds)
    maximum = max(maximum, nanoseconds)
  }

  /// The distribution; `nil` without a sample.
  func result(
    backend: String, mode: String, operation: String, condition: String, call: String, setup: [Observation],
    clockOverhead: UInt64
  ) -> LatencyResult? {
    guard histogram.totalCount > 0 else { return nil }
    return LatencyResult(
      backend: backend, mode: mode, operation: operation, condition: condition, call: call, count: histogram.totalCount,
      outOfRange: outOfRange, minimum: minimum, maximum: maximum, mean: histogram.mean,
      percentiles: [50, 90, 99, 99.9].map {
        // A bucket's upper end may lie above the largest sample.
        LatencyResult.Percentile(percentile: $0, nanoseconds: min(histogram.valueAtPercentile($0), maximum))
      },
      buckets: histogram.recordedValues().map {
        LatencyResult.Bucket(nanoseconds: min($0.value, maximum), count: $0.count)
      },
      significantDigits: 3, setup: setup, clockOverhead: clockOverhead)
  }
}
