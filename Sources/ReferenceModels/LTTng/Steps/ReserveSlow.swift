/// Reserves room for an event where that begins or ends a sub-buffer, and begins and ends it;
/// `lib_ring_buffer_reserve_slow`.
///
/// A writer that may block (`blocking_timeout`) is not modelled: where there is no room, the event is discarded.
struct ReserveSlow: StepMachine {
  let layout: LTTngLayout
  /// The size of the event in bytes, header included.
  let size: UInt64

  private var stage = Stage.offset
  private var old: UInt64 = 0
  private var begin: UInt64 = 0
  private var timestamp: UInt64 = 0
  private var recordsLost: UInt64 = 0
  private var endsOld = false
  private var beginsNew = false
  private var wakesUp = false

  private enum Stage: Hashable {
    case offset, clock, deliveredCount, offsetAgain(deliveredCount: UInt64), consumed
    case lose(LTTngWriteOutcome), sample(SampleRecordsLost), exchange
    case push(PushReader), clearNew(ClearNotReferenced), clearOld(ClearNotReferenced)
    case endOld(EndSubbuffer), beginNew(BeginSubbuffer), noteNewEnd(NoteSubbufferEnd)
  }

  init(_ layout: LTTngLayout, size: UInt64) {
    self.layout = layout
    self.size = size
  }

  private var end: UInt64 { begin &+ size }
  /// `true` if the event fills the sub-buffer to its last byte.
  private var endsNew: Bool { layout.subbufferOffset(end) == 0 }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Reservation> {
    switch stage {
    case .offset:
      // The second look at the offset below is ordered by the loads between.
      old = memory.load(layout.offset, .acquire)
      begin = old
      endsOld = false
      stage = .clock
    case .clock:
      timestamp = memory.fetchAdd(layout.clock, 1, .relaxed)
      let offset = layout.subbufferOffset(old)
      endsOld = offset != 0 && offset + size > layout.subbufferSize
      beginsNew = offset == 0 || endsOld
      if beginsNew {
        begin = (endsOld ? layout.nextSubbuffer(old) : old) &+ UInt64(LTTngPacketHeader.byteCount)
        stage = .deliveredCount
      } else {
        fits()
      }
    case .deliveredCount:
      stage = .offsetAgain(deliveredCount: memory.load(layout.deliveredCount(layout.index(begin)), .acquire))
    case .offsetAgain(let deliveredCount):
      guard memory.load(layout.offset, .acquire) == old else {
        stage = .offset
        break
      }
      if layout.commitCountAtLap(of: begin) != deliveredCount & layout.commitCountMask {
        stage = .lose(.discardedWrap)
      } else if layout.mode == .discard {
        stage = .consumed
      } else {
        fitsNew()
      }
    case .consumed:
      // Writes to the sub-buffer come after the reader's reads of it (a dependency in the library).
      let consumed = memory.load(layout.consumed, .acquire)
      if layout.subbufferStart(begin) &- layout.subbufferStart(consumed) >= layout.bufferSize {
        stage = .lose(.discardedFull)
      } else {
        fitsNew()
      }
    case .lose(let outcome):
      _ = memory.fetchAdd(outcome.counter(in: layout), 1, .relaxed)
      return .done(.refused(outcome))
    case .sample(var sample):
      if let recordsLost = sample.output(on: &memory) {
        self.recordsLost = recordsLost
        stage = .exchange
      } else {
        stage = .sample(sample)
      }
    case .exchange:
      let exchange = memory.compareExchange(
        layout.offset, expected: old, desired: end, .sequentiallyConsistent)
      stage = exchange.exchanged ? .push(PushReader(layout, offset: end &- 1)) : .offset
    case .push(var push):
      let isDone = push.output(on: &memory) != nil
      stage = isDone ? .clearNew(ClearNotReferenced(layout, index: layout.index(end &- 1))) : .push(push)
    case .clearNew(var clear):
      guard clear.output(on: &memory) != nil else {
        stage = .clearNew(clear)
        break
      }
      if endsOld {
        stage = .clearOld(ClearNotReferenced(layout, index: layout.index(old &- 1)))
        return .more
      }
      return beginNewOrDone()
    case .clearOld(var clear):
      let isDone = clear.output(on: &memory) != nil
      stage =
        isDone
        ? .endOld(EndSubbuffer(layout, .traced, end: old, timestamp: timestamp, recordsLost: recordsLost))
        : .clearOld(clear)
    case .endOld(var endOld):
      if let wakesUp = endOld.output(on: &memory) {
        self.wakesUp = wakesUp
        return beginNewOrDone()
      }
      stage = .endOld(endOld)
    case .beginNew(var beginNew):
      if let wakesUp = beginNew.output(on: &memory) {
        self.wakesUp = self.wakesUp || wakesUp
        return noteNewEndOrDone()
      }
      stage = .beginNew(beginNew)
    case .noteNewEnd(var note):
      if note.output(on: &memory) != nil { return done }
      stage = .noteNewEnd(note)
    }
    return .more
  }

  /// The next sub-buffer can be begun; whether the event has room in it.
  private mutating func fitsNew() {
    if layout.subbufferOffset(begin) + size > layout.subbufferSize {
      stage = .lose(.discardedBig)
    } else {
      fits()
    }
  }

  private mutating func fits() {
    recordsLost = 0
    stage = endsNew || endsOld ? .sample(SampleRecordsLost(layout)) : .exchange
  }

  private mutating func beginNewOrDone() -> StepOutcome<Reservation> {
    guard beginsNew else { return noteNewEndOrDone() }
    stage = .beginNew(
      BeginSubbuffer(layout, .traced, position: begin, timestamp: timestamp, recordsLost: recordsLost))
    return .more
  }

  private mutating func noteNewEndOrDone() -> StepOutcome<Reservation> {
    guard endsNew else { return done }
    stage = .noteNewEnd(NoteSubbufferEnd(layout, end: end, timestamp: timestamp))
    return .more
  }

  private var done: StepOutcome<Reservation> {
    .done(.reserved(begin: begin, timestamp: timestamp, recordsLost: recordsLost, wakesUp: wakesUp))
  }
}

/// The result of a reservation.
enum Reservation: Sendable, Hashable {
  /// There is room from a position on.
  case reserved(begin: UInt64, timestamp: UInt64, recordsLost: UInt64, wakesUp: Bool)
  /// There is none.
  case refused(LTTngWriteOutcome)
}

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
