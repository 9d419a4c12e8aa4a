import SubbufferSource

/// The delivery latency of events for one reader of one back end at one rate, trial by trial.
public struct DeliveryLatencyResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`: the mode of the ring buffer.
  public var mode: RingMode
  /// The reader.
  public var reader: DeliveryLatencyReader
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
  public var counts: [DeliveryLatencyCounts]

  /// Puts the parts together.
  public init(
    backend: String, mode: RingMode, reader: DeliveryLatencyReader, rate: UInt64, bound: UInt64, setup: [Observation],
    age: [Trial], youngest: [Trial], intended: [Trial], counts: [DeliveryLatencyCounts]
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
public struct DeliveryLatencyCounts: Codable, Sendable, Equatable {
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

/// The way in which a reader learns of data, and the measures that it takes to have them early.
public struct DeliveryLatencyReader: Codable, Hashable, Sendable {
  /// The action between two attempts.
  public enum Waiting: String, Codable, Hashable, Sendable, CaseIterable {
    /// It acquires again at once.
    case polling
    /// It waits until the ABI reports that a sub-buffer is ready, then acquires until there is nothing more.
    case blocking
    /// It sleeps until the next of its times, whose distance is ``DeliveryLatencyReader/period``, then does the same.
    case timer
  }

  /// The action between two attempts.
  public var waiting: Waiting
  /// The time between two looks of a ``Waiting/timer``, in nanoseconds; else 0.
  public var period: UInt64 = 0
  /// `true` if it has the ABI end the partial sub-buffer before it looks.
  public var flushes = false
  /// The fill from which the ABI reports ready; `nil` if the ABI has no such control, and for a reader
  /// that does not wait.
  public var wake: RingControl?
  /// The period after which the ABI's own timer ends the partial sub-buffer, in microseconds; 0 for never.
  public var switchTimer: UInt32 = 0

  /// Describes a reader.
  public init(
    _ waiting: Waiting, period: UInt64 = 0, flushes: Bool = false, wake: RingControl? = nil, switchTimer: UInt32 = 0
  ) {
    self.waiting = waiting
    self.period = period
    self.flushes = flushes
    self.wake = wake
    self.switchTimer = switchTimer
  }
}
