/// The result of one trial: its place among the trials of the run, and the histogram of its samples.
public struct Trial: Codable, Sendable, Equatable {
  /// Its place in the order in which the trials of all subjects were made, from 1 on.
  public var place: Int
  /// The number of samples beyond the histogram's range, which are in no bucket.
  public var outOfRange: UInt64
  /// The smallest sample, in nanoseconds, exactly.
  public var minimum: UInt64
  /// The largest sample, in nanoseconds, exactly.
  public var maximum: UInt64
  /// The samples.
  public var distribution: Distribution

  /// A trial.
  public init(place: Int, outOfRange: UInt64, minimum: UInt64, maximum: UInt64, distribution: Distribution) {
    self.place = place
    self.outOfRange = outOfRange
    self.minimum = minimum
    self.maximum = maximum
    self.distribution = distribution
  }

  private enum Key: String, CodingKey {
    case place, outOfRange, minimum, maximum, distribution
  }

  /// Decodes a trial.
  /// - Throws: `DecodingError` if its numbers contradict each other.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    self.init(
      place: try fields.decode(Int.self, forKey: .place),
      outOfRange: try fields.decode(UInt64.self, forKey: .outOfRange),
      minimum: try fields.decode(UInt64.self, forKey: .minimum),
      maximum: try fields.decode(UInt64.self, forKey: .maximum),
      distribution: try fields.decode(Distribution.self, forKey: .distribution))
    guard place > 0, minimum <= distribution.least, distribution.greatest <= maximum else {
      throw DecodingError.dataCorruptedError(
        forKey: .distribution, in: fields,
        debugDescription: "the samples are not between minimum and maximum, or the place is 0")
    }
  }
}

/// Pairs of a bucket's highest value in nanoseconds and its number of samples: `[[96, 3], [97, 45]]`.
extension Distribution: Codable {
  /// Decodes the pairs.
  /// - Throws: `DecodingError` if the list is empty, if an element is not a pair of positive numbers, or if they do not ascend.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let pairs = try container.decode([[UInt64]].self)
    let buckets = pairs.compactMap { pair in
      pair.count == 2 && pair[1] > 0 ? Bucket(nanoseconds: pair[0], count: pair[1]) : nil
    }
    guard buckets.count == pairs.count,
      zip(buckets, buckets.dropFirst()).allSatisfy({ $0.nanoseconds < $1.nanoseconds }),
      let distribution = Distribution(buckets)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not ascending pairs of a time in nanoseconds and a number of samples")
    }
    self = distribution
  }

  /// Encodes the pairs.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(buckets.map { [$0.nanoseconds, $0.count] })
  }
}

extension [Trial] {
  /// All samples of all trials; `nil` where there are none, or more than 64 bits can count.
  public var distribution: Distribution? { Distribution(lazy.flatMap(\.distribution.buckets)) }

  /// A percentile of each trial, in the order in which they were made, in nanoseconds.
  public func percentiles(_ percentile: Double) -> [Double] {
    sorted { $0.place < $1.place }.map { Double($0.distribution.value(at: percentile)) }
  }
}

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

// The order in which two runs are compared: of two ranks the lower one is worse. A value without a rank is neither better
// nor worse than any other.

extension ProbeResult.Outcome {
  /// The rank of a decided outcome.
  public enum Rank: Sendable, Comparable {
    /// Contradicts its documentation, or not as assumed.
    case unexpected
    /// As documented, or as assumed.
    case expected
  }

  /// The rank; `nil` without a decision.
  public var rank: Rank? {
    switch self {
    case .contradicts, .notAsAssumed: .unexpected
    case .asDocumented, .asAssumed: .expected
    case .undecided, .notTested, .doesNotApply: nil
    }
  }
}

extension ChannelVerdict.Relation {
  /// The rank of a channel's report.
  public enum Rank: Sendable, Comparable {
    /// Events were lost, and no loss is reported.
    case silent
    /// A loss is reported, and not its number; or one is reported where there was none.
    case inexact
    /// The number is reported, or there was nothing to report.
    case exact
  }

  /// The rank; `nil` if the channel counts something else, or nothing can be concluded.
  public var rank: Rank? {
    switch self {
    case .saysNone, .notTold: .silent
    case .upperBound, .underReported, .overReported, .flagOnly, .packetsOnly: .inexact
    case .exact, .nothingLost: .exact
    case .otherQuantity, .inconclusive: nil
    }
  }
}

extension ClauseRecord.Verdict {
  /// The rank of a verdict.
  public enum Rank: Sendable, Comparable {
    /// A case shows a breach.
    case broken
    /// No case shows one.
    case kept
  }

  /// The rank; `nil` without a decision.
  public var rank: Rank? {
    switch self {
    case .broken: .broken
    case .kept: .kept
    case .inconclusive, .notApplicable: nil
    }
  }
}
