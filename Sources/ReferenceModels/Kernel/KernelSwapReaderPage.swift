/// Exchanges the reader's page for the head page (the second half of `rb_get_reader_page`). Needs the readers' lock.
///
/// The reader's page, emptied, is linked to the neighbours of the head page; then one compare-exchange of the pointer to
/// the head page puts it in that page's place. It fails while the writer pushes the head forward, and is tried again.
struct KernelSwapReaderPage: StepMachine {
  private enum Phase {
    case clearWrite, clearEntries, clearCommit, clearRealEnd
    case findHead, headNext, setNext, headPrevious, setPrevious, overrun, replace
    case setBack, setHead, countRead, setReader, clearRead
    case lastOverrun, setLost, setLastOverrun
  }

  private let layout: KernelLayout
  private let readerPage: Int
  private var phase = Phase.clearWrite
  private var findHead: KernelFindHead
  private var headPage = 0
  private var next = 0
  private var previous = 0
  private var overrun: UInt64 = 0
  private var lost: UInt64 = 0

  init(_ layout: KernelLayout, readerPage: Int) {
    self.layout = layout
    self.readerPage = readerPage
    findHead = KernelFindHead(layout)
  }

  /// - Returns: the page that is the reader's now.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Int> {
    switch phase {
    case .clearWrite:
      memory.store(0, to: layout.write(readerPage), .relaxed)
      phase = .clearEntries
    case .clearEntries:
      memory.store(0, to: layout.entries(readerPage), .relaxed)
      phase = .clearCommit
    case .clearCommit:
      // As until Linux 6.16; ca296d32ece3 ("tracing: ring_buffer: Rewind persistent ring buffer on reboot") took it out.
      memory.store(0, to: layout.commit(readerPage), .relaxed)
      phase = .clearRealEnd
    case .clearRealEnd:
      memory.store(0, to: layout.realEnd(readerPage), .relaxed)
      phase = .findHead

    case .findHead:
      if case .done(let page) = findHead.step(on: &memory) {
        headPage = page
        phase = .headNext
      }
    case .headNext:
      next = PageLink(word: memory.load(layout.next(headPage), .acquire)).page
      phase = .setNext
    case .setNext:
      memory.store(PageLink(next, PageLink.head).word, to: layout.next(readerPage), .relaxed)
      phase = .headPrevious
    case .headPrevious:
      previous = Int(truncatingIfNeeded: memory.load(layout.previous(headPage), .relaxed))
      phase = .setPrevious
    case .setPrevious:
      memory.store(UInt64(previous), to: layout.previous(readerPage), .relaxed)
      phase = .overrun
    case .overrun:
      // Before the exchange: where that succeeds, the writer has overwritten nothing since.
      overrun = memory.load(KernelLayout.overrun, .sequentiallyConsistent)
      phase = .replace
    case .replace:
      let exchange = memory.compareExchange(
        layout.next(previous), expected: PageLink(headPage, PageLink.head).word,
        desired: PageLink(readerPage, PageLink.normal).word, .sequentiallyConsistent)
      findHead = KernelFindHead(layout)
      phase = exchange.exchanged ? .setBack : .findHead

    case .setBack:
      memory.store(UInt64(readerPage), to: layout.previous(next), .release)
      phase = .setHead
    case .setHead:
      memory.store(UInt64(next), to: KernelLayout.headPage, .relaxed)
      phase = .countRead
    case .countRead:
      _ = memory.fetchAdd(KernelLayout.pagesRead, 1, .relaxed)
      phase = .setReader
    case .setReader:
      memory.store(UInt64(headPage), to: KernelLayout.readerPage, .release)
      phase = .clearRead
    case .clearRead:
      memory.store(0, to: layout.read(headPage), .relaxed)
      phase = .lastOverrun
    case .lastOverrun:
      lost = overrun &- memory.load(KernelLayout.lastOverrun, .relaxed)
      guard lost != 0 else { return .done(headPage) }
      phase = .setLost
    case .setLost:
      memory.store(lost, to: KernelLayout.lostEvents, .relaxed)
      phase = .setLastOverrun
    case .setLastOverrun:
      memory.store(overrun, to: KernelLayout.lastOverrun, .relaxed)
      return .done(headPage)
    }
    return .more
  }
}

/// Finds the head page, the oldest one in the ring (`rb_set_head_page`): the one to which the pointer has a flag. Needs the
/// readers' lock.
///
/// The writer may push the head on meanwhile. The kernel gives up after three rounds and disables the ring buffer; this
/// goes on.
struct KernelFindHead: StepMachine {
  private enum Phase {
    case start, previous, link, advance, set
  }

  private let layout: KernelLayout
  private var phase = Phase.start
  private var page = 0
  private var previous = 0

  init(_ layout: KernelLayout) { self.layout = layout }

  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Int> {
    switch phase {
    case .start:
      page = Int(truncatingIfNeeded: memory.load(KernelLayout.headPage, .relaxed))
      phase = .previous
    case .previous:
      previous = Int(truncatingIfNeeded: memory.load(layout.previous(page), .relaxed))
      phase = .link
    case .link:
      let link = PageLink(word: memory.load(layout.next(previous), .acquire))
      phase = link.page != page || link.flag != PageLink.normal ? .set : .advance
    case .advance:
      page = PageLink(word: memory.load(layout.next(page), .acquire)).page
      phase = .previous
    case .set:
      memory.store(UInt64(page), to: KernelLayout.headPage, .relaxed)
      return .done(page)
    }
    return .more
  }
}

/// The check whether the ring buffer is empty (`rb_per_cpu_empty`). Needs the readers' lock.
struct KernelCheckEmpty: StepMachine {
  struct Outcome {
    var isEmpty: Bool
    /// The reader's page, and how many bytes of its data were read.
    var readerPage: Int
    var read: UInt64
  }

  private enum Phase {
    case readerPage, findHead, commitPage, read, size, committed
  }

  private let layout: KernelLayout
  private var phase = Phase.readerPage
  private var findHead: KernelFindHead
  private var readerPage = 0
  private var headPage = 0
  private var commitPage = 0
  private var read: UInt64 = 0

  init(_ layout: KernelLayout) {
    self.layout = layout
    findHead = KernelFindHead(layout)
  }

  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Outcome> {
    switch phase {
    case .readerPage:
      readerPage = Int(truncatingIfNeeded: memory.load(KernelLayout.readerPage, .relaxed))
      phase = .findHead
    case .findHead:
      if case .done(let page) = findHead.step(on: &memory) {
        headPage = page
        phase = .commitPage
      }
    case .commitPage:
      commitPage = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .acquire))
      phase = .read
    case .read:
      read = memory.load(layout.read(readerPage), .relaxed)
      phase = .size
    case .size:
      // Sequentially consistent, for a reader that is about to wait: see KernelPoll.
      let size = memory.load(layout.commit(readerPage), .sequentiallyConsistent) & KernelSubbufferFormat.lengthMask
      if read != size { return outcome(isEmpty: false) }
      if commitPage == readerPage { return outcome(isEmpty: true) }
      if commitPage != headPage { return outcome(isEmpty: false) }
      phase = .committed
    case .committed:
      return outcome(isEmpty: memory.load(layout.commit(commitPage), .sequentiallyConsistent) == 0)
    }
    return .more
  }

  private func outcome(isEmpty: Bool) -> StepOutcome<Outcome> {
    .done(Outcome(isEmpty: isEmpty, readerPage: readerPage, read: read))
  }
}
