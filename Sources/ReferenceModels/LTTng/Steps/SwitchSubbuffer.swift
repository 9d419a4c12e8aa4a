/// Ends the sub-buffer that the writer is in; `lib_ring_buffer_switch_slow`.
struct SwitchSubbuffer: StepMachine {
  /// When there is something to end; `enum switch_mode` (`frontend_types.h`).
  enum Mode: Sendable, Hashable {
    /// Ends the sub-buffer if something was written to it, its header included; `SWITCH_ACTIVE`.
    case active
    /// Always; `SWITCH_FLUSH`. Where nothing was written, the header is.
    case flush
  }

  let layout: LTTngLayout
  let process: LTTngProcess
  let mode: Mode

  private var stage = Stage.offset
  private var old: UInt64 = 0
  private var timestamp: UInt64 = 0
  private var recordsLost: UInt64 = 0
  private var beginsOld = false
  private var wakesUp = false

  private enum Stage: Hashable {
    case offset, clock, deliveredCount, consumed, sample(SampleRecordsLost), exchange
    case push(PushReader), clear(ClearNotReferenced), beginOld(BeginSubbuffer), endOld(EndSubbuffer)
  }

  init(_ layout: LTTngLayout, _ process: LTTngProcess, _ mode: Mode) {
    self.layout = layout
    self.process = process
    self.mode = mode
  }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .offset:
      old = memory.load(layout.offset, .acquire)
      stage = .clock
    case .clock:
      timestamp = memory.fetchAdd(layout.clock, 1, .relaxed)
      beginsOld = layout.subbufferOffset(old) == 0
      if beginsOld, mode == .active { return .done(false) }
      stage = beginsOld ? .deliveredCount : .sample(SampleRecordsLost(layout))
    case .deliveredCount:
      // Writes to the sub-buffer come after these two loads (dependencies in the library).
      let count = memory.load(layout.deliveredCount(layout.index(old)), .acquire)
      guard layout.commitCountAtLap(of: old) == count & layout.commitCountMask else { return .done(false) }
      stage = layout.mode == .discard ? .consumed : .sample(SampleRecordsLost(layout))
    case .consumed:
      let consumed = memory.load(layout.consumed, .acquire)
      guard layout.subbufferStart(old) &- layout.subbufferStart(consumed) < layout.bufferSize else {
        return .done(false)
      }
      stage = .sample(SampleRecordsLost(layout))
    case .sample(var sample):
      if let recordsLost = sample.output(on: &memory) {
        self.recordsLost = recordsLost
        stage = .exchange
      } else {
        stage = .sample(sample)
      }
    case .exchange:
      let exchange = memory.compareExchange(
        layout.offset, expected: old, desired: layout.nextSubbuffer(old), .sequentiallyConsistent)
      stage = exchange.exchanged ? .push(PushReader(layout, offset: old)) : .offset
    case .push(var push):
      let isDone = push.output(on: &memory) != nil
      stage = isDone ? .clear(ClearNotReferenced(layout, index: layout.index(old))) : .push(push)
    case .clear(var clear):
      guard clear.output(on: &memory) != nil else {
        stage = .clear(clear)
        break
      }
      stage =
        beginsOld
        ? .beginOld(BeginSubbuffer(layout, process, position: old, timestamp: timestamp, recordsLost: recordsLost))
        : endOld(at: old)
    case .beginOld(var begin):
      if let wakesUp = begin.output(on: &memory) {
        self.wakesUp = wakesUp
        stage = endOld(at: old &+ UInt64(LTTngPacketHeader.byteCount))
      } else {
        stage = .beginOld(begin)
      }
    case .endOld(var end):
      if let wakesUp = end.output(on: &memory) { return .done(self.wakesUp || wakesUp) }
      stage = .endOld(end)
    }
    return .more
  }

  private func endOld(at end: UInt64) -> Stage {
    .endOld(EndSubbuffer(layout, process, end: end, timestamp: timestamp, recordsLost: recordsLost))
  }
}
