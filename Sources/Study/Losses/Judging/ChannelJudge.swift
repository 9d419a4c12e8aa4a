import SubbufferSource

/// Holds what one channel told against the gaps.
struct ChannelJudge {
  let channel: ChannelHistory
  let lost: UInt64
  let gaps: [LossGap]
  /// The ordinal that stands for what was told behind the last hand-over.
  let end: Int
  let isInconclusive: Bool

  var verdict: ChannelVerdict {
    let loss = channel.last?.loss ?? .notTold
    let (relation, reported) = isInconclusive ? (.inconclusive, nil) : relate(loss)
    return ChannelVerdict(
      channel: channel.channel, isReaderABI: channel.isReaderABI, told: loss.text, reported: reported,
      relation: relation,
      difference: reported.map { $0 > lost ? $0 - lost : lost - $0 },
      placement: channel.channel == ChannelHistory.writerError ? nil : placement(relation))
  }

  private func relate(_ loss: Loss) -> (ChannelVerdict.Relation, UInt64?) {
    switch loss {
    case .notTold: (lost == 0 ? .nothingLost : .notTold, nil)
    case .none, .events(0), .packets(0): (lost == 0 ? .nothingLost : .notTold, 0)
    case .events(let count):
      (count == lost ? .exact : count < lost ? .underReported : .overReported, count)
    case .atMost(let count):
      (count == lost ? .exact : count < lost ? .underReported : lost == 0 ? .overReported : .upperBound, count)
    case .packets: (lost == 0 ? .overReported : .packetsOnly, nil)
    case .some: (lost == 0 ? .overReported : .flagOnly, nil)
    }
  }

  private func placement(_ relation: ChannelVerdict.Relation) -> LossPlacement? {
    switch relation {
    case .exact, .upperBound: byNumber
    case .overReported, .underReported, .flagOnly, .packetsOnly: byMark
    case .nothingLost, .notTold, .inconclusive: nil
    }
  }

  /// The hand-over at which a gap can be seen.
  private func place(_ gap: LossGap) -> Int { gap.behind ?? end }

  /// A gap is told when the number told is that of all missing up to and with it.
  private var byNumber: LossPlacement {
    var placement = LossPlacement()
    var missing: UInt64 = 0
    for gap in gaps {
      missing += gap.count
      let told = channel.readings.first { reading in
        switch reading.loss {
        case .events(let count), .atMost(let count): count >= missing
        case .none, .notTold, .packets, .some: false
        }
      }
      placement.add(told.map { $0.handover - place(gap) })
    }
    return placement
  }

  /// Each time that more was told belongs to one gap: the nearest pairs first, of those alike the earliest.
  private var byMark: LossPlacement {
    var placement = LossPlacement()
    var marks = tellings
    var places = Set(gaps.map(place))
    for place in places.intersection(marks) {
      places.remove(place)
      marks.remove(place)
      placement.add(0)
    }
    while let (place, mark) = nearest(places, marks) {
      places.remove(place)
      marks.remove(mark)
      placement.add(mark - place)
    }
    for _ in places { placement.add(nil) }
    placement.unfounded = marks.count
    return placement
  }

  private func nearest(_ places: Set<Int>, _ marks: Set<Int>) -> (place: Int, mark: Int)? {
    // Of all pairs one with neighbours in the common order is the nearest.
    let all = (places.map { (at: $0, isMark: false) } + marks.map { (at: $0, isMark: true) }).sorted { $0.at < $1.at }
    let pairs = zip(all, all.dropFirst()).filter { $0.isMark != $1.isMark }
    return pairs.min { ($0.1.at - $0.0.at, $0.0.at) < ($1.1.at - $1.0.at, $1.0.at) }
      .map { $0.0.isMark ? (place: $0.1.at, mark: $0.0.at) : (place: $0.0.at, mark: $0.1.at) }
  }

  /// The hand-overs at which the channel told of more than before.
  private var tellings: Set<Int> {
    var places: Set<Int> = []
    var before: (loss: Loss, marks: UInt64) = (.none, 0)
    for reading in channel.readings {
      if reading.marks > before.marks || reading.loss.saysLost && reading.loss.tellsMore(than: before.loss) {
        places.insert(reading.handover)
      }
      before = (reading.loss, reading.marks)
    }
    return places
  }
}

extension LossPlacement {
  /// Enters a gap that was told so many hand-overs after its place, or never.
  fileprivate mutating func add(_ delay: Int?) {
    guard let delay else {
      untold += 1
      return
    }
    if delay == 0 {
      inPlace += 1
    } else if delay > 0 {
      late += 1
      latest = max(latest, delay)
    } else {
      early += 1
      earliest = max(earliest, -delay)
    }
  }
}

extension Loss {
  /// Whether it tells of a loss that an earlier reading of the same channel did not tell.
  fileprivate func tellsMore(than before: Loss) -> Bool {
    switch (before, self) {
    case (.events(let old), .events(let new)), (.packets(let old), .packets(let new)),
      (.atMost(let old), .atMost(let new)), (.events(let old), .atMost(let new)):
      new > old
    case (.some, _): false
    default: self != before
    }
  }
}
