import Study

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
