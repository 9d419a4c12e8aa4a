/// Writes one event: reserves the room, writes it, commits it (`ring_buffer_lock_reserve`, `__rb_reserve_next`,
/// `ring_buffer_unlock_commit` of kernel/trace/ring_buffer.c).
///
/// A ring buffer has one writer. Others may interrupt it between reserve and commit, one after the other, and end before it
/// goes on, as an interrupt's handler does; what they write is committed by it (`rb_end_commit`). Interrupts at other steps
/// are not modelled.
/// An event is 16 bytes and the payload, rounded up to 8; see ``KernelModelRing``.
package struct KernelWriteEvent: StepMachine {
  /// The outcome of a write.
  package enum Outcome: Sendable, Hashable {
    /// The event is committed.
    case written
    /// There was no room: overwrite is off, or the writer interrupted another and met its uncommitted event.
    case dropped
    /// The event is larger than the data of a sub-buffer; no counter counts it.
    case tooLong
  }

  private enum Phase {
    case tailPage, reserve, moveTail, commitTail, countOnPage, timestamp, header, sequence, payload, count, commit
  }

  private let layout: KernelLayout
  private let sequence: UInt64
  private let length: UInt64
  private let timestamp: UInt64
  private let type: UInt32
  private let isNested: Bool
  private var phase = Phase.tailPage
  private var tailPage = 0
  private var tail: UInt64 = 0
  private var offset: UInt64 = 0
  private var moveTail: KernelMoveTail
  private var outcome = Outcome.written
  private var commit: KernelCommit

  /// - Parameters:
  ///   - layout: the ring buffer.
  ///   - sequence: the sequence number of the event.
  ///   - payload: the bytes of the payload.
  ///   - timestamp: the time of the event.
  ///   - isWorkload: whether the event is one of the workload's.
  ///   - isNested: whether the writer interrupts another.
  package init(
    _ layout: KernelLayout, sequence: UInt64, payload: UInt32, timestamp: UInt64, isWorkload: Bool = true,
    isNested: Bool = false
  ) {
    self.layout = layout
    self.sequence = sequence
    self.timestamp = timestamp
    self.isNested = isNested
    type = isWorkload ? KernelSubbufferFormat.eventType : KernelSubbufferFormat.otherType
    length = UInt64(KernelSubbufferFormat.eventSize(payload: payload))
    moveTail = KernelMoveTail(layout, tailPage: 0, tail: 0, length: 0, isNested: isNested)
    commit = KernelCommit(layout)
  }

  /// `true` if the tail is about to move, and it is not decided yet whereto. Here a kernel's writer, which cannot be
  /// preempted, is not overtaken by several calls of the reader, as long as its CPU runs and no interrupt takes long.
  @inline(__always)
  package var isDecidingOnTail: Bool { phase == .moveTail && moveTail.isDeciding }

  /// `true` between reserve and commit: the event is in the ring buffer, and no reader sees it yet.
  package var isUncommitted: Bool {
    switch phase {
    case .timestamp, .header, .sequence, .payload, .count: true
    case .tailPage, .reserve, .moveTail, .commitTail, .countOnPage, .commit: false
    }
  }

  /// Makes the next step.
  @inline(__always)
  package mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Outcome> {
    switch phase {
    case .tailPage:
      guard length <= layout.dataSize else { return .done(.tooLong) }
      tailPage = Int(truncatingIfNeeded: memory.load(KernelLayout.tailPage, .relaxed))
      phase = .reserve
    case .reserve:
      tail = memory.fetchAdd(layout.write(tailPage), length, .acquireRelease)
      if tail <= layout.dataSize - length {
        phase = .countOnPage
      } else {
        moveTail = KernelMoveTail(
          layout, tailPage: tailPage, tail: tail, length: length, isNested: isNested)
        phase = .moveTail
      }
    case .moveTail:
      if case .done(let moved) = moveTail.step(on: &memory) {
        if moved == .dropped { outcome = .dropped }
        if isNested {
          if outcome == .dropped { return .done(.dropped) }
          phase = .tailPage
        } else {
          phase = .commitTail
        }
      }
    case .commitTail:
      // Commits the padding.
      if case .done = commit.step(on: &memory) {
        if outcome == .dropped { return .done(.dropped) }
        commit = KernelCommit(layout)
        phase = .tailPage
      }
    case .countOnPage:
      _ = memory.fetchAdd(layout.entries(tailPage), 1, .relaxed)
      phase = tail == 0 ? .timestamp : .header
    case .timestamp:
      memory.writePlain(timestamp, to: layout.timestamp(tailPage))
      phase = .header
    case .header:
      let word = KernelSubbufferFormat.word(
        size: Int(truncatingIfNeeded: length), type: type)
      memory.writePlain(word, to: layout.data(tailPage, tail))
      phase = .sequence
    case .sequence:
      memory.writePlain(sequence, to: layout.data(tailPage, tail + 8))
      offset = UInt64(KernelSubbufferFormat.eventHeaderSize)
      phase = offset < length ? .payload : .count
    case .payload:
      let index = Int(truncatingIfNeeded: offset / 8) - KernelSubbufferFormat.eventHeaderSize / 8
      memory.writePlain(
        KernelSubbufferFormat.payloadWord(index, of: sequence), to: layout.data(tailPage, tail + offset))
      offset += 8
      if offset >= length { phase = .count }
    case .count:
      _ = memory.fetchAdd(KernelLayout.entries, 1, .relaxed)
      if isNested { return .done(.written) }
      phase = .commit
    case .commit:
      if case .done = commit.step(on: &memory) { return .done(.written) }
    }
    return .more
  }
}

/// Makes what is reserved readable (`rb_set_commit_to_write`): moves the commit page up to the tail page, and the commit
/// of that page up to what is reserved on it.
///
/// Only the outermost writer does it (`rb_end_commit`). The kernel repeats it until nothing changes, since an interrupt may
/// have written meanwhile; here nobody interrupts a writer that commits.
struct KernelCommit: StepMachine {
  private enum Phase {
    case commitPage, tailPage, fullWrite, fullCommit, next, advance, commit, write, store
  }

  private let layout: KernelLayout
  private var phase = Phase.commitPage
  private var page = 0
  private var value: UInt64 = 0

  init(_ layout: KernelLayout) { self.layout = layout }

  @inline(__always)
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    switch phase {
    case .commitPage:
      page = Int(truncatingIfNeeded: memory.load(KernelLayout.commitPage, .relaxed))
      phase = .tailPage
    case .tailPage:
      let tail = Int(truncatingIfNeeded: memory.load(KernelLayout.tailPage, .relaxed))
      phase = page == tail ? .commit : .fullWrite
    case .fullWrite:
      value = memory.load(layout.write(page), .relaxed)
      phase = .fullCommit
    case .fullCommit:
      memory.store(value, to: layout.commit(page), .release)
      phase = .next
    case .next:
      page = PageLink(word: memory.load(layout.next(page), .acquire)).page
      phase = .advance
    case .advance:
      memory.store(UInt64(page), to: KernelLayout.commitPage, .release)
      phase = .tailPage
    case .commit:
      value = memory.load(layout.commit(page), .relaxed)
      phase = .write
    case .write:
      let write = memory.load(layout.write(page), .relaxed)
      guard write != value else { return .done(()) }
      value = write
      phase = .store
    case .store:
      // Sequentially consistent, for the writer's look at who waits: see KernelWakeUp.
      memory.store(value, to: layout.commit(page), .sequentiallyConsistent)
      return .done(())
    }
    return .more
  }
}
