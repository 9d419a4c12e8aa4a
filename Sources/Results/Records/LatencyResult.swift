import SubbufferSource

/// The distribution of the cost of one operation on one back end under one condition, trial by trial.
public struct LatencyResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The way of reading: ``studiedReader``, or one that it is held against, such as `read(2)`.
  public var reader: String
  /// `overwrite` or `discard`: the mode of the ring buffer; nothing is lost in either.
  public var mode: RingMode
  /// The timed operation.
  public var operation: LatencyOperation
  /// The circumstances.
  public var condition: LatencyCondition
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
    backend: String, reader: String = LatencyResult.studiedReader, mode: RingMode, operation: LatencyOperation,
    condition: LatencyCondition,
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

  /// The median of each trial, in the order in which they were made, in nanoseconds.
  public var trialMedians: [Double] { trials.percentiles(50) }

  /// The number of samples beyond the histogram's range, in no percentile.
  public var outOfRange: UInt64 { trials.reduce(0) { $0 &+ $1.outOfRange } }
}

/// A timed operation of a reader.
public enum LatencyOperation: String, Codable, Sendable, CaseIterable {
  /// Acquires a sub-buffer.
  case acquire
  /// Releases it.
  case release
  /// From before the acquire to after the release.
  case acquireAndRelease = "acquire and release"
  /// Asks whether there is anything, without waiting.
  case wait
  /// Ends the partial sub-buffer.
  case flush
}

/// The circumstances of a timed operation.
public struct LatencyCondition: Codable, Hashable, Sendable {
  /// `true` if there was something to hand over.
  public var hasData: Bool
  /// `true` if the reader ran on the producer's CPU.
  public var isOnProducersCPU: Bool
  /// `true` if each sub-buffer was taken for the first time since the reader mapped the ring buffer.
  public var isFirstTime: Bool

  /// Describes circumstances.
  public init(hasData: Bool = true, isOnProducersCPU: Bool = false, isFirstTime: Bool = false) {
    self.hasData = hasData
    self.isOnProducersCPU = isOnProducersCPU
    self.isFirstTime = isFirstTime
  }

  /// The circumstances in words.
  public var text: String {
    (hasData ? "data waiting" : "nothing waiting") + (isOnProducersCPU ? ", on the producer's CPU" : "")
      + (isFirstTime ? ", each sub-buffer for the first time" : "")
  }
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

/// The cost of a getter of an ABI: a position, a counter, a size or a time.
public struct GetterResult: Codable, Sendable, Equatable {
  /// A trial, on a ring buffer of its own.
  public struct Trial: Codable, Sendable, Equatable {
    /// Its place among all trials of the latency, from 1 on.
    public var place: Int
    /// The duration of each batch of calls, in nanoseconds.
    public var nanoseconds: [UInt64]

    /// A trial.
    public init(place: Int, nanoseconds: [UInt64]) {
      self.place = place
      self.nanoseconds = nanoseconds
    }
  }

  /// The back end.
  public var backend: String
  /// The field or the function.
  public var name: String
  /// The precondition or the meaning of the value.
  public var note: String
  /// The number of calls in a batch.
  public var calls: Int
  /// The trials.
  public var trials: [Trial]

  /// A row.
  public init(backend: String, name: String, note: String, calls: Int, trials: [Trial]) {
    self.backend = backend
    self.name = name
    self.note = note
    self.calls = calls
    self.trials = trials
  }

  /// The duration of a call in each trial, the median of its batches, in nanoseconds, in the order of the trials.
  public var nanosecondsPerCall: [Double] {
    trials.sorted { $0.place < $1.place }.compactMap { trial in
      trial.nanoseconds.map { Double($0) / Double(max(1, calls)) }.median
    }
  }
}

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
