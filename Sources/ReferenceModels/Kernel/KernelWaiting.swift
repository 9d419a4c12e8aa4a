import Glibc
import SubbufferSource
import SystemPackage

/// The result of `poll`, and if nothing is ready, the note to the writer that a reader waits (`ring_buffer_poll_wait`).
///
/// The note comes before the last look, and the accesses of both are sequentially consistent, as are the commit and the
/// writer's look at the note (``KernelWakeUp``): so either this finds the event, or its writer finds the note. The kernel
/// leaves a gap here for the sake of its writers' speed (the FIXME in `ring_buffer_poll_wait`).
struct KernelPoll: StepMachine {
  private enum Phase {
    case look, note, lookAgain
  }

  private let layout: KernelLayout
  private let percent: UInt64
  private var phase = Phase.look
  private var watermark: KernelWatermark

  /// - Parameter percent: the `buffer_percent`.
  init(_ layout: KernelLayout, percent: UInt64) {
    self.layout = layout
    self.percent = percent
    watermark = KernelWatermark(layout, percent: percent)
  }

  /// - Returns: whether there is enough to read.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch phase {
    case .look:
      guard case .done(let isHit) = watermark.step(on: &memory) else { break }
      if isHit { return .done(true) }
      phase = .note
    case .note:
      let waiters = percent == 0 ? KernelLayout.waitersPending : KernelLayout.fullWaitersPending
      memory.store(1, to: waiters, .sequentiallyConsistent)
      watermark = KernelWatermark(layout, percent: percent)
      phase = .lookAgain
    case .lookAgain:
      return watermark.step(on: &memory)
    }
    return .more
  }
}

extension KernelLayout {
  /// `true` if N per cent of the ring buffer are filled (`full_hit`, `ring_buffer_nr_dirty_pages`).
  ///
  /// The page that the writer is on does not count as filled, so one is added: else 100 per cent could not be reached.
  @inline(__always)
  func isFullHit(_ percent: UInt64, touched: UInt64, lost: UInt64, read: UInt64) -> Bool {
    if percent == 0 { return true }
    let filled = touched &- lost
    let dirty = touched < lost || filled < read ? 0 : filled - read
    return (dirty + 1) * 100 >= percent * UInt64(parameters.subbufferCount)
  }
}

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

/// A pipe that wakes one who waits in `poll(2)`; a signal sent before the wait is not lost.
struct KernelWakeupPipe: ~Copyable {
  private let readEnd: Int32
  /// The write end of the pipe, for ``signal(_:)``.
  let writeEnd: Int32

  /// Opens it.
  /// - Throws: ``SubbufferSource/SourceError`` where there is no descriptor left.
  init() throws(SourceError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SourceError(call: "pipe", errno: Errno(rawValue: errno)) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Wakes the one who waits at the pipe of this write end.
  static func signal(_ writeEnd: Int32) {
    // If the pipe is full, the waiter has been woken often enough.
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)
  }

  /// Forgets the signals up to now.
  func drain() {
    var bytes: UInt64 = 0
    while read(readEnd, &bytes, 8) > 0 {}
  }

  /// Waits for a signal.
  /// - Parameter timeout: how long at the most, in milliseconds; a negative one waits without limit.
  /// - Returns: 1 where there was one, 0 where the time ran out, or a negative errno.
  func wait(_ timeout: Milliseconds) -> Int32 {
    var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    let count = poll(&request, 1, timeout)
    return count < 0 ? -errno : count
  }
}
