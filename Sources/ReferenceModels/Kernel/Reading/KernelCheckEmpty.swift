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
