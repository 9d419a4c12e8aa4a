/// The distribution of the cost of one operation on one back end under one condition, trial by trial.
public struct LatencyResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The way of reading: ``studiedReader``, or one that it is held against, such as `read(2)`.
  public var reader: String
  /// `overwrite` or `discard`: the mode of the ring buffer; nothing is lost in either.
  public var mode: String
  /// `acquire`, `release`, or `acquire and release`: from before the one to after the other; `wait`; `flush`.
  public var operation: String
  /// `data waiting` or `nothing waiting`, and where it is so, that the reader runs on the producer's CPU, or that it takes
  /// each sub-buffer for the first time since it mapped the ring buffer.
  public var condition: String
  /// The calls that were timed: `ioctl(TRACE_MMAP_IOCTL_GET_READER)`.
  public var call: String
  /// The varied quantity and its value; `nil` if nothing was varied.
  public var growth: Growth?
  /// The ring buffer and the load under which it was measured.
  public var setup: [Observation]
  /// The trials, each on a ring buffer of its own.
  public var trials: [Trial]

  /// The reader ABI that the back end is about.
  public static let studiedReader = "reader ABI"

  /// A distribution.
  public init(
    backend: String, reader: String = LatencyResult.studiedReader, mode: String, operation: String, condition: String,
    call: String, growth: Growth? = nil, setup: [Observation], trials: [Trial]
  ) {
    self.backend = backend
    self.reader = reader
    self.mode = mode
    self.operation = operation
    self.condition = condition
    self.call = call
    self.growth = growth
    self.setup = setup
    self.trials = trials
  }

  /// The suffix of a condition in which each sub-buffer is taken for the first time.
  static let firstTime = ", each sub-buffer for the first time"

  /// `true` if each sub-buffer was taken for the first time since the reader mapped the ring buffer.
  public var isFirstTime: Bool { condition.hasSuffix(LatencyResult.firstTime) }

  /// The median of each trial, in the order in which they were made, in nanoseconds.
  public var trialMedians: [Double] { trials.percentiles(50) }

  /// The number of samples beyond the histogram's range, in no percentile.
  public var outOfRange: UInt64 { trials.reduce(0) { $0 &+ $1.outOfRange } }
}

/// One thing that is varied while all else stays, and what it is in one row.
public struct Growth: Codable, Sendable, Hashable {
  /// The varied quantity.
  public var series: GrowthSeries
  /// The value of the varied quantity.
  public var level: Int

  /// A level of a series.
  public init(_ series: GrowthSeries, _ level: Int) {
    self.series = series
    self.level = level
  }
}

/// The varied quantity.
public enum GrowthSeries: String, Codable, Sendable, CaseIterable {
  /// The number of events that fill a sub-buffer, by their size.
  case eventsOfFullSubbuffer = "events in a full sub-buffer"
  /// The number of events of one size written since the hand-over before.
  case eventsOfPartialSubbuffer = "events in a partial sub-buffer"
  /// The size of a sub-buffer, in bytes, with about as many events in it.
  case subbufferSize = "bytes of a sub-buffer"
  /// The number of sub-buffers that the writer has.
  case subbufferCount = "sub-buffers"
}
