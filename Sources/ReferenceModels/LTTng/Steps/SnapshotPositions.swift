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
