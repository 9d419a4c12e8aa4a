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

/// Writes the header of a packet that begins, and commits it: `lib_ring_buffer_switch_new_start` and
/// `lib_ring_buffer_switch_old_start` with the client's `client_buffer_begin`.
struct BeginSubbuffer: StepMachine {
  let layout: LTTngLayout
  let process: LTTngProcess
  let position: UInt64
  let timestamp: UInt64
  let recordsLost: UInt64

  private var stage = Stage.packetCount
  private var packetCount: UInt64 = 0
  private var id = LTTngSubbufferID(rawValue: 0)

  private enum Stage: Hashable {
    case packetCount, id, warn, header(LTTngPacketHeader.Field), commit(CommitBytes)
  }

  /// - Parameter position: as the library passes it: with `switch_old_start` the beginning of the sub-buffer, with
  ///   `switch_new_start` the end of its header.
  init(
    _ layout: LTTngLayout, _ process: LTTngProcess, position: UInt64, timestamp: UInt64, recordsLost: UInt64
  ) {
    self.layout = layout
    self.process = process
    self.position = position
    self.timestamp = timestamp
    self.recordsLost = recordsLost
  }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    let index = layout.index(position)
    switch stage {
    case .packetCount:
      packetCount = memory.readPlain(layout.packetCount(index))
      stage = .id
    case .id:
      id = LTTngSubbufferID(rawValue: memory.load(layout.writerID(index), .relaxed))
      stage = layout.mode == .overwrite && id.isNotReferenced ? .warn : .header(.magic)
    case .warn:
      _ = memory.fetchAdd(layout.recordDisabled(in: process), 1, .relaxed)
      stage = .header(.magic)
    case .header(let field):
      memory.writePlain(
        layout.beginning(field, timestamp: timestamp, packetCount: packetCount, index: index),
        to: layout.words(ofSubbuffer: id.subbuffer) + field.rawValue)
      if let next = LTTngPacketHeader.Field(rawValue: field.rawValue + 1) {
        stage = .header(next)
      } else {
        let size = UInt64(LTTngPacketHeader.byteCount)
        stage = .commit(
          CommitBytes(
            layout, process, index: index, byteCount: size, position: position, end: position &+ size,
            recordsLost: recordsLost))
      }
    case .commit(var commit):
      if let wakesUp = commit.output(on: &memory) { return .done(wakesUp) }
      stage = .commit(commit)
    }
    return .more
  }
}

extension LTTngLayout {
  /// The value of a header field from the beginning of a packet to its delivery.
  func beginning(_ field: LTTngPacketHeader.Field, timestamp: UInt64, packetCount: UInt64, index: Int) -> UInt64 {
    switch field {
    case .magic: LTTngPacketHeader.magic
    case .timestampBegin: timestamp
    case .timestampEnd, .eventsDiscarded: 0
    case .contentSize, .packetSize: ~0
    case .packetSequenceNumber: UInt64(subbufferCount) &* packetCount &+ UInt64(index)
    case .cpu: UInt64(cpu)
    }
  }
}

/// Notes where and when the data of a sub-buffer end: the first half of `lib_ring_buffer_switch_old_end`, and
/// `lib_ring_buffer_switch_new_end`.
struct NoteSubbufferEnd: StepMachine {
  let layout: LTTngLayout
  /// The position after the data.
  let end: UInt64
  let timestamp: UInt64
  private var stage = Stage.id

  private enum Stage: Hashable {
    case id, dataSize(subbuffer: Int), timestampEnd
  }

  init(_ layout: LTTngLayout, end: UInt64, timestamp: UInt64) {
    self.layout = layout
    self.end = end
    self.timestamp = timestamp
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Void> {
    let index = layout.index(end &- 1)
    switch stage {
    case .id:
      let id = LTTngSubbufferID(rawValue: memory.load(layout.writerID(index), .relaxed))
      stage = .dataSize(subbuffer: id.subbuffer)
    case .dataSize(let subbuffer):
      memory.writePlain(layout.subbufferOffset(end &- 1) + 1, to: layout.dataSize(subbuffer))
      stage = .timestampEnd
    case .timestampEnd:
      memory.writePlain(timestamp, to: layout.timestampEnd(index))
      return .done(())
    }
    return .more
  }
}

/// Ends a sub-buffer, with padding for what is left of it; `lib_ring_buffer_switch_old_end`.
struct EndSubbuffer: StepMachine {
  let layout: LTTngLayout
  let process: LTTngProcess
  /// The position after the data.
  let end: UInt64
  let recordsLost: UInt64
  private var stage: Stage

  private enum Stage: Hashable {
    case note(NoteSubbufferEnd), commit(CommitBytes)
  }

  init(_ layout: LTTngLayout, _ process: LTTngProcess, end: UInt64, timestamp: UInt64, recordsLost: UInt64) {
    self.layout = layout
    self.process = process
    self.end = end
    self.recordsLost = recordsLost
    stage = .note(NoteSubbufferEnd(layout, end: end, timestamp: timestamp))
  }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .note(var note):
      guard note.output(on: &memory) != nil else {
        stage = .note(note)
        break
      }
      let padding = layout.subbufferSize - layout.subbufferOffset(end &- 1) - 1
      stage = .commit(
        CommitBytes(
          layout, process, index: layout.index(end &- 1), byteCount: padding, position: end &- 1,
          end: end &+ padding, recordsLost: recordsLost))
    case .commit(var commit):
      if let wakesUp = commit.output(on: &memory) { return .done(wakesUp) }
      stage = .commit(commit)
    }
    return .more
  }
}
