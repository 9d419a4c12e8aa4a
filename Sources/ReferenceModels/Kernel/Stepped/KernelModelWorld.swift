/// A ring buffer of the model with a writer, thread 0, and a reader of its mapping, thread 1, as one value.
public struct KernelModelWorld<Memory: AtomicMemory & Hashable & Sendable>: SteppedWorld {
  /// The layout of the memory.
  public let layout: KernelLayout
  /// The memory.
  public private(set) var memory: Memory
  /// The writer.
  public private(set) var writer: KernelWriterThread
  /// The reader.
  public private(set) var reader: KernelReaderThread
  private let letsWriterBeOvertaken: Bool
  private let letsReaderBeOvertaken: Bool

  /// Makes an empty ring buffer, mapped.
  /// - Parameters:
  ///   - layout: the ring buffer.
  ///   - memory: zeroed memory of at least ``KernelLayout/wordCount`` words.
  ///   - events: how many events the writer writes.
  ///   - calls: how often the reader calls the ioctl.
  ///   - letsWriterBeOvertaken: whether the reader may begin a call while the writer decides whereto the tail moves
  ///     (``KernelWriteEvent/isDecidingOnTail``).
  ///   - nested: the number of events that others write inside every third event of the writer, before its commit.
  ///   - letsReaderBeOvertaken: whether a writer that was interrupted may commit while the reader compares what is
  ///     committed on its page with the commit page.
  public init(
    _ layout: KernelLayout, memory: Memory, events: UInt64, calls: Int, letsWriterBeOvertaken: Bool = false,
    nested: UInt64 = 0, letsReaderBeOvertaken: Bool = false
  ) {
    // Without interrupts the order of the loads in rb_per_cpu_empty excludes it.
    self.letsReaderBeOvertaken = letsReaderBeOvertaken || nested == 0
    self.letsWriterBeOvertaken = letsWriterBeOvertaken
    self.layout = layout
    self.memory = memory
    layout.initialize(&self.memory)
    layout.assignIDs(&self.memory)
    writer = KernelWriterThread(layout, count: events, nested: nested)
    reader = KernelReaderThread(layout, calls: calls)
  }

  /// Two.
  public var threadCount: Int { 2 }

  /// `true` if a thread has made all its calls.
  public func isDone(_ thread: Int) -> Bool { thread == 0 ? writer.isDone : reader.isDone }

  /// Makes the next step of a thread; that of the other where the thread has to wait for it.
  public mutating func step(_ thread: Int) {
    let mustReaderWait = !letsWriterBeOvertaken && writer.isDecidingOnTail && reader.isBeforeCall
    let mustWriterWait = !letsReaderBeOvertaken && reader.isComparingCommit
    if thread == 0 && !mustWriterWait || mustReaderWait {
      writer.step(on: &memory)
    } else {
      reader.step(on: &memory)
    }
  }

  /// Has the reader read what is left, alone.
  /// - Parameter budget: the number of steps at the most.
  /// - Returns: whether it came to an end.
  public mutating func drain(budget: Int) -> Bool {
    var left = budget
    var seen = -1
    while seen != reader.handovers.count {
      seen = reader.handovers.count
      reader.callAgain()
      while !reader.isDone {
        if left == 0 { return false }
        left -= 1
        reader.step(on: &memory)
      }
    }
    return true
  }

  /// The counters.
  public var stats: KernelModelStats {
    var memory = memory
    return KernelModelStats(&memory)
  }
}
