/// The counters of a ring buffer, as the kernel's file `per_cpu/cpuN/stats` tells them.
public struct KernelModelStats: Sendable, Hashable {
  /// Events in the ring buffer that were not read.
  public var entries: UInt64
  /// Events that were overwritten before they were read.
  public var overrun: UInt64
  /// Always 0: the kernel counts here what a writer lost that was interrupted by others for a whole lap, and no writer of
  /// the model is interrupted.
  public var commitOverrun: UInt64
  /// Events that the writer dropped in discard mode.
  public var droppedEvents: UInt64
  /// Events that were read.
  public var readEvents: UInt64

  init<Memory: AtomicMemory>(_ memory: inout Memory) {
    readEvents = memory.load(KernelLayout.read, .acquire)
    overrun = memory.load(KernelLayout.overrun, .acquire)
    commitOverrun = 0
    droppedEvents = memory.load(KernelLayout.droppedEvents, .acquire)
    // As in ring_buffer_entries_cpu.
    entries = memory.load(KernelLayout.entries, .acquire) &- overrun &- readEvents
  }
}
