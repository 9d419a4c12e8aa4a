import CTFPackets
import SubbufferSource

/// The result of this program's reader under a load, with the packets that it recorded.
struct LTTngReading {
  /// The number of events written, by the producer's count.
  var produced: UInt64
  /// The events, in the order in which they were read.
  var events: [TimedEvent]
  /// The headers of the packets that were recorded, in order.
  var packets: [PacketHeader]
  /// The number of events in each of them.
  var eventCounts: [Int]
  /// The discarded events that the source reports; `nil` where it was not told.
  var discarded: UInt64?
  /// The lost packets that the source reports; `nil` where it was not told.
  var lostPackets: UInt64?

  /// Events that were written and not read.
  var lost: UInt64 {
    produced &- UInt64(Set(events.lazy.map(\.sequence)).count { $0 < produced })
  }

  /// Events that are missing after the last one that was read.
  var missingBehindTheLast: UInt64 {
    produced &- (events.last.map { $0.sequence &+ 1 } ?? 0)
  }

  /// Events that are missing where packets are: between the last event before them and the first after them.
  var missingInGaps: UInt64 {
    var missing: UInt64 = 0
    var (nextPacket, nextSequence) = (UInt64(0), UInt64(0))
    var rest = events[...]
    // If a packet after a gap has no events, those of the next packet show the gap.
    var isBehindGap = false
    for (packet, count) in zip(packets, eventCounts) {
      let own = rest.prefix(count)
      rest = rest.dropFirst(count)
      isBehindGap = isBehindGap || packet.packetSequenceNumber != nextPacket
      nextPacket = packet.packetSequenceNumber &+ 1
      guard let first = own.first, let last = own.last else { continue }
      if isBehindGap { missing &+= first.sequence &- nextSequence }
      isBehindGap = false
      nextSequence = last.sequence &+ 1
    }
    return missing
  }

  init(
    produced: UInt64, events: [TimedEvent], packets: [PacketHeader], eventCounts: [Int], channels: [LossReading]
  ) {
    self.produced = produced
    self.events = events
    self.packets = packets
    self.eventCounts = eventCounts
    for reading in channels {
      switch (reading.channel, reading.loss) {
      case (.subbufferHeader, .events(let count)): discarded = count
      case (.subbufferHeader, .none): discarded = 0
      case (.sequenceGap, .packets(let count, _)): lostPackets = count
      case (.sequenceGap, .none): lostPackets = 0
      default: break
      }
    }
  }
}
