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
