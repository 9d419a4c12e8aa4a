/// How old events are when a reader of one back end holds them, at one rate, trial by trial.
public struct FreshnessResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`: the mode of the ring buffer.
  public var mode: String
  /// How it was read.
  public var reader: FreshnessReader
  /// The events offered, a second.
  public var rate: UInt64
  /// How old an event is at the most by how the ABI and the reader are made, in nanoseconds; 0 where nothing holds it back.
  public var bound: UInt64
  /// The ring buffer and the load.
  public var setup: [Observation]
  /// The time from an event's time stamp until it was held, of every event.
  public var age: [Trial]
  /// The same of the youngest event of each hand-over.
  public var youngest: [Trial]
  /// The time from the moment for which an event was meant until it was held, of every event.
  public var intended: [Trial]
  /// What was counted in each trial.
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

/// What was counted in one trial at one point.
public struct FreshnessCounts: Codable, Sendable, Equatable {
  /// The place of the trial among all, from 1 on.
  public var place = 1
  /// Events that were to be recorded.
  public var events: UInt64 = 0
  /// Those of them that the reader was handed in its own way.
  public var seen: UInt64 = 0
  /// Those that were in the ring buffer when the producer had ended, of which the reader had not been told; they are in no
  /// distribution.
  public var left: UInt64 = 0
  /// Those whose time stamp lay behind the moment at which they were held.
  public var ahead: UInt64 = 0
  /// For how long was read, in nanoseconds.
  public var nanoseconds: UInt64 = 0
  /// The CPU time of the reading thread meanwhile, in nanoseconds.
  public var cpu: UInt64 = 0
  /// How often the reading thread slept meanwhile, by the kernel's count of its voluntary context switches.
  public var sleeps: UInt64 = 0
  /// How often its CPU was given to somebody else meanwhile, by the kernel's count of its involuntary context switches.
  public var preemptions: UInt64 = 0
  /// How often it waited for the ABI or for its timer.
  public var waits: UInt64 = 0
  /// How often it had the ABI end the partial sub-buffer.
  public var flushes: UInt64 = 0
  /// How often it acquired, also where there was nothing.
  public var acquires: UInt64 = 0
  /// How often it was handed a sub-buffer.
  public var handovers: UInt64 = 0

  /// Nothing yet.
  public init() {}

  /// Those that nobody was handed.
  public var lost: UInt64 { events - min(events, seen + left) }

  /// A count as so many a second.
  public func perSecond(_ count: UInt64) -> Double {
    nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
  }

  /// The share of one CPU that the reading thread used.
  public var cpuShare: Double { nanoseconds > 0 ? Double(cpu) / Double(nanoseconds) : 0 }
}
