/// Takes the place of the one reader; `lib_ring_buffer_open_read`.
struct OpenForReading: StepMachine {
  let layout: LTTngLayout

  /// - Returns: whether nobody had it; `false` is `-EBUSY`.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    let exchange = memory.compareExchange(
      layout.activeReaders, expected: 0, desired: 1, .sequentiallyConsistent)
    return .done(exchange.exchanged)
  }
}

/// Gives the place of the one reader back; `lib_ring_buffer_release_read`.
struct ReleaseReading: StepMachine {
  let layout: LTTngLayout

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    _ = memory.fetchAdd(layout.activeReaders, ~0, .sequentiallyConsistent)
    return .done(())
  }
}
