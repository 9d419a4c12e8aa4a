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
