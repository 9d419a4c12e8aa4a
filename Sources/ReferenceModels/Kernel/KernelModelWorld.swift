/// A ring buffer of the model with a writer, thread 0, and a reader of its mapping, thread 1, as one value.
package struct KernelModelWorld<Memory: AtomicMemory & Hashable & Sendable>: SteppedWorld {
  /// The layout of the memory.
  package let layout: KernelLayout
  /// The memory.
  package private(set) var memory: Memory
  /// The writer.
  package private(set) var writer: KernelWriterThread
  /// The reader.
  package private(set) var reader: KernelReaderThread
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
  package init(
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
  package var threadCount: Int { 2 }

  /// `true` if a thread has made all its calls.
  package func isDone(_ thread: Int) -> Bool { thread == 0 ? writer.isDone : reader.isDone }

  /// Makes the next step of a thread; that of the other where the thread has to wait for it.
  package mutating func step(_ thread: Int) {
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
  package mutating func drain(budget: Int) -> Bool {
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
  package var stats: KernelModelStats {
    var memory = memory
    return KernelModelStats(&memory)
  }
}

extension KernelModelWorld {
  /// The number of times that the reader's page was exchanged.
  var exchanges: UInt64 {
    var memory = memory
    return memory.load(KernelLayout.pagesRead, .acquire)
  }

  /// The first error in a world whose writer is done and whose reader has read the rest; `nil` if there is none.
  func firstContradiction() -> String? {
    var delivered: UInt64 = 0
    var next: UInt64 = 0
    var missing = KernelMissingEvents()
    for (index, handover) in reader.handovers.enumerated() {
      var events = handover.events
      var event = events.next()
      if let event, event > next { missing.events += event - next }
      if let wrong = missing.contradiction(in: handover) { return "hand-over \(index): \(wrong)" }
      while let sequence = event {
        if sequence < next { return "hand-over \(index): event \(sequence) again, or out of order" }
        next = sequence + 1
        delivered += 1
        event = events.next()
      }
      if events.isTorn { return "hand-over \(index) is torn" }
    }
    return contradictionInCounters(delivered: delivered)
  }

  private func contradictionInCounters(delivered: UInt64) -> String? {
    let stats = stats
    let produced = writer.written + writer.dropped
    let dropped = stats.droppedEvents + stats.commitOverrun
    if delivered + stats.overrun + dropped != produced {
      return "\(produced) produced, but \(delivered) delivered, \(stats.overrun) overrun, \(dropped) dropped"
    }
    if stats.readEvents != delivered { return "\(delivered) delivered, but \(stats.readEvents) counted as read" }
    if dropped != writer.dropped || stats.entries != 0 { return "\(stats) after the last event" }
    return nil
  }
}

/// The events missing in the hand-overs up to one, minus those that their headers reported.
///
/// A header may report too late: the kernel reads `overrun` before it exchanges the head page, and where the writer goes
/// all the way around in between, the exchange succeeds, and the next one reports the rest. Or never: with two
/// sub-buffers the head page can still be the commit page, and what was lost before it is forgotten
/// (`WARN_ON_ONCE(missed_events)`). So what must hold is that no header reports more than is missing.
private struct KernelMissingEvents {
  var events: UInt64 = 0

  mutating func contradiction(in handover: KernelHandover) -> String? {
    guard handover.exchanged, handover.commit & KernelSubbufferFormat.missedEvents != 0 else { return nil }
    let told = handover.missed ?? 1
    if told > events { return "\(told) lost events told, \(events) missing" }
    // Without a number, at least one was told.
    events -= told
    return nil
  }
}

/// The sequence numbers of a hand-over, as long as its words are what a writer writes.
private struct KernelHandoverEvents: IteratorProtocol {
  private let words: [UInt64]
  private var index = 0
  private(set) var isTorn = false

  init(words: [UInt64]) { self.words = words }

  mutating func next() -> UInt64? {
    while index < words.count {
      let size = Int(words[index] & 0xFFFF_FFFF)
      let type = UInt32(truncatingIfNeeded: words[index] >> 32)
      let end = index + size / 8
      guard size >= 8, size % 8 == 0, end <= words.count else { break }
      if type == KernelSubbufferFormat.paddingType {
        index = end
        continue
      }
      guard type == KernelSubbufferFormat.eventType, size >= KernelSubbufferFormat.eventHeaderSize else { break }
      let sequence = words[index + 1]
      guard size == KernelSubbufferFormat.eventSize(payload: KernelWriterThread.payload(of: sequence)) else { break }
      for (offset, word) in words[(index + 2)..<end].enumerated()
      where word != KernelSubbufferFormat.payloadWord(offset, of: sequence) {
        isTorn = true
        return nil
      }
      index = end
      return sequence
    }
    isTorn = index < words.count
    return nil
  }
}

extension KernelHandover {
  fileprivate var events: KernelHandoverEvents { KernelHandoverEvents(words: words) }
}

/// The events that the reader of a ``KernelModelWorld`` saw in one hand-over.
package struct KernelHandover: Sendable, Hashable {
  /// `reader.id` of the meta page.
  package var id: UInt64
  /// `true` if the sub-buffer was exchanged, and is not the one handed out before.
  package var exchanged: Bool
  /// The words of the data that were not handed out before.
  package var words: [UInt64]
  /// `reader.lost_events` of the meta page.
  package var lostEvents: UInt64
  /// The `commit` word of the sub-buffer's header.
  package var commit: UInt64
  /// The number of missed events, where the header reports that it is stored.
  package var missed: UInt64?
}
