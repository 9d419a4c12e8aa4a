/// Makes the sub-buffer in a place the reader's; `update_read_sb_index` (`backend_internal.h`).
///
/// In overwrite mode it is exchanged for the one that the reader has; in discard mode the reader uses the writer's.
struct ExchangeReaderSubbuffer: StepMachine {
  let layout: LTTngLayout
  /// The position of the sub-buffer that is expected in its place.
  let position: UInt64

  private var stage = Stage.writerID
  private var found = LTTngSubbufferID(rawValue: 0)
  private var own = LTTngSubbufferID(rawValue: 0)

  private enum Stage: Hashable {
    case writerID, readerID, warn, writeReaderID, exchange, take
  }

  init(_ layout: LTTngLayout, position: UInt64) {
    self.layout = layout
    self.position = position
  }

  /// - Returns: whether it was done; `false` is `-EAGAIN`.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    let place = layout.writerID(layout.index(position))
    switch stage {
    case .writerID:
      found = LTTngSubbufferID(rawValue: memory.load(place, .relaxed))
      if layout.mode == .discard {
        stage = .take
      } else {
        guard found.isNotReferenced, found.isOfLap(layout.lap(position)) else { return .done(false) }
        stage = .readerID
      }
    case .readerID:
      own = LTTngSubbufferID(rawValue: memory.readPlain(layout.readerID))
      stage = own.isNotReferenced ? .writeReaderID : .warn
    case .warn:
      // The reader holds a sub-buffer already, or puts one twice. The library goes on.
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .writeReaderID
    case .writeReaderID:
      own = own.delivered(inLap: layout.lap(position))
      memory.writePlain(own.rawValue, to: layout.readerID)
      stage = .exchange
    case .exchange:
      let exchange = memory.compareExchange(
        place, expected: found.rawValue, desired: own.rawValue, .sequentiallyConsistent)
      guard exchange.exchanged else { return .done(false) }
      stage = .take
    case .take:
      memory.writePlain(found.rawValue, to: layout.readerID)
      return .done(true)
    }
    return .more
  }
}
