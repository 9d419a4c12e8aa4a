import CTFPackets
import LTTngBackend
import Platform
import Results
import Study
import SubbufferSource

/// This program's numbers compared with those of babeltrace2 on the recording of the same packets.
struct LTTngComparison {
  /// The result of this program's reader.
  let ours: LTTngReading
  /// The result of babeltrace2 on the recording.
  let theirs: Babeltrace2.Reading
  /// `true` if the writer overwrites.
  let overwrites: Bool

  private var messages: Babeltrace2Messages { theirs.messages }
  private static let readBy = "packets read"
  private static let eventsBy = "babeltrace2: event messages"
  private static let discardedBy = "babeltrace2: Discarded events (N events)"

  /// All rows.
  func rows() -> [CrossCheckResult.Row] {
    let delivered = UInt64(ours.events.count)
    var rows: [CrossCheckResult.Row] = [
      .init(
        "events delivered", ours: delivered, theirs: messages.events, truth: nothingIsTold ? ours.produced : nil,
        oursBy: Self.readBy, theirsBy: Self.eventsBy),
      .init(
        "events with the same number and time, in the same place", ours: delivered,
        theirs: ours.events.same(as: theirs.events), oursBy: Self.readBy, theirsBy: "babeltrace2: events as text"),
      .init(
        "packets", ours: UInt64(ours.packets.count), theirs: messages.packets, oursBy: Self.readBy,
        theirsBy: "babeltrace2: packet beginnings"),
      discardedEvents, lostPackets,
    ]
    if let fall = messages.discardedEvents.largestFall { rows.append(largestMessage(fall)) }
    if tellsPacketsOnly { rows.append(lostEvents) }
    return rows
  }

  private var nothingIsTold: Bool { ours.discarded == 0 && ours.lostPackets == 0 && ours.lost == 0 }

  /// If packets were overwritten, more events are missing than were discarded.
  private var tellsPacketsOnly: Bool { overwrites && ours.lost > 0 && ours.lostPackets != 0 }

  private var discardedEvents: CrossCheckResult.Row {
    CrossCheckResult.Row(
      messages.discardedEvents.largestFall == nil ? "discarded events" : "discarded events, falls of the count apart",
      ours: ours.discarded, theirs: messages.discardedEvents.sumWithoutFalls,
      truth: tellsPacketsOnly ? nil : ours.lost, oursBy: "events_discarded, the highest", theirsBy: Self.discardedBy
    ) {
      if ours.discarded == messages.discardedEvents.sumWithoutFalls { return LTTngRules.behindTheLastPacket(ours) }
      return LTTngRules.countFell(ours, messages) ?? LTTngRules.countBeforeTheFirst(ours, messages)
    }
  }

  private var lostPackets: CrossCheckResult.Row {
    CrossCheckResult.Row(
      "lost packets", ours: ours.lostPackets, theirs: messages.discardedPackets.sumWithoutFalls,
      truth: overwrites ? nil : 0, oursBy: "gaps of packet_seq_num",
      theirsBy: "babeltrace2: Discarded packets (N packets)"
    ) {
      LTTngRules.noPacketBefore(ours, messages)
    }
  }

  /// The growth between two packets is no more than all growth together.
  private func largestMessage(_ fall: UInt64) -> CrossCheckResult.Row {
    CrossCheckResult.Row(
      "discarded events, the largest number told at once", ours: ours.discarded, theirs: fall,
      truth: tellsPacketsOnly ? nil : ours.lost, oursBy: "events_discarded, the highest", theirsBy: Self.discardedBy
    ) {
      LTTngRules.countFell(ours, messages)
    }
  }

  private var lostEvents: CrossCheckResult.Row {
    CrossCheckResult.Row(
      "lost events", ours: nil, theirs: nil, truth: ours.lost, oursBy: "packet count only",
      theirsBy: "packet count only"
    ) {
      LTTngRules.packetsOnly(ours, messages)
    }
  }
}

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
