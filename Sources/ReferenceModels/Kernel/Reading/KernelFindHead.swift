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
