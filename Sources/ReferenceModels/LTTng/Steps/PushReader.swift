/// Moves the consumed position out of the sub-buffer that a reservation takes; `lib_ring_buffer_reserve_push_reader`.
///
/// The comparison is unsigned, as in the library: a consumed position that misuse brought beyond the write offset is
/// pushed on by every reservation.
struct PushReader: StepMachine {
  let layout: LTTngLayout
  /// The last position that is reserved.
  let offset: UInt64
  private var consumed: UInt64 = 0
  private var isPushing = false

  init(_ layout: LTTngLayout, offset: UInt64) {
    self.layout = layout
    self.offset = offset
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    if isPushing {
      let exchange = memory.compareExchange(
        layout.consumed, expected: consumed, desired: layout.nextSubbuffer(consumed), .sequentiallyConsistent)
      if exchange.exchanged { return .done(()) }
      isPushing = false
      return .more
    }
    consumed = memory.load(layout.consumed, .relaxed)
    let distance = layout.subbufferStart(offset) &- layout.subbufferStart(consumed)
    guard distance >= layout.bufferSize else { return .done(()) }
    isPushing = true
    return .more
  }
}
