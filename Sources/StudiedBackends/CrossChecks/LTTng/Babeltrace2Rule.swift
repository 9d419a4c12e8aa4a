import CTFPackets

/// The rule by which babeltrace2 interprets the counts in packet headers, so that a difference can be explained by it.
///
/// It compares each packet of a stream with the one before it. Of the first packet it says only that events may have
/// been discarded, without a number, where its count is not 0; packets before it are none. Of every other one it takes
/// the difference of the counts, modulo 2^64, and of the numbers less one.
///
/// Source: `check_emit_msg_discarded_events`, `check_emit_msg_discarded_packets`, `create_msg_discarded_events` and
/// `create_msg_discarded_packets` in `src/plugins/ctf/common/msg-iter/msg-iter.c`, babeltrace2 2.0.4.
struct Babeltrace2Rule: Equatable {
  /// The number of each message about discarded events; `nil` for one without a number.
  var discardedEvents: [UInt64?] = []
  /// The number of each message about discarded packets.
  var discardedPackets: [UInt64?] = []

  /// Applies the rule to the packets of one stream.
  init(_ packets: [PacketHeader]) {
    if let first = packets.first, first.eventsDiscarded != 0 { discardedEvents.append(nil) }
    for (before, packet) in zip(packets, packets.dropFirst()) {
      let events = packet.eventsDiscarded &- before.eventsDiscarded
      if events != 0 { discardedEvents.append(events) }
      let step = packet.packetSequenceNumber &- before.packetSequenceNumber
      if step > 1 { discardedPackets.append(step &- 1) }
    }
  }

  /// `true` if it is what was said.
  func explains(_ messages: Babeltrace2Messages) -> Bool {
    discardedEvents == messages.discardedEvents && discardedPackets == messages.discardedPackets
  }
}

extension [UInt64?] {
  /// From this on a number is taken for that of a count that fell: half the range.
  private static let fall: UInt64 = 1 << 63

  /// The sum of the numbers that are not those of a fall.
  var sumWithoutFalls: UInt64 { reduce(0) { $0 &+ ($1.map { $0 < Self.fall ? $0 : 0 } ?? 0) } }

  /// The largest number of a fall; `nil` where none is.
  var largestFall: UInt64? { compactMap { $0 }.filter { $0 >= Self.fall }.max() }
}
