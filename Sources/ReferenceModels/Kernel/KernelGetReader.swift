/// `TRACE_MMAP_IOCTL_GET_READER` without the waiting: takes the rest of the reader's sub-buffer for read; where there is
/// none, exchanges it first (`ring_buffer_map_get_reader`).
package struct KernelGetReader: StepMachine {
  private enum Phase {
    case lock
    // consume:
    case checkEmpty, size, event, setRead, countRead
    // rb_get_reader_page
    case pageSize, commitPage, entries, overrun, read, swap, waitForWriter, tellMissed
    // out:
    case update, unlock
  }

  private let layout: KernelLayout
  private var phase = Phase.lock
  private var readerPage = 0
  private var readerRead: UInt64 = 0
  private var size: UInt64 = 0
  private var events: UInt64 = 0
  private var left: UInt64 = 0
  private var checkEmpty: KernelCheckEmpty
  private var swap: KernelSwapReaderPage
  private var tellMissed: KernelTellMissed
  private var update: KernelUpdateMetaPage

  /// Reads a ring buffer.
  package init(_ layout: KernelLayout) {
    self.layout = layout
    checkEmpty = KernelCheckEmpty(layout)
    swap = KernelSwapReaderPage(layout, readerPage: 0)
    tellMissed = KernelTellMissed(layout, readerPage: 0)
    update = KernelUpdateMetaPage(layout, readerPage: 0)
  }

  /// `true` if the bytes of data on the reader's page are loaded and the commit page is not: a writer that commits, and
  /// leaves the page, in between makes the reader take the page for read.
  @inline(__always)
  var isComparingCommit: Bool { phase == .commitPage }

  /// Makes the next step.
  /// - Returns: at the end what the ioctl returns, 0.
  @inline(__always)
  package mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Int32> {
    switch phase {
    case .lock:
      if memory.compareExchange(KernelLayout.readerLock, expected: 0, desired: 1, .acquire).exchanged {
        phase = .checkEmpty
      }

    case .checkEmpty:
      guard case .done(let checked) = checkEmpty.step(on: &memory) else { break }
      checkEmpty = KernelCheckEmpty(layout)
      readerPage = checked.readerPage
      readerRead = checked.read
      if checked.isEmpty { out() } else { phase = .size }
    case .size:
      size = loadSize(&memory)
      phase = readerRead < size ? .event : .pageSize
    case .event:
      // rb_advance_reader
      let word = memory.readPlain(layout.data(readerPage, readerRead))
      if word >> 32 != UInt64(KernelSubbufferFormat.paddingType) { events += 1 }
      // A size of 0 stands in no sub-buffer that the writer committed.
      readerRead = min(readerRead + max(word & 0xFFFF_FFFF, 8), size)
      if readerRead == size { phase = .setRead }
    case .setRead:
      memory.store(readerRead, to: layout.read(readerPage), .relaxed)
      phase = .countRead
    case .countRead:
      _ = memory.fetchAdd(KernelLayout.read, events, .relaxed)
      out()

    case .pageSize:
      phase = readerRead < loadSize(&memory) ? .waitForWriter : .commitPage
    case .commitPage:
      let commitPage = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .acquire))
      if commitPage == readerPage { out() } else { phase = .entries }
    case .entries:
      left = memory.load(KernelLayout.entries, .acquire)
      phase = .overrun
    case .overrun:
      left &-= memory.load(KernelLayout.overrun, .acquire)
      phase = .read
    case .read:
      left &-= memory.load(KernelLayout.read, .relaxed)
      swap = KernelSwapReaderPage(layout, readerPage: readerPage)
      if left == 0 { out() } else { phase = .swap }
    case .swap:
      if case .done(let page) = swap.step(on: &memory) {
        readerPage = page
        readerRead = 0
        phase = .pageSize
      }
    case .waitForWriter:
      // The writer reserves first and takes it back where the event does not fit.
      guard memory.load(layout.write(readerPage), .acquire) <= layout.dataSize else { break }
      tellMissed = KernelTellMissed(layout, readerPage: readerPage)
      phase = layout.parameters.variant == .asMerged ? .tellMissed : .checkEmpty
    case .tellMissed:
      if case .done = tellMissed.step(on: &memory) { phase = .checkEmpty }

    case .update:
      if case .done = update.step(on: &memory) { phase = .unlock }
    case .unlock:
      memory.store(0, to: KernelLayout.readerLock, .release)
      return .done(0)
    }
    return .more
  }

  private mutating func out() {
    update = KernelUpdateMetaPage(layout, readerPage: readerPage)
    phase = .update
  }

  /// The bytes of data on the reader's page (`rb_page_size`).
  @inline(__always)
  private func loadSize<Memory: AtomicMemory>(_ memory: inout Memory) -> UInt64 {
    let commit = memory.load(layout.commit(readerPage), .acquire)
    return min(commit & KernelSubbufferFormat.lengthMask, layout.dataSize)
  }
}

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

/// Copies the counters to the meta page (`rb_update_meta_page`), field by field in the order of the variant. Needs the
/// readers' lock.
///
/// `entries` is the number of events ever written, read and overwritten ones included: the kernel copies
/// `cpu_buffer->entries`, while the file `stats` says how many are left.
struct KernelUpdateMetaPage: StepMachine {
  private let layout: KernelLayout
  private let readerPage: Int
  private var field = 0
  private var loaded: UInt64?

  init(_ layout: KernelLayout, readerPage: Int) {
    self.layout = layout
    self.readerPage = readerPage
  }

  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    let (source, target) = layout.parameters.variant == .asMerged ? merged(field) : postedInV11(field)
    guard let value = loaded else {
      loaded = memory.load(source, .relaxed)
      return .more
    }
    memory.store(value, to: target, .relaxed)
    loaded = nil
    field += 1
    return field == (layout.parameters.variant == .asMerged ? 6 : 9) ? .done(()) : .more
  }

  private func merged(_ field: Int) -> (source: Int, target: Int) {
    switch field {
    case 0: (layout.read(readerPage), KernelLayout.metaReaderRead)
    case 1: (layout.id(readerPage), KernelLayout.metaReaderID)
    case 2: (KernelLayout.lostEvents, KernelLayout.metaReaderLostEvents)
    case 3: (KernelLayout.entries, KernelLayout.metaEntries)
    case 4: (KernelLayout.overrun, KernelLayout.metaOverrun)
    default: (KernelLayout.read, KernelLayout.metaRead)
    }
  }

  private func postedInV11(_ field: Int) -> (source: Int, target: Int) {
    switch field {
    case 0: (KernelLayout.entries, KernelLayout.metaEntries)
    case 1: (KernelLayout.overrun, KernelLayout.metaOverrun)
    case 2: (KernelLayout.read, KernelLayout.metaRead)
    case 3: (KernelLayout.pagesTouched, KernelLayout.metaSubbufsTouched)
    case 4: (KernelLayout.pagesLost, KernelLayout.metaSubbufsLost)
    case 5: (KernelLayout.pagesRead, KernelLayout.metaSubbufsRead)
    case 6: (layout.read(readerPage), KernelLayout.metaReaderRead)
    case 7: (layout.id(readerPage), KernelLayout.metaReaderID)
    default: (KernelLayout.lostEvents, KernelLayout.metaReaderLostEvents)
    }
  }
}
