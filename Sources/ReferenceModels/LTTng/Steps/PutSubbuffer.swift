/// Gives back the sub-buffer that is held; `lib_ring_buffer_put_subbuf`. The counters of read events, which LTTng-UST is
/// built without (`LTTNG_RING_BUFFER_COUNT_EVENTS`), are left out.
struct PutSubbuffer: StepMachine {
  let layout: LTTngLayout
  private var stage = Stage.activeReaders
  private var position: UInt64 = 0
  private var id = LTTngSubbufferID(rawValue: 0)

  private enum Stage: Hashable {
    case activeReaders, warnReaders, flag, warnNotHeld, position, clearFlag, readID, warnPut, writeID
    case exchange(ExchangeReaderSubbuffer)
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch stage {
    case .activeReaders:
      stage = memory.load(layout.activeReaders, .relaxed) == 1 ? .flag : .warnReaders
    case .warnReaders:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .flag
    case .flag:
      stage = memory.readPlain(layout.getSubbuffer) == 0 ? .warnNotHeld : .position
    case .warnNotHeld:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      return .done(())
    case .position:
      position = memory.readPlain(layout.getSubbufferConsumed)
      stage = .clearFlag
    case .clearFlag:
      memory.writePlain(0, to: layout.getSubbuffer)
      stage = layout.mode == .overwrite ? .readID : .exchange(ExchangeReaderSubbuffer(layout, position: position))
    case .readID:
      id = LTTngSubbufferID(rawValue: memory.readPlain(layout.readerID))
      stage = id.isNotReferenced ? .warnPut : .writeID
    case .warnPut:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .writeID
    case .writeID:
      memory.writePlain(id.notReferenced.rawValue, to: layout.readerID)
      stage = .exchange(ExchangeReaderSubbuffer(layout, position: position))
    case .exchange(var exchange):
      // It fails where the writer has come around meanwhile; then the reader keeps the sub-buffer as its own.
      if exchange.output(on: &memory) != nil { return .done(()) }
      stage = .exchange(exchange)
    }
    return .more
  }
}
