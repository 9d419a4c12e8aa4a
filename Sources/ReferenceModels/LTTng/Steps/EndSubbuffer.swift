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
