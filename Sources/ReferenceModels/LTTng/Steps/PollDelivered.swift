/// Looks whether the sub-buffer at the consumed position can be read; `lib_ring_buffer_poll_deliver`.
struct PollDelivered: StepMachine {
  let layout: LTTngLayout
  private var stage = Stage.consumed
  private var consumed: UInt64 = 0

  private enum Stage: Hashable {
    case consumed, deliveredCount, offset
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .consumed:
      consumed = memory.load(layout.consumed, .relaxed)
      stage = .deliveredCount
    case .deliveredCount:
      let count = memory.load(layout.deliveredCount(layout.index(consumed)), .relaxed)
      guard layout.isDelivered(count, at: consumed) else { return .done(false) }
      stage = .offset
    case .offset:
      let offset = memory.load(layout.offset, .relaxed)
      return .done(layout.subbufferStart(offset) != layout.subbufferStart(consumed))
    }
    return .more
  }
}

extension LTTngLayout {
  /// `true` if a sub-buffer whose `cc_sb` is `count` was delivered in the lap of a position.
  func isDelivered(_ count: UInt64, at position: UInt64) -> Bool {
    (count &- subbufferSize) & commitCountMask == commitCountAtLap(of: position)
  }
}
