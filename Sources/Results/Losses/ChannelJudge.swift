import SubbufferSource

/// Compares what one channel reported with the gaps.
struct ChannelJudge {
  private let channel: ChannelHistory
  private let gaps: [LossGap]
  private let lost: UInt64
  private let end: Int
  private let undecided: UInt64
  private let isInconclusive: Bool

  /// A judge of one channel.
  /// - Parameters:
  ///   - end: the ordinal that stands for readings after the last hand-over.
  ///   - undecided: events that may be lost or not: their writes never returned, or a clear may have removed them. A
  ///     number that counts them as lost is right too.
  init(channel: ChannelHistory, gaps: [LossGap], end: Int, undecided: UInt64 = 0, isInconclusive: Bool = false) {
    self.channel = channel
    self.gaps = gaps
    self.end = end
    self.undecided = undecided
    self.isInconclusive = isInconclusive
    lost = gaps.reduce(0) { $0 + $1.count }
  }

  var verdict: ChannelVerdict {
    let loss = channel.last?.loss ?? .notTold
    let (relation, reported) = isInconclusive ? (.inconclusive, nil) : relate(loss)
    if !isInconclusive, countsSomethingElse(loss) {
      return ChannelVerdict(
        channel: channel.channel, isReaderABI: channel.isReaderABI, told: loss.text,
        relation: lost == 0 ? .nothingLost : .otherQuantity)
    }
    return ChannelVerdict(
      channel: channel.channel, isReaderABI: channel.isReaderABI, told: loss.text, reported: reported,
      relation: relation, difference: reported.map(difference),
      placement: channel.channel == "\(ChannelHistory.writerError)" ? nil : placement(relation))
  }

  /// `true` if the reading reports nothing about these losses.
  private func countsSomethingElse(_ loss: Loss) -> Bool {
    switch channel.counts {
    case .lostEvents: false
    case .oneKindOfLoss: loss == .none || loss == .events(0)
    case .somethingElse: true
    }
  }

  private func relate(_ loss: Loss) -> (ChannelVerdict.Relation, UInt64?) {
    switch loss {
    case .notTold: (lost == 0 ? .nothingLost : .notTold, nil)
    case .none, .events(0), .atMost(0), .packets(0, 0): (lost == 0 ? .nothingLost : .saysNone, 0)
    case .events(let count):
      (difference(count) == 0 ? .exact : count < lost ? .underReported : .overReported, count)
    case .atMost(let count):
      (count < lost ? .underReported : lost == 0 ? .overReported : .upperBound, count)
    case .packets(0, let events): relate(.events(events))
    case .packets: (lost == 0 ? .overReported : .packetsOnly, nil)
    case .some: (lost == 0 ? .overReported : .flagOnly, nil)
    }
  }

  /// The distance of a number to the loss, with the undecided counted in or not.
  private func difference(_ count: UInt64) -> UInt64 {
    if count < lost { return lost - count }
    return count - lost <= undecided ? 0 : count - lost
  }

  // MARK: When

  private func placement(_ relation: ChannelVerdict.Relation) -> LossPlacement? {
    guard let told = told(relation) else { return nil }
    var placement = LossPlacement(unfounded: told.unfounded, fell: channel.falls)
    for (gap, telling) in zip(gaps, told.tellings) { placement.add(gap, telling, end) }
    return placement
  }

  /// For each gap the hand-overs at which it was reported, from its first event to its last; `nil` if it was not.
  func tellings(_ relation: ChannelVerdict.Relation) -> [ClosedRange<Int>?] {
    told(relation)?.tellings ?? gaps.map { _ in nil }
  }

  /// The same, and the number of reports that belong to no gap; `nil` if there is nothing to place.
  private func told(_ relation: ChannelVerdict.Relation) -> (tellings: [ClosedRange<Int>?], unfounded: Int)? {
    switch relation {
    case .exact, .upperBound: (byNumber, 0)
    case .overReported, .underReported, .flagOnly, .packetsOnly: byMark
    case .nothingLost, .notTold, .saysNone, .otherQuantity, .inconclusive: nil
    }
  }

  /// The first event reported is the first that is missing, and so on: an event of a gap is reported when the number
  /// reported reaches that of all missing events up to and with it.
  private var byNumber: [ClosedRange<Int>?] {
    var missing: UInt64 = 0
    return gaps.map { gap in
      let first = reading(of: missing + 1)
      missing += gap.count
      guard let first, let last = reading(of: missing) else { return nil }
      return min(first, last)...max(first, last)
    }
  }

  /// The hand-over at which the number reported reaches a count.
  private func reading(of count: UInt64) -> Int? {
    channel.readings.first { reading in
      switch reading.loss {
      case .events(let told), .atMost(let told), .packets(0, let told): told >= count
      case .none, .notTold, .packets, .some: false
      }
    }?.handover
  }

  /// Assigns each increase to the gaps of one place: the nearest pairs first, among equal ones the earliest.
  private var byMark: (tellings: [ClosedRange<Int>?], unfounded: Int) {
    var marks = Set(channel.tellings)
    let places = Set(gaps.map(\.firstPlace))
    var told: [Int: Int] = [:]
    for gap in gaps where told[gap.firstPlace] == nil {
      if let mark = marks.filter({ gap.places(upTo: end).contains($0) }).min() {
        marks.remove(mark)
        told[gap.firstPlace] = mark
      }
    }
    var open = places.subtracting(told.keys)
    while let (place, mark) = nearest(open, marks) {
      open.remove(place)
      marks.remove(mark)
      told[place] = mark
    }
    return (gaps.map { told[$0.firstPlace].map { $0...$0 } }, marks.count)
  }

  private func nearest(_ places: Set<Int>, _ marks: Set<Int>) -> (place: Int, mark: Int)? {
    // Of all pairs one with neighbours in the common order is the nearest.
    let all = (places.map { (at: $0, isMark: false) } + marks.map { (at: $0, isMark: true) }).sorted { $0.at < $1.at }
    let pairs = zip(all, all.dropFirst()).filter { $0.isMark != $1.isMark }
    return pairs.min { ($0.1.at - $0.0.at, $0.0.at) < ($1.1.at - $1.0.at, $1.0.at) }
      .map { $0.0.isMark ? (place: $0.1.at, mark: $0.0.at) : (place: $0.0.at, mark: $0.1.at) }
  }
}

extension LossGap {
  /// The first hand-over with which a report is not early: the one after the gap, or any after the last event.
  var firstPlace: Int { behind ?? (before ?? 0) + 1 }

  /// All such hand-overs.
  func places(upTo end: Int) -> ClosedRange<Int> { firstPlace...max(firstPlace, behind ?? end) }
}

extension ChannelHistory {
  /// The hand-overs at which the channel reported more than before.
  fileprivate var tellings: [Int] {
    zip([nil] + readings.map(Optional.some), readings).compactMap { before, now in
      let told = now.loss.saysLost && now.loss.tellsMore(than: before?.loss ?? .none)
      return told || now.marks > before?.marks ?? 0 ? now.handover : nil
    }
  }

  /// The number of times that the reading fell.
  fileprivate var falls: Int {
    zip(readings, readings.dropFirst()).count { $0.loss.saysLost && $0.loss.tellsMore(than: $1.loss) }
  }
}

extension LossPlacement {
  /// Enters a gap that was reported at these hand-overs, or never.
  fileprivate mutating func add(_ gap: LossGap, _ telling: ClosedRange<Int>?, _ end: Int) {
    guard let telling else {
      untold += 1
      return
    }
    let places = gap.places(upTo: end)
    if telling.upperBound > places.upperBound {
      late += 1
      latest = max(latest, telling.upperBound - places.upperBound)
    } else if telling.lowerBound < places.lowerBound {
      early += 1
      earliest = max(earliest, places.lowerBound - telling.lowerBound)
    } else {
      inPlace += 1
    }
  }
}

extension Loss {
  /// `true` if it reports a loss that an earlier reading of the same channel did not report.
  fileprivate func tellsMore(than before: Loss) -> Bool {
    switch (before, self) {
    case (.events(let old), .events(let new)), (.atMost(let old), .atMost(let new)),
      (.events(let old), .atMost(let new)):
      new > old
    case (.packets(let old, let events), .packets(let new, let more)): new > old || more > events
    case (.events(let old), .packets(let new, let more)): new > 0 || more > old
    case (.some, _): false
    default: self != before && saysLost
    }
  }
}
