/// Moves the writer to the next page, because an event does not fit on the tail page (`rb_move_tail`).
///
/// In overwrite mode the next page may be the head page, with events that nobody read: the head is pushed forward first
/// (`rb_handle_head_page`), in three compare-exchanges:
///
///     tail --HEAD--> next ----------> new head      the reader may exchange `next`
///     tail -UPDATE-> next ----------> new head      it may not; the events of `next` are counted as overrun
///     tail -UPDATE-> next --HEAD----> new head
///     tail --------> next --HEAD----> new head      the reader may exchange `new head`
///
/// A writer that interrupted another between reserve and commit also meets the sub-buffer of the uncommitted event: it
/// moves neither onto it nor, if the reader has it, around the ring to the head, and drops its event (`commit_overrun`).
/// A head that was moved meanwhile, which only a writer finds that interrupted another one in this function, is left out.
struct KernelMoveTail: StepMachine {
  enum Outcome {
    /// The writer is on the next page, or the reader took that page away meanwhile: reserve again.
    case again
    /// There is no room, and overwrite is off.
    case dropped
  }

  private enum Phase {
    case next, commitPage, isHead
    case beforeCommit, isReader
    case drop, commitOverrun
    case overwritten, setUpdate, addOverrun, countLost, newHead, setHead, setNormal
    case clearWrite, clearEntries, clearCommit, setTail, countTouched
    case realEnd, padding, resetWrite
  }

  private let layout: KernelLayout
  private let tailPage: Int
  private let tail: UInt64
  private let length: UInt64
  private let isNested: Bool
  private var phase = Phase.next
  private var nextPage = 0
  private var commitPage: Int
  private var page = 0
  private var overwritten: UInt64 = 0
  private var outcome = Outcome.again

  /// - Parameters:
  ///   - tailPage: the page of the writer.
  ///   - tail: where its data ended when the event was reserved, in bytes.
  ///   - length: the bytes of the event.
  ///   - isNested: whether the writer interrupted another. Without one, the commit page is the tail page.
  init(_ layout: KernelLayout, tailPage: Int, tail: UInt64, length: UInt64, isNested: Bool) {
    self.layout = layout
    self.tailPage = tailPage
    self.tail = tail
    self.length = length
    self.isNested = isNested
    commitPage = tailPage
  }

  /// `true` if the next sub-buffer, and whether it may be entered, is still being decided, in more than one load.
  var isDeciding: Bool {
    switch phase {
    case .next, .commitPage, .isHead, .beforeCommit, .isReader, .overwritten, .setUpdate: true
    default: false
    }
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Outcome> {
    switch phase {
    case .next:
      nextPage = PageLink(word: memory.load(layout.next(tailPage), .acquire)).page
      phase = isNested ? .commitPage : .isHead
    case .commitPage:
      commitPage = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .relaxed))
      phase = nextPage == commitPage ? .commitOverrun : .isHead
    case .isHead:
      // A pointer that the reader changed since counts as one to the head, and fails below.
      let link = PageLink(word: memory.load(layout.next(tailPage), .acquire))
      phase = link.page != nextPage || link.flag != PageLink.normal ? .beforeCommit : .clearWrite
    case .beforeCommit:
      page = Int(truncatingIfNeeded: memory.load(layout.previous(commitPage), .acquire))
      phase = .isReader
    case .isReader:
      let isReader = PageLink(word: memory.load(layout.next(page), .acquire)).page != commitPage
      phase =
        if isReader {
          commitPage == tailPage ? .clearWrite : .commitOverrun
        } else {
          layout.parameters.mode == .discard ? .drop : .overwritten
        }
    case .drop:
      _ = memory.fetchAdd(KernelLayout.droppedEvents, 1, .relaxed)
      outcome = .dropped
      phase = .realEnd
    case .commitOverrun:
      _ = memory.fetchAdd(KernelLayout.commitOverrun, 1, .relaxed)
      outcome = .dropped
      phase = .realEnd

    case .overwritten:
      overwritten = memory.load(layout.entries(nextPage), .relaxed)
      phase = .setUpdate
    case .setUpdate:
      let exchange = memory.compareExchange(
        layout.next(tailPage), expected: PageLink(nextPage, PageLink.head).word,
        desired: PageLink(nextPage, PageLink.update).word, .sequentiallyConsistent)
      phase = exchange.exchanged ? .addOverrun : .realEnd
    case .addOverrun:
      _ = memory.fetchAdd(KernelLayout.overrun, overwritten, .sequentiallyConsistent)
      phase = .countLost
    case .countLost:
      _ = memory.fetchAdd(KernelLayout.pagesLost, 1, .relaxed)
      phase = .newHead
    case .newHead:
      page = PageLink(word: memory.load(layout.next(nextPage), .acquire)).page
      phase = .setHead
    case .setHead:
      _ = memory.compareExchange(
        layout.next(nextPage), expected: PageLink(page, PageLink.normal).word,
        desired: PageLink(page, PageLink.head).word, .sequentiallyConsistent)
      phase = .setNormal
    case .setNormal:
      _ = memory.compareExchange(
        layout.next(tailPage), expected: PageLink(nextPage, PageLink.update).word,
        desired: PageLink(nextPage, PageLink.normal).word, .sequentiallyConsistent)
      phase = .clearWrite

    // rb_tail_page_update
    case .clearWrite:
      memory.store(0, to: layout.write(nextPage), .relaxed)
      phase = .clearEntries
    case .clearEntries:
      memory.store(0, to: layout.entries(nextPage), .relaxed)
      phase = .clearCommit
    case .clearCommit:
      memory.store(0, to: layout.commit(nextPage), .relaxed)
      phase = .setTail
    case .setTail:
      memory.store(UInt64(nextPage), to: KernelLayout.tailPage, .sequentiallyConsistent)
      phase = .countTouched
    case .countTouched:
      _ = memory.fetchAdd(KernelLayout.pagesTouched, 1, .sequentiallyConsistent)
      phase = .realEnd

    // rb_reset_tail
    case .realEnd:
      let isPadded = tail < layout.dataSize
      memory.store(isPadded ? tail : 0, to: layout.realEnd(tailPage), .relaxed)
      phase = isPadded ? .padding : .resetWrite
    case .padding:
      let size = Int(truncatingIfNeeded: layout.dataSize - tail)
      memory.writePlain(
        KernelSubbufferFormat.word(size: size, type: KernelSubbufferFormat.paddingType), to: layout.data(tailPage, tail)
      )
      phase = .resetWrite
    case .resetWrite:
      let end = max(tail, layout.dataSize)
      _ = memory.fetchAdd(layout.write(tailPage), end &- tail &- length, .release)
      return .done(outcome)
    }
    return .more
  }
}
