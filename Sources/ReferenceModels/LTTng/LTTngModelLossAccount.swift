import SubbufferSource

/// The state of a reader of a stream at its end: with it the next reader can report the losses between the two.
public struct LTTngModelReaderMemory: Sendable, Hashable {
  /// The `packet_seq_num` that comes next.
  var nextNumber: UInt64 = 0
  /// The highest count of discarded events so far.
  var discarded: UInt64 = 0
  /// Packets that were missing so far, and in how many gaps.
  var missingPackets: UInt64 = 0
  var gaps: UInt64 = 0
  /// Sub-buffers that readers took so far.
  var taken: UInt = 0
}

/// The losses reported by the headers of the packets, read in order.
struct LTTngModelLossAccount {
  private let mode: LTTngModelAttributes.Mode
  private(set) var memory: LTTngModelReaderMemory
  /// `true` if what was lost before the first packet is known; not of a stream that had a reader whose memory is gone.
  let knowsThePast: Bool
  private var packets: UInt64 = 0
  private var lastCount: UInt64 = 0

  /// An account of a stream without a reader before, or of one whose last reader has left its memory.
  init(mode: LTTngModelAttributes.Mode, memory: LTTngModelReaderMemory = LTTngModelReaderMemory()) {
    self.mode = mode
    self.memory = memory
    knowsThePast = true
  }

  /// An account of a stream that had a reader which has left nothing but the consumed position.
  /// - Parameter number: the consumed position in sub-buffers, which is the number of the packet that lies there.
  init(mode: LTTngModelAttributes.Mode, consumedUpTo number: UInt64) {
    self.mode = mode
    memory = LTTngModelReaderMemory(nextNumber: number)
    knowsThePast = false
  }

  /// The loss that a packet's header reports for the time since the packet before, and the channel that reports it.
  ///
  /// No count has the events of missing packets; the header reports discarded events besides. A
  /// count below an earlier one was not sampled (``CommitBytes/recordsLost``), and reports nothing. The first packet of
  /// a reader that does not know the past reports a gap only.
  @inline(__always)
  mutating func account(for header: LTTngPacketHeader) -> (Loss, LossChannel) {
    lastCount = header.eventsDiscarded
    let isSampled = header.eventsDiscarded >= memory.discarded
    let events = isSampled ? header.eventsDiscarded - memory.discarded : 0
    let gap = header.packetSequenceNumber &- memory.nextNumber
    memory.discarded += events
    memory.nextNumber = header.packetSequenceNumber &+ 1
    memory.missingPackets &+= gap
    memory.taken &+= 1
    let isFirst = packets == 0
    packets &+= 1
    if gap != 0 {
      memory.gaps &+= 1
      return (.packets(gap, events: isFirst && !knowsThePast ? 0 : events), .sequenceGap)
    }
    if !isSampled || isFirst && !knowsThePast { return (.notTold, .nowhere) }
    if events != 0 { return (.events(events), .subbufferHeader) }
    return (.none, mode == .overwrite ? .sequenceGap : .subbufferHeader)
  }

  /// A sub-buffer was taken that holds no packet.
  mutating func takeUnreadable() { memory.taken &+= 1 }

  /// Everything reported so far, by each channel. The counts are those of the stream, also those of a later reader.
  var readings: [LossReading] {
    guard packets > 0 else {
      return [.subbufferHeader, .sequenceGap, .lastPacket].map {
        LossReading(channel: $0, loss: .notTold, since: since($0))
      }
    }
    let missing: Loss = memory.missingPackets > 0 ? .packets(memory.missingPackets) : knowsThePast ? .none : .notTold
    return [
      LossReading(channel: .subbufferHeader, loss: .counted(memory.discarded), since: .ringBuffer),
      LossReading(channel: .sequenceGap, loss: missing, since: since(.sequenceGap), marks: memory.gaps),
      LossReading(channel: .lastPacket, loss: .counted(lastCount), since: .ringBuffer),
    ]
  }

  private func since(_ channel: LossChannel) -> LossReading.Beginning {
    channel == .sequenceGap && !knowsThePast ? .source : .ringBuffer
  }
}
