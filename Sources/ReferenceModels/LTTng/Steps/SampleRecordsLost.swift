/// Reads the three counters of lost events, before the reservation that ends a sub-buffer; the end of
/// `lib_ring_buffer_try_reserve_slow` and `lib_ring_buffer_try_switch_slow`.
struct SampleRecordsLost: StepMachine {
  let layout: LTTngLayout
  private var sum: UInt64 = 0
  private var stage = Stage.full

  private enum Stage: Hashable {
    case full, wrap, big
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  /// - Returns: their sum, as `client_buffer_end` makes it.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<UInt64> {
    switch stage {
    case .full:
      sum = memory.load(layout.recordsLostFull, .relaxed)
      stage = .wrap
    case .wrap:
      sum &+= memory.load(layout.recordsLostWrap, .relaxed)
      stage = .big
    case .big:
      return .done(sum &+ memory.load(layout.recordsLostBig, .relaxed))
    }
    return .more
  }
}
