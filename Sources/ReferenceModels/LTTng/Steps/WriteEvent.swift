/// Writes one event: `lttng_event_reserve`, the writing of its words, and `lttng_event_commit`
/// (`ringbuffer-clients/template.h`), with `lib_ring_buffer_reserve` and `lib_ring_buffer_commit` (`frontend_api.h`).
///
/// The design has room for any number of writers on one buffer. The model has one writer on each, whose reservations
/// race with the flush of the reader.
struct WriteEvent: StepMachine {
  let layout: LTTngLayout
  let event: LTTngEvent

  private var stage = Stage.enabled
  private var begin: UInt64 = 0
  private var timestamp: UInt64 = 0
  private var recordsLost: UInt64 = 0
  private var wakesUp = false

  private enum Stage: Hashable {
    case enabled, offset, clock, exchange, push(PushReader), clear(ClearNotReferenced), slow(ReserveSlow)
    case id, warn(firstWord: Int), write(word: Int, firstWord: Int), commit(CommitBytes)
  }

  /// The outcome of the event, and whether the reader is to be woken.
  struct Output: Sendable, Hashable {
    let outcome: LTTngWriteOutcome
    let wakesUp: Bool
  }

  init(_ layout: LTTngLayout, _ event: LTTngEvent) {
    self.layout = layout
    self.event = event
  }

  /// `true` if all words of the event are written and none of it is committed.
  var isBeforeCommit: Bool {
    if case .commit(let commit) = stage { commit.isBeforeCommit } else { false }
  }

  private var end: UInt64 { begin &+ event.slotSize }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Output> {
    switch stage {
    case .enabled:
      guard memory.load(layout.recordDisabled(in: .traced), .relaxed) == 0 else {
        return .done(Output(outcome: .disabled, wakesUp: false))
      }
      stage = .offset
    case .offset:
      begin = memory.load(layout.offset, .relaxed)
      stage = .clock
    case .clock:
      timestamp = memory.fetchAdd(layout.clock, 1, .relaxed)
      let offset = layout.subbufferOffset(begin)
      // The fast path neither begins nor ends a sub-buffer.
      let isFast = offset != 0 && offset + event.slotSize < layout.subbufferSize
      stage = isFast ? .exchange : .slow(ReserveSlow(layout, size: event.slotSize))
    case .exchange:
      let exchange = memory.compareExchange(
        layout.offset, expected: begin, desired: end, .sequentiallyConsistent)
      stage =
        exchange.exchanged
        ? .push(PushReader(layout, offset: end &- 1)) : .slow(ReserveSlow(layout, size: event.slotSize))
    case .push(var push):
      let isDone = push.output(on: &memory) != nil
      stage = isDone ? .clear(ClearNotReferenced(layout, index: layout.index(end &- 1))) : .push(push)
    case .clear(var clear):
      let isDone = clear.output(on: &memory) != nil
      stage = isDone ? .id : .clear(clear)
    case .slow(var slow):
      switch slow.output(on: &memory) {
      case nil: stage = .slow(slow)
      case .refused(let outcome): return .done(Output(outcome: outcome, wakesUp: false))
      case .reserved(let begin, let timestamp, let recordsLost, let wakesUp):
        self.begin = begin
        self.timestamp = timestamp
        self.recordsLost = recordsLost
        self.wakesUp = wakesUp
        stage = .id
      }
    case .id:
      let id = LTTngSubbufferID(rawValue: memory.load(layout.writerID(layout.index(begin)), .relaxed))
      let first = layout.words(ofSubbuffer: id.subbuffer) + Int(layout.subbufferOffset(begin)) / 8
      let isWrong = layout.mode == .overwrite && id.isNotReferenced
      stage = isWrong ? .warn(firstWord: first) : .write(word: 0, firstWord: first)
    case .warn(let first):
      _ = memory.fetchAdd(layout.recordDisabled(in: .traced), 1, .relaxed)
      stage = .write(word: 0, firstWord: first)
    case .write(let word, let first):
      memory.writePlain(event.word(word, timestamp: timestamp), to: first + word)
      stage = word + 1 < event.wordCount ? .write(word: word + 1, firstWord: first) : .commit(commit)
    case .commit(var commit):
      if let wakesUp = commit.output(on: &memory) {
        return .done(Output(outcome: .committed(position: begin), wakesUp: self.wakesUp || wakesUp))
      }
      stage = .commit(commit)
    }
    return .more
  }

  private var commit: CommitBytes {
    CommitBytes(
      layout, .traced, index: layout.index(end &- 1), byteCount: event.slotSize, position: end &- 1, end: end,
      recordsLost: recordsLost)
  }
}
