/// Tells of lost events in the header of the sub-buffer that has just become the reader's, and forgets them
/// (`ring_buffer_map_get_reader` as merged: "Check if any events were dropped"). Needs the readers' lock.
///
/// The padding at the end is cut off, which makes room for the number after the data; where the events fill the
/// sub-buffer to its end, there is none, and only the flag tells.
struct KernelTellMissed: StepMachine {
  private enum Phase {
    case lost, commitPage, realEnd, cut, size, number, flagStored, flagMissed, forget
  }

  private let layout: KernelLayout
  private let readerPage: Int
  private var phase = Phase.lost
  private var lost: UInt64 = 0
  private var size: UInt64 = 0

  init(_ layout: KernelLayout, readerPage: Int) {
    self.layout = layout
    self.readerPage = readerPage
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch phase {
    case .lost:
      lost = memory.load(KernelLayout.lostEvents, .relaxed)
      phase = lost == 0 ? .forget : .commitPage
    case .commitPage:
      // An event on it is uncommitted. The kernel only prints "commit overrun lost %ld events".
      let commitPage = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .acquire))
      phase = commitPage == readerPage ? .forget : .realEnd
    case .realEnd:
      size = memory.load(layout.realEnd(readerPage), .relaxed)
      phase = size == 0 ? .size : .cut
    case .cut:
      memory.store(size, to: layout.commit(readerPage), .relaxed)
      phase = .size
    case .size:
      size = memory.load(layout.commit(readerPage), .relaxed) & KernelSubbufferFormat.lengthMask
      phase = size < layout.dataSize ? .number : .flagMissed
    case .number:
      memory.writePlain(lost, to: layout.data(readerPage, size))
      phase = .flagStored
    case .flagStored:
      _ = memory.fetchAdd(layout.commit(readerPage), KernelSubbufferFormat.missedStored, .relaxed)
      phase = .flagMissed
    case .flagMissed:
      _ = memory.fetchAdd(layout.commit(readerPage), KernelSubbufferFormat.missedEvents, .release)
      phase = .forget
    case .forget:
      memory.store(0, to: KernelLayout.lostEvents, .relaxed)
      return .done(())
    }
    return .more
  }
}
