/// The distribution of the cost of one operation on one back end, in nanoseconds.
public struct LatencyResult: Codable, Sendable, Equatable {
  /// A percentile of the distribution.
  public struct Percentile: Codable, Sendable, Equatable {
    /// 0 to 100.
    public var percentile: Double
    /// The value at or below which that share of the samples lies, in nanoseconds.
    public var nanoseconds: UInt64

    /// A percentile.
    public init(percentile: Double, nanoseconds: UInt64) {
      self.percentile = percentile
      self.nanoseconds = nanoseconds
    }
  }

  /// A non-empty bucket of the histogram.
  public struct Bucket: Codable, Sendable, Equatable {
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

  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`: the mode of the ring buffer; nothing is lost in either.
  public var mode: String
  /// `acquire`, `release`, or `acquire and release`: from before the one to behind the other.
  public var operation: String
  /// `data waiting` or `nothing waiting`.
  public var condition: String
  /// The calls that were timed: `ioctl(TRACE_MMAP_IOCTL_GET_READER)`.
  public var call: String
  /// The number of samples recorded.
  public var count: UInt64
  /// The number of samples beyond the histogram's range, not among `count`.
  public var outOfRange: UInt64
  /// The smallest sample, in nanoseconds.
  public var minimum: UInt64
  /// The largest sample, in nanoseconds.
  public var maximum: UInt64
  /// The mean of the samples, in nanoseconds.
  public var mean: Double
  /// 50, 90, 99 and 99.9.
  public var percentiles: [Percentile]
  /// The histogram, in ascending order.
  public var buckets: [Bucket]
  /// How many significant decimal digits the buckets and percentiles keep; `minimum` and `maximum` are exact.
  public var significantDigits: Int
  /// The ring buffer and the load under which it was measured.
  public var setup: [Observation]
  /// The median cost of reading the clock twice, in nanoseconds; contained in every sample, not subtracted.
  public var clockOverhead: UInt64

  /// A distribution.
  public init(
    backend: String, mode: String, operation: String, condition: String, call: String, count: UInt64,
    outOfRange: UInt64,
    minimum: UInt64, maximum: UInt64, mean: Double, percentiles: [Percentile], buckets: [Bucket],
    significantDigits: Int, setup: [Observation], clockOverhead: UInt64
  ) {
    self.backend = backend
    self.mode = mode
    self.operation = operation
    self.condition = condition
    self.call = call
    self.count = count
    self.outOfRange = outOfRange
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
    self.percentiles = percentiles
    self.buckets = buckets
    self.significantDigits = significantDigits
    self.setup = setup
    self.clockOverhead = clockOverhead
  }
}
