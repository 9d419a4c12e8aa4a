/// Makes the sub-buffer in a place the writer's: from then on the reader cannot exchange it;
/// `lib_ring_buffer_clear_noref`. Overwrite mode only.
struct ClearNotReferenced: StepMachine {
  let layout: LTTngLayout
  let index: Int
  private var id: LTTngSubbufferID?

  init(_ layout: LTTngLayout, index: Int) {
    self.layout = layout
    self.index = index
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    guard layout.mode == .overwrite else { return .done(()) }
    guard let expected = id else {
      // Writes to the sub-buffer come after this load (a dependency in the library).
      return look(at: memory.load(layout.writerID(index), .acquire))
    }
    let exchange = memory.compareExchange(
      layout.writerID(index), expected: expected.rawValue, desired: expected.referenced.rawValue,
      .sequentiallyConsistent)
    return exchange.exchanged ? .done(()) : look(at: exchange.original)
  }

  private mutating func look(at word: UInt64) -> StepOutcome<Void> {
    let found = LTTngSubbufferID(rawValue: word)
    guard found.isNotReferenced else { return .done(()) }
    id = found
    return .more
  }
}
