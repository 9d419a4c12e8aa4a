import TracefsBackend
import Workload

/// What one way of reading the kernel's ring buffer came to under a load.
struct KernelReading {
  /// What the producer says that it wrote.
  var truth: Truth
  /// The events, in the order in which they were read.
  var events: [TimedEvent]
  /// What was told of missed events.
  var missed: Missed
  /// The counters of `stats` after the last read.
  var stats: CPUStats

  /// What was told of missed events before sub-buffers.
  struct Missed: Equatable {
    /// The sum of the numbers.
    var counted: UInt64 = 0
    /// How often it was told that there were some, and not how many.
    var withoutNumber: UInt64 = 0
    /// How many sequence numbers are missing where there was no number.
    var missingWithoutNumber: UInt64 = 0
  }

  /// Events that were written and not read.
  var lost: UInt64 {
    truth.produced &- UInt64(Set(events.lazy.map(\.sequence)).count { $0 < truth.produced })
  }

  /// How many events should have been read: all, where the writer's counters say that none was lost.
  var truthOfDelivered: UInt64? {
    stats.overrun == 0 && stats.droppedEvents == 0 ? truth.produced : nil
  }

  /// Whether what was read and what `stats` counts as lost is what was written.
  var accountsForAll: Bool {
    UInt64(events.count) &+ stats.overrun &+ stats.droppedEvents == truth.produced
  }

  /// Whether what was told as missed, and what is missing where no number was told, is what was lost.
  var tellsAll: Bool { missed.counted &+ missed.missingWithoutNumber == lost }
}
