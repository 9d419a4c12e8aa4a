import SubbufferSource

/// What the headers of the packets read in order have told about losses.
struct LTTngModelLossAccount {
  private let mode: LTTngModelAttributes.Mode
  private var discarded: UInt64 = 0
  private var missingPackets: UInt64 = 0
  /// `nil` before the first packet of a stream that had a reader before: what that one read is not lost.
  private var expectedNumber: UInt64?
  private var packets: UInt64 = 0
  private var gaps: UInt64 = 0
  private var lastCount: UInt64 = 0

  init(mode: LTTngModelAttributes.Mode, isFirstReader: Bool) {
    self.mode = mode
    expectedNumber = isFirstReader ? 0 : nil
  }

  /// What a packet's header tells about the time since the packet before, and where it tells it.
  ///
  /// Overwritten packets come first where both tell something: their events are not in `events_discarded`, so no number
  /// of events can be given. A count below an earlier one was not sampled (``CommitBytes/recordsLost``), and tells
  /// nothing.
  @inline(__always)
  mutating func account(for header: LTTngPacketHeader) -> (Loss, LossChannel) {
    let expected = expectedNumber
    expectedNumber = header.packetSequenceNumber &+ 1
    lastCount = header.eventsDiscarded
    let isSampled = header.eventsDiscarded >= discarded
    let events = isSampled ? header.eventsDiscarded - discarded : 0
    discarded += events
    guard let expected else { return (.notTold, .nowhere) }
    let gap = header.packetSequenceNumber &- expected
    missingPackets &+= gap
    packets &+= 1
    if gap != 0 {
      gaps &+= 1
      return (.packets(gap), .sequenceGap)
    }
    if !isSampled { return (.notTold, .nowhere) }
    if events != 0 { return (.events(events), .subbufferHeader) }
    return (.none, mode == .overwrite ? .sequenceGap : .subbufferHeader)
  }

  /// Everything told so far, by each channel.
  var readings: [LossReading] {
    guard packets > 0 else {
      return [.subbufferHeader, .sequenceGap, .lastPacket].map { LossReading(channel: $0, loss: .notTold) }
    }
    return [
      LossReading(channel: .subbufferHeader, loss: .counted(discarded), since: .ringBuffer),
      LossReading(
        channel: .sequenceGap, loss: missingPackets == 0 ? .none : .packets(missingPackets), marks: gaps),
      LossReading(channel: .lastPacket, loss: .counted(lastCount), since: .ringBuffer),
    ]
  }
}
