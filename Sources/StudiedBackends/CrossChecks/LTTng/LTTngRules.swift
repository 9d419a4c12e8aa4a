import CTFPackets
import Study

/// Why two counts of LTTng's ring buffer differ: each rule looks at the data of the run, and says what it found there
/// or that it does not hold (`nil`).
enum LTTngRules {
  /// Packets before the first that was recorded.
  static func noPacketBefore(_ ours: LTTngReading, _ theirs: Babeltrace2Messages) -> String? {
    guard let first = ours.packets.first?.packetSequenceNumber, first > 0,
      Babeltrace2Rule(ours.packets).explains(theirs), let lost = ours.lostPackets,
      lost == first &+ theirs.discardedPackets.sumWithoutFalls
    else { return nil }
    return "babeltrace2 has no packet before the first to compare with, whose packet_seq_num is \(first)"
  }

  /// Counts that fell back, each followed by its growth once more.
  static func countFell(_ ours: LTTngReading, _ theirs: Babeltrace2Messages) -> String? {
    let falls = zip(ours.packets, ours.packets.dropFirst()).filter { $0.eventsDiscarded > $1.eventsDiscarded }
    guard !falls.isEmpty, Babeltrace2Rule(ours.packets).explains(theirs) else { return nil }
    let list = falls.map { before, packet in
      "from \(before.eventsDiscarded) to \(packet.eventsDiscarded) in packet \(packet.packetSequenceNumber)"
    }
    return "events_discarded falls \(list.joined(separator: ", ")); babeltrace2 takes the difference of each packet to "
      + "the one before it modulo 2^64, and so the growth behind the fall once more"
  }

  /// Events that were discarded before the first packet that was recorded was ended.
  static func countBeforeTheFirst(_ ours: LTTngReading, _ theirs: Babeltrace2Messages) -> String? {
    guard let first = ours.packets.first?.eventsDiscarded, first > 0, Babeltrace2Rule(ours.packets).explains(theirs),
      let discarded = ours.discarded, discarded == first &+ theirs.discardedEvents.sumWithoutFalls
    else { return nil }
    return "babeltrace2 gives no number for what the first packet tells, whose events_discarded is \(first)"
  }

  /// A loss after the end of the last packet, in which no packet can report it.
  static func behindTheLastPacket(_ ours: LTTngReading) -> String? {
    guard let last = ours.packets.last, last.contentSize == last.packetSize, let discarded = ours.discarded,
      last.eventsDiscarded == discarded, ours.lost == discarded &+ ours.missingBehindTheLast
    else { return nil }
    return "the last packet, \(last.packetSequenceNumber), is filled to its last byte (content_size and packet_size "
      + "\(last.contentSize) bits) and was so ended before \(ours.missingBehindTheLast) more were discarded"
  }

  /// Overwritten packets, whose events nothing counts, beside events that were discarded and counted.
  static func packetsOnly(_ ours: LTTngReading, _ theirs: Babeltrace2Messages) -> String? {
    guard let packets = ours.lostPackets, packets > 0, let discarded = ours.discarded,
      ours.lost == discarded &+ ours.missingInGaps, Babeltrace2Rule(ours.packets).explains(theirs)
    else { return nil }
    return "\(ours.missingInGaps) of them were in missing packets (\(packets)), and nothing tells how many are in a "
      + "packet; \(discarded) are in events_discarded"
  }
}
