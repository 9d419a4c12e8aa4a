/// The delivery latency of events for one reader of one back end at one rate, trial by trial.
public struct FreshnessResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`: the mode of the ring buffer.
  public var mode: String
  /// The reader.
  public var reader: FreshnessReader
  /// The offered rate, in events per second.
  public var rate: UInt64
  /// The greatest age of an event by the design of ABI and reader, in nanoseconds, without the duration of calls; 0 if
  /// nothing but calls delays it.
  public var bound: UInt64
  /// The ring buffer and the load.
  public var setup: [Observation]
  /// The time from the time stamp of each event until it was held.
  public var age: [Trial]
  /// The same of the newest event of each hand-over.
  public var youngest: [Trial]
  /// The time from the scheduled time of each event until it was held.
  public var intended: [Trial]
  /// The counts of each trial.
  public var counts: [FreshnessCounts]

  /// Puts the parts together.
  public init(
    backend: String, mode: String, reader: FreshnessReader, rate: UInt64, bound: UInt64, setup: [Observation],
    age: [Trial], youngest: [Trial], intended: [Trial], counts: [FreshnessCounts]
  ) {
    self.backend = backend
    self.mode = mode
    self.reader = reader
    self.rate = rate
    self.bound = bound
    self.setup = setup
    self.age = age
    self.youngest = youngest
    self.intended = intended
    self.counts = counts
  }

  /// The median age of each trial, in the order in which they were made, in nanoseconds.
  public var trialMedians: [Double] { age.percentiles(50) }
}

/// The counts of one trial.
public struct FreshnessCounts: Codable, Sendable, Equatable {
  /// The place of the trial among all, from 1 on.
  public var place = 1
  /// Events that were to be recorded.
  public var events: UInt64 = 0
  /// Recorded events that the reader was handed in its own way.
  public var seen: UInt64 = 0
  /// Events in the ring buffer, of which the reader had not been notified when the producer ended; excluded from the
  /// distributions.
  public var left: UInt64 = 0
  /// Events whose time stamp is later than the moment at which they were held.
  public var ahead: UInt64 = 0
  /// The duration of the reading, in nanoseconds.
  public var nanoseconds: UInt64 = 0
  /// The CPU time of the reading thread meanwhile, in nanoseconds.
  public var cpu: UInt64 = 0
  /// The voluntary context switches of the reading thread meanwhile.
  public var sleeps: UInt64 = 0
  /// The involuntary context switches of the reading thread meanwhile.
  public var preemptions: UInt64 = 0
  /// The number of waits for the ABI or for a timer.
  public var waits: UInt64 = 0
  /// The number of flushes.
  public var flushes: UInt64 = 0
  /// The number of acquires, those of an empty ring buffer included.
  public var acquires: UInt64 = 0
  /// The number of hand-overs.
  public var handovers: UInt64 = 0

  /// Nothing yet.
  public init() {}

  /// Recorded events that no reader was handed.
  public var lost: UInt64 { events - min(events, seen + left) }

  /// A count per second.
  public func perSecond(_ count: UInt64) -> Double {
    nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
  }

  /// The share of one CPU that the reading thread used.
  public var cpuShare: Double { nanoseconds > 0 ? Double(cpu) / Double(nanoseconds) : 0 }
}
