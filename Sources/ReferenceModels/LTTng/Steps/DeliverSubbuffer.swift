/// Ends the packet of a sub-buffer all of which is committed, and gives it to the reader;
/// `lib_ring_buffer_check_deliver_slow` with the client's `client_buffer_end`.
struct DeliverSubbuffer: StepMachine {
  let layout: LTTngLayout
  let process: LTTngProcess
  let index: Int
  let commitCount: UInt64
  let position: UInt64
  let recordsLost: UInt64

  private var stage = Stage.claim
  private var id = LTTngSubbufferID(rawValue: 0)
  private var timestampEnd: UInt64 = 0
  private var dataSize: UInt64 = 0
  private var packetCount: UInt64 = 0

  private enum Stage: Hashable {
    case claim, timestampEnd, id, warn, dataSize, header(Int), readPacketCount, writePacketCount, setNotReferenced
    case publish, sequence, activeReaders, poll(PollDelivered)
  }

  private static let ended: [LTTngPacketHeader.Field] = [.timestampEnd, .contentSize, .packetSize, .eventsDiscarded]

  init(
    _ layout: LTTngLayout, _ process: LTTngProcess, index: Int, commitCount: UInt64, position: UInt64,
    recordsLost: UInt64
  ) {
    self.layout = layout
    self.process = process
    self.index = index
    self.commitCount = commitCount
    self.position = position
    self.recordsLost = recordsLost
  }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .claim:
      // The thread that makes this exchange delivers; until the last store below, no thread's expectation matches the
      // count.
      let before = commitCount &- layout.subbufferSize
      let exchange = memory.compareExchange(
        layout.deliveredCount(index), expected: before, desired: before &+ 1, .sequentiallyConsistent)
      guard exchange.exchanged else { return .done(false) }
      stage = .timestampEnd
    case .timestampEnd:
      timestampEnd = memory.readPlain(layout.timestampEnd(index))
      stage = .id
    case .id:
      id = LTTngSubbufferID(rawValue: memory.load(layout.writerID(index), .relaxed))
      stage = layout.mode == .overwrite && id.isNotReferenced ? .warn : .dataSize
    case .warn:
      _ = memory.fetchAdd(layout.recordDisabled(in: process), 1, .relaxed)
      stage = .dataSize
    case .dataSize:
      dataSize = memory.readPlain(layout.dataSize(id.subbuffer))
      stage = .header(0)
    case .header(let number):
      let field = Self.ended[number]
      memory.writePlain(value(of: field), to: layout.words(ofSubbuffer: id.subbuffer) + field.rawValue)
      stage = number + 1 < Self.ended.count ? .header(number + 1) : .readPacketCount
    case .readPacketCount:
      packetCount = memory.readPlain(layout.packetCount(index))
      stage = .writePacketCount
    case .writePacketCount:
      memory.writePlain(packetCount &+ 1, to: layout.packetCount(index))
      stage = layout.mode == .overwrite ? .setNotReferenced : .publish
    case .setNotReferenced:
      // A full barrier stands before this store and before the next.
      let delivered = id.delivered(inLap: layout.lap(position))
      memory.store(delivered.rawValue, to: layout.writerID(index), .sequentiallyConsistent)
      stage = .publish
    case .publish:
      memory.store(commitCount, to: layout.deliveredCount(index), .sequentiallyConsistent)
      stage = .sequence
    case .sequence:
      memory.store(commitCount, to: layout.commitSequence(index), .relaxed)
      stage = .activeReaders
    case .activeReaders:
      guard memory.load(layout.activeReaders, .relaxed) != 0 else { return .done(false) }
      stage = .poll(PollDelivered(layout))
    case .poll(var poll):
      if let isDelivered = poll.output(on: &memory) { return .done(isDelivered) }
      stage = .poll(poll)
    }
    return .more
  }

  private func value(of field: LTTngPacketHeader.Field) -> UInt64 {
    switch field {
    case .timestampEnd: timestampEnd
    case .contentSize: dataSize &* 8
    case .packetSize: layout.pageAligned(dataSize) &* 8
    default: recordsLost
    }
  }
}

/// Looks whether the sub-buffer at the consumed position can be read; `lib_ring_buffer_poll_deliver`.
struct PollDelivered: StepMachine {
  let layout: LTTngLayout
  private var stage = Stage.consumed
  private var consumed: UInt64 = 0

  private enum Stage: Hashable {
    case consumed, deliveredCount, offset
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .consumed:
      consumed = memory.load(layout.consumed, .relaxed)
      stage = .deliveredCount
    case .deliveredCount:
      let count = memory.load(layout.deliveredCount(layout.index(consumed)), .relaxed)
      guard layout.isDelivered(count, at: consumed) else { return .done(false) }
      stage = .offset
    case .offset:
      let offset = memory.load(layout.offset, .relaxed)
      return .done(layout.subbufferStart(offset) != layout.subbufferStart(consumed))
    }
    return .more
  }
}

extension LTTngLayout {
  /// `true` if a sub-buffer whose `cc_sb` is `count` was delivered in the lap of a position.
  func isDelivered(_ count: UInt64, at position: UInt64) -> Bool {
    (count &- subbufferSize) & commitCountMask == commitCountAtLap(of: position)
  }
}
