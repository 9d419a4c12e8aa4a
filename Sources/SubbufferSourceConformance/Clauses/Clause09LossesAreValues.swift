import SubbufferSource

/// Clause 9: where events are missing, no hand-over says that nothing was lost; where none are, none says that some were;
/// and what is told as a number is that number.
///
/// An ABI that counts when a sub-buffer is ended may report a gap with the sub-buffer before it: LTTng's
/// `events_discarded` does. So the hand-overs on both sides of a gap are asked. What is missing after the last
/// hand-over need not be told yet.
enum Clause09LossesAreValues {
  static func judge(_ history: History) throws(CaseEnd) {
    let lost = LostEvents(history)
    // Early ended: what is after the end is not missing.
    if let end = history.end { throw end }
    for gap in lost.gaps where !gap.wereTooBig { try noZero(history, gap) }
    for index in history.handovers.indices { try noFalseClaim(history, lost, index) }
    try numbersAreRight(history, lost)
    try channelsClaimNoMore(history, lost)
    try history.keptOrInconclusive()
  }

  /// A gap is told, or it is told that losses are not told.
  private static func noZero(_ history: History, _ gap: LostEvents.Gap) throws(CaseEnd) {
    guard let behind = gap.behind else { return }
    let around = history.handovers[max(0, min(gap.before, behind))...behind]
    if history.handovers[behind].loss == .notTold || around.contains(where: \.loss.saysLost) { return }
    throw .broken(
      expected: "hand-over \(behind + 1), behind the missing events \([gap.numbers].text), to tell a loss, or .notTold",
      seen: "\(history.handovers[behind].loss)")
  }

  /// Checks that every reported loss is next to a gap.
  private static func noFalseClaim(_ history: History, _ lost: LostEvents, _ index: Int) throws(CaseEnd) {
    let loss = history.handovers[index].loss
    guard loss.saysLost else { return }
    let isBesideAGap = lost.gaps.contains { gap in
      gap.before <= index && index <= gap.behind ?? .max
    }
    if !isBesideAGap {
      throw .broken(
        expected: "no loss told in hand-over \(index + 1), beside which no event is missing", seen: "\(loss)")
    }
  }

  private static func numbersAreRight(_ history: History, _ lost: LostEvents) throws(CaseEnd) {
    var told: UInt64 = 0
    var ceilings: UInt64 = 0
    var packets: UInt64 = 0
    var isAll = true
    for handover in history.handovers {
      switch handover.loss {
      case .events(let count): told = told.addingReportingOverflow(count).partialValue
      case .atMost(let count): ceilings = ceilings.addingReportingOverflow(count).partialValue
      case .none: break
      // A packet that was lost had an event.
      case .packets(let count, let events):
        packets = packets.addingReportingOverflow(count).partialValue
        told = told.addingReportingOverflow(events).partialValue
        isAll = false
      case .some, .notTold: isAll = false
      }
    }
    let atMost = lost.total
    // A loss after the last hand-over need not be reported yet.
    let atLeast = isAll ? lost.gaps.filter { $0.behind != nil && !$0.wereTooBig }.map(\.numbers).total : 0
    if told > atMost || told.addingReportingOverflow(ceilings).partialValue < atLeast {
      throw .broken(
        expected: "as many events told as are missing, \(atMost == atLeast ? "" : "\(atLeast) … ")\(atMost)",
        seen: "\(told) in the hand-overs together")
    }
    if packets > atMost {
      throw .broken(
        expected: "no more packets told than the \(atMost) missing events",
        seen: "\(packets) in the hand-overs together")
    }
  }

  private static func channelsClaimNoMore(_ history: History, _ lost: LostEvents) throws(CaseEnd) {
    for reading in history.readings {
      if lost.total == 0, reading.loss.saysLost {
        throw .broken(expected: "no channel to tell a loss", seen: "\(reading.channel.rawValue): \(reading.loss)")
      }
      if case .events(let count) = reading.loss, count > lost.total {
        throw .broken(
          expected: "no channel to tell more than the \(lost.total) missing events",
          seen: "\(reading.channel.rawValue): \(reading.loss)")
      }
    }
  }
}
