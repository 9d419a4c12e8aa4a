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
