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
