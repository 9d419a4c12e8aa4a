import CTFPackets
import SubbufferSource

/// What the headers of one stream's packets, read in order, have told about losses.
struct LossAccount {
  private let mode: ChannelAttributes.Mode
  private var discarded: UInt64 = 0
  private var missingPackets: UInt64 = 0
  private var expectedNumber: UInt64 = 0
  private var packets: UInt64 = 0

  init(mode: ChannelAttributes.Mode) {
    self.mode = mode
  }

  /// What a packet's header tells about the time since the packet before, and where it tells it.
  ///
  /// `events_discarded` counts from the beginning of the stream, modulo the word size. Overwritten packets come first
  /// where both tell something: their events are not in that count, so no number of events can be given.
  @inline(__always)
  mutating func account(for header: PacketHeader) -> (Loss, LossChannel) {
    let gap = header.packetSequenceNumber &- expectedNumber
    let events = header.eventsDiscarded &- discarded
    expectedNumber = header.packetSequenceNumber &+ 1
    discarded = header.eventsDiscarded
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
      LossReading(channel: .subbufferHeader, loss: discarded == 0 ? .none : .events(discarded)),
      LossReading(channel: .sequenceGap, loss: missingPackets == 0 ? .none : .packets(missingPackets)),
    ]
  }
}
