import TracefsBackend
import Workload

/// The result of one way of reading the kernel's ring buffer under a load.
struct KernelReading {
  /// The events written, as the producer reports them.
  var truth: Truth
  /// The events, in the order in which they were read.
  var events: [TimedEvent]
  /// The missed events reported.
  var missed: Missed
  /// The counters of `stats` after the last read.
  var stats: CPUStats

  /// The missed events reported before sub-buffers.
  struct Missed: Equatable {
    /// The sum of the numbers.
    var counted: UInt64 = 0
    /// The number of times that it was told that there were some, and not how many.
    var withoutNumber: UInt64 = 0
    /// The number of sequence numbers missing where there was no number.
    var missingWithoutNumber: UInt64 = 0
  }

  /// Events that were written and not read.
  var lost: UInt64 {
    truth.produced &- UInt64(Set(events.lazy.map(\.sequence)).count { $0 < truth.produced })
  }

  /// The number of events that should have been read: all, where the writer's counters report that none was lost.
  var truthOfDelivered: UInt64? {
    stats.overrun == 0 && stats.droppedEvents == 0 ? truth.produced : nil
  }

  /// `true` if what was read and what `stats` counts as lost is what was written.
  var accountsForAll: Bool {
    UInt64(events.count) &+ stats.overrun &+ stats.droppedEvents == truth.produced
  }

  /// `true` if what was reported as missed, and what is missing where no number was told, is what was lost.
  var tellsAll: Bool { missed.counted &+ missed.missingWithoutNumber == lost }
}
