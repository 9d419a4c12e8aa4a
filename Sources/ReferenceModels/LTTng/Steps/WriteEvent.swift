import SystemPackage

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

/// The outcome of a write.
package enum LTTngWriteOutcome: Sendable, Hashable {
  /// It was written and committed; it begins at this position, in bytes since the ring buffer was made.
  case committed(position: UInt64)
  /// All sub-buffers are full, `-ENOBUFS`; counted in `records_lost_full`. Discard mode only.
  case discardedFull
  /// The next sub-buffer has an event of the lap before that is not committed, `-EIO`; counted in `records_lost_wrap`.
  case discardedWrap
  /// No sub-buffer has room for it, `-ENOSPC`; counted in `records_lost_big`.
  case discardedBig
  /// An internal error disabled the channel, `-EAGAIN`; counted nowhere.
  case disabled

  /// The counter that it is counted in.
  func counter(in layout: LTTngLayout) -> Int {
    switch self {
    case .discardedFull: layout.recordsLostFull
    case .discardedBig: layout.recordsLostBig
    case .discardedWrap, .committed, .disabled: layout.recordsLostWrap
    }
  }

  /// The error of `lib_ring_buffer_reserve`; `nil` where the event was written.
  package var errno: Errno? {
    switch self {
    case .committed: nil
    case .discardedFull: .noBufferSpace
    case .discardedWrap: .ioError
    case .discardedBig: .noSpace
    case .disabled: .resourceTemporarilyUnavailable
    }
  }
}

/// Adds to the commit counter of a sub-buffer, and delivers the sub-buffer where that was the last of it.
///
/// The end of `lib_ring_buffer_commit`, `lib_ring_buffer_switch_old_start`, `_switch_old_end` and `_switch_new_start`:
/// `v_add` to `commit_hot[].cc`, `lib_ring_buffer_check_deliver`, `lib_ring_buffer_write_commit_counter`.
struct CommitBytes: StepMachine {
  let layout: LTTngLayout
  let process: LTTngProcess
  /// The place in the writer's table.
  let index: Int
  /// The number of bytes committed.
  let byteCount: UInt64
  /// A position in the sub-buffer, for its lap.
  let position: UInt64
  /// The position that the sequence of commits is compared with.
  let end: UInt64
  /// The operation's sample of the counters of lost events: it becomes `events_discarded`, whoever's bytes are
  /// the last. An operation that was not the last to reserve in the sub-buffer has not sampled, which is 0.
  let recordsLost: UInt64

  private var stage = Stage.add
  private var commitCount: UInt64 = 0
  private var wakesUp = false

  private enum Stage: Hashable {
    case add, read, deliver(DeliverSubbuffer), readSequence, writeSequence
  }

  init(
    _ layout: LTTngLayout, _ process: LTTngProcess, index: Int, byteCount: UInt64, position: UInt64, end: UInt64,
    recordsLost: UInt64
  ) {
    self.layout = layout
    self.process = process
    self.index = index
    self.byteCount = byteCount
    self.position = position
    self.end = end
    self.recordsLost = recordsLost
  }

  /// `true` if nothing is committed yet.
  var isBeforeCommit: Bool { stage == .add }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .add:
      // Writes to the sub-buffer come before the count (cmm_smp_wmb).
      _ = memory.fetchAdd(layout.commitCount(index), byteCount, .release)
      stage = .read
    case .read:
      commitCount = memory.load(layout.commitCount(index), .acquire)
      let before = commitCount &- layout.subbufferSize
      guard layout.commitCountAtLap(of: position) == before & layout.commitCountMask else { return sequenceOrDone() }
      stage = .deliver(
        DeliverSubbuffer(
          layout, process, index: index, commitCount: commitCount, position: position, recordsLost: recordsLost))
    case .deliver(var deliver):
      if let wakesUp = deliver.output(on: &memory) {
        self.wakesUp = wakesUp
        return sequenceOrDone()
      }
      stage = .deliver(deliver)
    case .readSequence:
      let sequence = memory.load(layout.commitSequence(index), .relaxed)
      guard Int64(bitPattern: sequence &- commitCount) < 0 else { return .done(wakesUp) }
      stage = .writeSequence
    case .writeSequence:
      memory.store(commitCount, to: layout.commitSequence(index), .relaxed)
      return .done(wakesUp)
    }
    return .more
  }

  /// The sequence is written where everything reserved up to `end` is committed.
  private mutating func sequenceOrDone() -> StepOutcome<Bool> {
    guard layout.subbufferOffset(end &- commitCount) == 0 else { return .done(wakesUp) }
    stage = .readSequence
    return .more
  }
}

/// Reads the three counters of lost events, before the reservation that ends a sub-buffer; the end of
/// `lib_ring_buffer_try_reserve_slow` and `lib_ring_buffer_try_switch_slow`.
struct SampleRecordsLost: StepMachine {
  let layout: LTTngLayout
  private var sum: UInt64 = 0
  private var stage = Stage.full

  private enum Stage: Hashable {
    case full, wrap, big
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  /// - Returns: their sum, as `client_buffer_end` makes it.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<UInt64> {
    switch stage {
    case .full:
      sum = memory.load(layout.recordsLostFull, .relaxed)
      stage = .wrap
    case .wrap:
      sum &+= memory.load(layout.recordsLostWrap, .relaxed)
      stage = .big
    case .big:
      return .done(sum &+ memory.load(layout.recordsLostBig, .relaxed))
    }
    return .more
  }
}
