/// The writer's look at who waits, after each event (`rb_wakeups`), with what the interrupt that it asks for clears
/// (`rb_wake_up_waiters`).
struct KernelWakeUp: StepMachine {
  private enum Phase {
    case waiters, clearWaiters
    case touched, lastTouch, readerPage, commitPage, fullWaiters, setLastTouch
    case shortest, lost, read, clearFullWaiters, clearShortest
  }

  private let layout: KernelLayout
  private var phase = Phase.waiters
  private var wakes = false
  private var touched: UInt64 = 0
  private var readerPage: UInt64 = 0
  private var shortest: UInt64 = 0
  private var lost: UInt64 = 0

  init(_ layout: KernelLayout) { self.layout = layout }

  /// - Returns: whether those who wait must be woken.
  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch phase {
    case .waiters:
      let pending = memory.load(KernelLayout.waitersPending, .sequentiallyConsistent)
      phase = pending == 0 ? .touched : .clearWaiters
    case .clearWaiters:
      memory.store(0, to: KernelLayout.waitersPending, .relaxed)
      wakes = true
      phase = .touched
    case .touched:
      touched = memory.load(KernelLayout.pagesTouched, .relaxed)
      phase = .lastTouch
    case .lastTouch:
      if memory.load(KernelLayout.lastPagesTouch, .relaxed) == touched { return .done(wakes) }
      phase = .readerPage
    case .readerPage:
      readerPage = memory.load(KernelLayout.readerPage, .acquire)
      phase = .commitPage
    case .commitPage:
      if memory.load(KernelLayout.commitPage, .relaxed) == readerPage { return .done(wakes) }
      phase = .fullWaiters
    case .fullWaiters:
      if memory.load(KernelLayout.fullWaitersPending, .sequentiallyConsistent) == 0 { return .done(wakes) }
      phase = .setLastTouch
    case .setLastTouch:
      memory.store(touched, to: KernelLayout.lastPagesTouch, .relaxed)
      phase = .shortest
    case .shortest:
      shortest = memory.load(KernelLayout.shortestFull, .acquire)
      phase = .lost
    case .lost:
      lost = memory.load(KernelLayout.pagesLost, .relaxed)
      phase = .read
    case .read:
      let read = memory.load(KernelLayout.pagesRead, .relaxed)
      guard layout.isFullHit(shortest, touched: touched, lost: lost, read: read) else { return .done(wakes) }
      phase = .clearFullWaiters
    case .clearFullWaiters:
      memory.store(0, to: KernelLayout.fullWaitersPending, .relaxed)
      phase = .clearShortest
    case .clearShortest:
      memory.store(0, to: KernelLayout.shortestFull, .relaxed)
      return .done(true)
    }
    return .more
  }
}
