/// The result of `poll`, and if nothing is ready, the note to the writer that a reader waits (`ring_buffer_poll_wait`).
///
/// The note comes before the last look, and the accesses of both are sequentially consistent, as are the commit and the
/// writer's look at the note (``KernelWakeUp``): so either this finds the event, or its writer finds the note. The kernel
/// leaves a gap here for the sake of its writers' speed (the FIXME in `ring_buffer_poll_wait`).
struct KernelPoll: StepMachine {
  private enum Phase {
    case look, note, lookAgain
  }

  private let layout: KernelLayout
  private let percent: UInt64
  private var phase = Phase.look
  private var watermark: KernelWatermark

  /// - Parameter percent: the `buffer_percent`.
  init(_ layout: KernelLayout, percent: UInt64) {
    self.layout = layout
    self.percent = percent
    watermark = KernelWatermark(layout, percent: percent)
  }

  /// - Returns: whether there is enough to read.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch phase {
    case .look:
      guard case .done(let isHit) = watermark.step(on: &memory) else { break }
      if isHit { return .done(true) }
      phase = .note
    case .note:
      let waiters = percent == 0 ? KernelLayout.waitersPending : KernelLayout.fullWaitersPending
      memory.store(1, to: waiters, .sequentiallyConsistent)
      watermark = KernelWatermark(layout, percent: percent)
      phase = .lookAgain
    case .lookAgain:
      return watermark.step(on: &memory)
    }
    return .more
  }
}
