/// Takes the place of the one reader; `lib_ring_buffer_open_read`.
struct OpenForReading: StepMachine {
  let layout: LTTngLayout

  /// - Returns: whether nobody had it; `false` is `-EBUSY`.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    let exchange = memory.compareExchange(
      layout.activeReaders, expected: 0, desired: 1, .sequentiallyConsistent)
    return .done(exchange.exchanged)
  }
}

/// Gives the place of the one reader back; `lib_ring_buffer_release_read`.
struct ReleaseReading: StepMachine {
  let layout: LTTngLayout

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    _ = memory.fetchAdd(layout.activeReaders, ~0, .sequentiallyConsistent)
    return .done(())
  }
}

/// Takes the sub-buffer at a position; `lib_ring_buffer_get_subbuf`.
///
/// If the sub-buffer is not delivered, or its exchange fails, the library tries again ten times, and sleeps 10 ms
/// before each of the last six (`LTTNG_UST_RING_BUFFER_GET_RETRY`, `nr_retry`). A sleep is a step here, before which
/// ``isDelaying`` says so; how long it takes is up to who makes the steps.
struct GetSubbuffer: StepMachine {
  let layout: LTTngLayout
  let position: UInt64

  private var stage = Stage.finalized
  private var isFinalized = false
  private var deliveredCount: UInt64 = 0
  private var retriesLeft = GetSubbuffer.retries

  private static let retries = 10

  private enum Stage: Hashable {
    case finalized, consumed, deliveredCount(consumed: UInt64), offset(consumed: UInt64)
    case exchange(ExchangeReaderSubbuffer), delay, readID, writeID(LTTngSubbufferID), held, flag
  }

  init(_ layout: LTTngLayout, position: UInt64) {
    self.layout = layout
    self.position = position
  }

  /// `true` if the next step is a sleep of 10 ms.
  var isDelaying: Bool { stage == .delay }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<LTTngReadResult> {
    switch stage {
    case .finalized:
      isFinalized = memory.load(layout.finalized, .acquire) != 0
      stage = .consumed
    case .consumed:
      stage = .deliveredCount(consumed: memory.load(layout.consumed, .relaxed))
    case .deliveredCount(let consumed):
      // The count comes before the data and the write offset (cmm_smp_rmb).
      deliveredCount = memory.load(layout.deliveredCount(layout.index(position)), .acquire)
      stage = .offset(consumed: consumed)
    case .offset(let consumed):
      let offset = memory.load(layout.offset, .relaxed)
      // Signed, as in the library: the positions are compared across their wrap-around.
      let ahead = layout.subbufferStart(position) &- layout.subbufferStart(consumed)
      if Int64(bitPattern: ahead) < 0 { return nothing }
      guard layout.isDelivered(deliveredCount, at: position) else { return retry() }
      if layout.subbufferStart(offset) == layout.subbufferStart(position) { return nothing }
      stage = .exchange(ExchangeReaderSubbuffer(layout, position: position))
    case .exchange(var exchange):
      switch exchange.output(on: &memory) {
      case nil: stage = .exchange(exchange)
      case true: stage = layout.mode == .overwrite ? .readID : .held
      case false: return retry()
      }
    case .delay:
      stage = .finalized
    case .readID:
      stage = .writeID(LTTngSubbufferID(rawValue: memory.readPlain(layout.readerID)))
    case .writeID(let id):
      memory.writePlain(id.referenced.rawValue, to: layout.readerID)
      stage = .held
    case .held:
      memory.writePlain(position, to: layout.getSubbufferConsumed)
      stage = .flag
    case .flag:
      memory.writePlain(1, to: layout.getSubbuffer)
      return .done(.success(position))
    }
    return .more
  }

  private var nothing: StepOutcome<LTTngReadResult> { .done(isFinalized ? .finalized : .nothing) }

  private mutating func retry() -> StepOutcome<LTTngReadResult> {
    guard retriesLeft > 0 else { return nothing }
    retriesLeft -= 1
    stage = retriesLeft <= Self.retries / 2 ? .delay : .finalized
    return .more
  }
}

/// Takes the sub-buffer at the consumed position; `lib_ring_buffer_get_next_subbuf` (`frontend.h`).
struct GetNextSubbuffer: StepMachine {
  let layout: LTTngLayout
  private var stage: Stage

  private enum Stage: Hashable {
    case snapshot(SnapshotPositions), get(GetSubbuffer)
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
    stage = .snapshot(SnapshotPositions(layout, .subbuffers))
  }

  /// `true` if the next step is a sleep of 10 ms.
  var isDelaying: Bool {
    if case .get(let get) = stage { get.isDelaying } else { false }
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<LTTngReadResult> {
    switch stage {
    case .snapshot(var snapshot):
      switch snapshot.output(on: &memory) {
      case nil: stage = .snapshot(snapshot)
      case .success(let consumed): stage = .get(GetSubbuffer(layout, position: consumed))
      case let result?: return .done(result)
      }
    case .get(var get):
      let outcome = get.step(on: &memory)
      stage = .get(get)
      return outcome
    }
    return .more
  }
}

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

/// Gives back the sub-buffer that is held, and moves the consumed position after the last snapshot's;
/// `lib_ring_buffer_put_next_subbuf` (`frontend.h`), `lib_ring_buffer_move_consumer`.
struct PutNextSubbuffer: StepMachine {
  let layout: LTTngLayout
  private var stage: Stage
  private var consumed: UInt64 = 0
  private var new: UInt64 = 0

  private enum Stage: Hashable {
    case put(PutSubbuffer), snapshot, activeReaders, warnReaders, consumed, move
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
    stage = .put(PutSubbuffer(layout))
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch stage {
    case .put(var put):
      let isDone = put.output(on: &memory) != nil
      stage = isDone ? .snapshot : .put(put)
    case .snapshot:
      new = layout.nextSubbuffer(memory.readPlain(layout.consumedSnapshot))
      stage = .activeReaders
    case .activeReaders:
      stage = memory.load(layout.activeReaders, .relaxed) == 1 ? .consumed : .warnReaders
    case .warnReaders:
      _ = memory.fetchAdd(layout.recordDisabled(in: .consumer), 1, .relaxed)
      stage = .consumed
    case .consumed:
      return moveOrDone(from: memory.load(layout.consumed, .relaxed))
    case .move:
      // The library looks at what the word was, and so exchanges once more after an exchange that was made.
      let exchange = memory.compareExchange(
        layout.consumed, expected: consumed, desired: new, .sequentiallyConsistent)
      return moveOrDone(from: exchange.original)
    }
    return .more
  }

  /// The position is only moved forward: in overwrite mode the writer may have pushed it further.
  private mutating func moveOrDone(from position: UInt64) -> StepOutcome<Void> {
    guard Int64(bitPattern: position &- new) < 0 else { return .done(()) }
    consumed = position
    stage = .move
    return .more
  }
}
