/// Makes what is reserved readable (`rb_set_commit_to_write`): moves the commit page up to the tail page, and the commit
/// of that page up to what is reserved on it.
///
/// Only the outermost writer does it (`rb_end_commit`). The kernel repeats it until nothing changes, since an interrupt may
/// have written meanwhile; here nobody interrupts a writer that commits.
struct KernelCommit: StepMachine {
  private enum Phase {
    case commitPage, tailPage, fullWrite, fullCommit, next, advance, commit, write, store
  }

  private let layout: KernelLayout
  private var phase = Phase.commitPage
  private var page = 0
  private var value: UInt64 = 0

  init(_ layout: KernelLayout) { self.layout = layout }

  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch phase {
    case .commitPage:
      page = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .relaxed))
      phase = .tailPage
    case .tailPage:
      let tail = Int(truncatingIfNeeded: memory.load(KernelLayout.tailPage, .relaxed))
      phase = page == tail ? .commit : .fullWrite
    case .fullWrite:
      value = memory.load(layout.write(page), .relaxed)
      phase = .fullCommit
    case .fullCommit:
      memory.store(value, to: layout.commit(page), .release)
      phase = .next
    case .next:
      page = PageLink(word: memory.load(layout.next(page), .acquire)).page
      phase = .advance
    case .advance:
      memory.store(UInt64(page), to: KernelLayout.commitPage, .release)
      phase = .tailPage
    case .commit:
      value = memory.load(layout.commit(page), .relaxed)
      phase = .write
    case .write:
      let write = memory.load(layout.write(page), .relaxed)
      guard write != value else { return .done(()) }
      value = write
      phase = .store
    case .store:
      // Sequentially consistent, for the writer's look at who waits: see KernelWakeUp.
      memory.store(value, to: layout.commit(page), .sequentiallyConsistent)
      return .done(())
    }
    return .more
  }
}
