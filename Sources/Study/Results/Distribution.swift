/// The number of times that each value was measured, in nanoseconds.
public struct Distribution: Sendable, Equatable {
  /// A non-empty bucket of a histogram.
  public struct Bucket: Sendable, Equatable {
    /// The highest value of the bucket, in nanoseconds.
    public var nanoseconds: UInt64
    /// The number of samples in it.
    public var count: UInt64

    /// A bucket.
    public init(nanoseconds: UInt64, count: UInt64) {
      self.nanoseconds = nanoseconds
      self.count = count
    }
  }

  /// The buckets that hold samples, in ascending order of their values, each value once.
  public let buckets: [Bucket]
  /// The number of samples in the buckets.
  public let count: UInt64

  /// The distribution of some buckets; `nil` where they hold no samples, or more than 64 bits can count.
  public init?(_ buckets: some Sequence<Bucket>) {
    var counts: [UInt64: UInt64] = [:]
    var sum: UInt64 = 0
    for bucket in buckets where bucket.count > 0 {
      let (next, overflow) = sum.addingReportingOverflow(bucket.count)
      guard !overflow else { return nil }
      sum = next
      counts[bucket.nanoseconds, default: 0] += bucket.count
    }
    guard sum > 0 else { return nil }
    count = sum
    self.buckets = counts.map { Bucket(nanoseconds: $0.key, count: $0.value) }
      .sorted { $0.nanoseconds < $1.nanoseconds }
  }

  /// The least value of a bucket, in nanoseconds.
  public var least: UInt64 { buckets.first?.nanoseconds ?? 0 }
  /// The greatest value of a bucket, in nanoseconds.
  public var greatest: UInt64 { buckets.last?.nanoseconds ?? 0 }

  /// The value at or below which a percentile of the samples lies, in nanoseconds.
  public func value(at percentile: Double) -> UInt64 {
    var atOrBelow: UInt64 = 0
    for bucket in buckets {
      atOrBelow += bucket.count
      // Compared as shares of the whole; the small part keeps 99.9 % of 1,000 at 999.
      if Double(atOrBelow) / Double(count) >= percentile / 100 - 1e-12 { return bucket.nanoseconds }
    }
    return greatest
  }
}
