/// Gives back the sub-buffer that is held, and moves the consumed position after the last snapshot's;
/// `lib_ring_buffer_put_next_subbuf` (`frontend.h`), `lib_ring_buffer_move_consumer`.
struct PutNextSubbuffer: StepMachine {
  let layout: LTTngLayout
  private var stage: Stage
  private var consumed: UInt64 = 0
  private var new: UInt64 = 0

  private enum Stage: Hashable {
    case put(PutSubbuffer), snapshot, activeReaders, warnReaders, consumed, move
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
    stage = .put(PutSubbuffer(layout))
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch stage {
    case .put(var put):
      let isDone = put.output(on: &memory) != nil
      stage = isDone ? .snapshot : .put(put)
    case .snapshot:
      new = layout.nextSubbuffer(memory.readPlain(layout.consumedSnapshot))
      stage = .activeReaders
    case .activeReaders:
      stage = memory.load(layout.activeReaders, .relaxed) == 1 ? .consumed : .warnReaders
    case .warnReaders:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .consumed
    case .consumed:
      return moveOrDone(from: memory.load(layout.consumed, .relaxed))
    case .move:
      // The library looks at what the word was, and so exchanges once more after an exchange that was made.
      let exchange = memory.compareExchange(
        layout.consumed, expected: consumed, desired: new, .sequentiallyConsistent)
      return moveOrDone(from: exchange.original)
    }
    return .more
  }

  /// The position is only moved forward: in overwrite mode the writer may have pushed it further.
  private mutating func moveOrDone(from position: UInt64) -> StepOutcome<Void> {
    guard Int64(bitPattern: position &- new) < 0 else { return .done(()) }
    consumed = position
    stage = .move
    return .more
  }
}
