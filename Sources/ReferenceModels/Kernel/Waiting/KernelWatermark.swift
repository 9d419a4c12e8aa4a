/// The check whether there is enough to read for a waiting reader (`rb_watermark_hit`): any event at 0 per cent; else
/// this percentage of the ring buffer, while the writer is not on the reader's page. If there is not enough, it notes
/// the smallest percentage that a reader waits for.
struct KernelWatermark: StepMachine {
  private enum Phase {
    case lock, checkEmpty, commitPage, touched, lost, read, shortest, setShortest, unlock
  }

  private let layout: KernelLayout
  private let percent: UInt64
  private var phase = Phase.lock
  private var checkEmpty: KernelCheckEmpty
  private var readerPage = 0
  private var touched: UInt64 = 0
  private var lost: UInt64 = 0
  private var isHit = false

  init(_ layout: KernelLayout, percent: UInt64) {
    self.layout = layout
    self.percent = percent
    checkEmpty = KernelCheckEmpty(layout)
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch phase {
    case .lock:
      if memory.compareExchange(KernelLayout.readerLock, expected: 0, desired: 1, .acquire).exchanged {
        phase = .checkEmpty
      }
    case .checkEmpty:
      guard case .done(let checked) = checkEmpty.step(on: &memory) else { break }
      readerPage = checked.readerPage
      isHit = !checked.isEmpty && percent == 0
      phase = checked.isEmpty || percent == 0 ? .unlock : .commitPage
    case .commitPage:
      let commitPage = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .sequentiallyConsistent))
      phase = commitPage == readerPage ? .shortest : .touched
    case .touched:
      touched = memory.load(KernelLayout.pagesTouched, .sequentiallyConsistent)
      phase = .lost
    case .lost:
      lost = memory.load(KernelLayout.pagesLost, .relaxed)
      phase = .read
    case .read:
      let read = memory.load(KernelLayout.pagesRead, .relaxed)
      isHit = layout.isFullHit(percent, touched: touched, lost: lost, read: read)
      phase = isHit ? .unlock : .shortest
    case .shortest:
      let shortest = memory.load(KernelLayout.shortestFull, .relaxed)
      phase = shortest == 0 || shortest > percent ? .setShortest : .unlock
    case .setShortest:
      memory.store(percent, to: KernelLayout.shortestFull, .relaxed)
      phase = .unlock
    case .unlock:
      memory.store(0, to: KernelLayout.readerLock, .release)
      return .done(isHit)
    }
    return .more
  }
}
