/// How latencies were measured, and what measuring them cost.
public struct MeasurementResult: Codable, Sendable, Equatable {
  /// How many trials were made on each ring buffer.
  public var trials: Int
  /// How many times a ring buffer was filled and drained at a point before anything was recorded there.
  public var warmup: Int
  /// How many significant decimal digits the buckets keep; the minimum and the maximum of a trial are exact.
  public var significantDigits: Int
  /// The median time between two readings of the clock, in nanoseconds; contained in every sample, not subtracted.
  public var clockOverhead: UInt64
  /// The mean time that recording a sample takes, in nanoseconds; in no sample.
  public var recordOverhead: Double

  /// How it was measured.
  public init(trials: Int, warmup: Int, significantDigits: Int, clockOverhead: UInt64, recordOverhead: Double) {
    self.trials = trials
    self.warmup = warmup
    self.significantDigits = significantDigits
    self.clockOverhead = clockOverhead
    self.recordOverhead = recordOverhead
  }
}
