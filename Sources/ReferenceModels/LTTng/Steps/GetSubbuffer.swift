/// Takes the sub-buffer at a position; `lib_ring_buffer_get_subbuf`.
///
/// Where the sub-buffer is not delivered, or its exchange fails, the library tries again ten times, and sleeps 10 ms
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
