/// The method of the latency measurement, and its overhead.
public struct MeasurementResult: Codable, Sendable, Equatable {
  /// The number of trials of each ring buffer.
  public var trials: Int
  /// The number of rounds of filling and draining at a point before the recorded ones.
  public var warmup: Int
  /// The significant decimal digits of the buckets; the minimum and the maximum of a trial are exact.
  public var significantDigits: Int
  /// The median time between two readings of the clock, in nanoseconds; included in every sample.
  public var clockOverhead: UInt64
  /// The mean time of recording a sample, in nanoseconds; excluded from all samples.
  public var recordOverhead: Double

  /// A measurement.
  public init(trials: Int, warmup: Int, significantDigits: Int, clockOverhead: UInt64, recordOverhead: Double) {
    self.trials = trials
    self.warmup = warmup
    self.significantDigits = significantDigits
    self.clockOverhead = clockOverhead
    self.recordOverhead = recordOverhead
  }
}
