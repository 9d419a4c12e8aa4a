/// The counters of a ring buffer, as the kernel's file `per_cpu/cpuN/stats` tells them.
public struct KernelModelStats: Sendable, Hashable {
  /// Events in the ring buffer that were not read.
  public var entries: UInt64
  /// Events that were overwritten before they were read.
  public var overrun: UInt64
  /// Events that found no room, since the sub-buffer of an uncommitted event was the next one.
  public var commitOverrun: UInt64
  /// Events that the writer dropped in discard mode.
  public var droppedEvents: UInt64
  /// Events that were read.
  public var readEvents: UInt64

  init<Memory: AtomicMemory>(_ memory: inout Memory) {
    readEvents = memory.load(KernelLayout.read, .acquire)
    overrun = memory.load(KernelLayout.overrun, .acquire)
    commitOverrun = memory.load(KernelLayout.commitOverrun, .acquire)
    droppedEvents = memory.load(KernelLayout.droppedEvents, .acquire)
    // As in ring_buffer_entries_cpu.
    entries = memory.load(KernelLayout.entries, .acquire) &- overrun &- readEvents
  }
}
