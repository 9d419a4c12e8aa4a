import CTFPackets
import SubbufferSource

/// What the headers of one stream's packets, read in order, have told about losses.
struct LossAccount {
  private let mode: ChannelAttributes.Mode
  private var discarded: UInt64 = 0
  private var missingPackets: UInt64 = 0
  /// `nil` before the first packet of a stream that had a reader before: what that one read is not lost.
  private var expectedNumber: UInt64?
  private var discardedBefore: UInt64 = 0
  private var packets: UInt64 = 0

  init(mode: ChannelAttributes.Mode, isFirstReader: Bool) {
    self.mode = mode
    expectedNumber = isFirstReader ? 0 : nil
  }

  /// What a packet's header tells about the time since the packet before, and where it tells it.
  ///
  /// `events_discarded` counts from the beginning of the stream, modulo the word size. Overwritten packets come first
  /// where both tell something: their events are not in that count, so no number of events can be given.
  @inline(__always)
  mutating func account(for header: PacketHeader) -> (Loss, LossChannel) {
    let expected = expectedNumber
    expectedNumber = header.packetSequenceNumber &+ 1
    let events = header.eventsDiscarded &- discarded
    discarded = header.eventsDiscarded
    guard let expected else {
      discardedBefore = discarded
      return (.notTold, .nowhere)
    }
    let gap = header.packetSequenceNumber &- expected
    missingPackets &+= gap
    packets &+= 1
    if gap != 0 { return (.packets(gap), .sequenceGap) }
    if events != 0 { return (.events(events), .subbufferHeader) }
    return (.none, mode == .overwrite ? .sequenceGap : .subbufferHeader)
  }

  /// Everything told so far, by each channel.
  var readings: [LossReading] {
    guard packets > 0 else {
      return [.subbufferHeader, .sequenceGap].map { LossReading(channel: $0, loss: .notTold) }
    }
    return [
      LossReading(channel: .subbufferHeader, loss: .counted(discarded &- discardedBefore)),
      LossReading(channel: .sequenceGap, loss: missingPackets == 0 ? .none : .packets(missingPackets)),
    ]
  }
}
