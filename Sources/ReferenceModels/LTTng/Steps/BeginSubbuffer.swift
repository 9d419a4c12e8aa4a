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
