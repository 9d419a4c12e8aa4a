/// Saves the consumed and the produced position; `lib_ring_buffer_snapshot` and
/// `lib_ring_buffer_snapshot_sample_positions`.
struct SnapshotPositions: StepMachine {
  /// The kind of snapshot.
  enum Kind: Sendable, Hashable {
    /// Nothing where both lie in the same sub-buffer; the beginning of the produced position's sub-buffer.
    case subbuffers
    /// The positions as they are.
    case positions
  }

  let layout: LTTngLayout
  let kind: Kind

  private var stage: Stage
  private var isFinalized = false
  private var consumed: UInt64 = 0
  private var produced: UInt64 = 0

  private enum Stage: Hashable {
    case finalized, consumed, offset, saveConsumed, saveProduced
  }

  init(_ layout: LTTngLayout, _ kind: Kind) {
    self.layout = layout
    self.kind = kind
    stage = kind == .subbuffers ? .finalized : .consumed
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<LTTngReadResult> {
    switch stage {
    case .finalized:
      isFinalized = memory.load(layout.finalized, .acquire) != 0
      stage = .consumed
    case .consumed:
      consumed = memory.load(layout.consumed, .relaxed)
      stage = .offset
    case .offset:
      let offset = memory.load(layout.offset, .relaxed)
      produced = offset
      if kind == .subbuffers {
        produced = layout.subbufferStart(offset)
        if produced == layout.subbufferStart(consumed) { return .done(isFinalized ? .finalized : .nothing) }
      }
      stage = .saveConsumed
    case .saveConsumed:
      memory.writePlain(consumed, to: layout.consumedSnapshot)
      stage = .saveProduced
    case .saveProduced:
      memory.writePlain(produced, to: layout.producedSnapshot)
      return .done(.success(consumed))
    }
    return .more
  }
}

/// The result of a get or a snapshot.
enum LTTngReadResult: Sendable, Hashable {
  /// 0, and the position in question.
  case success(UInt64)
  /// `-EAGAIN`.
  case nothing
  /// `-ENODATA`.
  case finalized
}

/// Ends the sub-buffer that the writer is in, and moves the consumed position there;
/// `lttng_ust_ctl_clear_buffer` (`ustctl.c`), `lib_ring_buffer_clear_reader` (`frontend_internal.h`).
struct ClearBuffer: StepMachine {
  let layout: LTTngLayout
  private var stage: Stage
  private var wakesUp = false
  private var offset: UInt64 = 0
  private var consumed: UInt64 = 0

  private enum Stage: Hashable {
    case end(SwitchSubbuffer), offset, consumed, warn, move
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
    stage = .end(SwitchSubbuffer(layout, .consumer, .active))
  }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .end(var end):
      if let wakesUp = end.output(on: &memory) {
        self.wakesUp = wakesUp
        stage = .offset
      } else {
        stage = .end(end)
      }
    case .offset:
      offset = memory.load(layout.offset, .relaxed)
      stage = .consumed
    case .consumed:
      consumed = memory.load(layout.consumed, .relaxed)
      let ahead = layout.subbufferStart(offset) &- layout.subbufferStart(consumed)
      stage = Int64(bitPattern: ahead) < 0 ? .warn : .move
    case .warn:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .move
    case .move:
      let exchange = memory.compareExchange(
        layout.consumed, expected: consumed, desired: layout.subbufferStart(offset), .sequentiallyConsistent)
      if exchange.exchanged { return .done(wakesUp) }
      stage = .offset
    }
    return .more
  }
}

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
