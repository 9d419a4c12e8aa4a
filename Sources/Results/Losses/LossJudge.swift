import SubbufferSource

/// Compares the reports of an ABI with the loss: a pure function of a history.
public enum LossJudge {
  /// Judges a history. A point that was not passed decides nothing, whatever the channels report.
  /// - Parameter marks: the points that the scenario must pass.
  public static func judge(_ history: LossHistory, reaching marks: [LossMark] = []) -> LossJudgement {
    let inconclusive = history.malformed ?? marks.missing(in: history)
    let books = DeliveryBooks(history)
    let clears = ClearedEvents(history, books)
    let gaps = books.gaps(produced: history.produced, unfinished: history.unfinished, cleared: clears.numbers)
    let lost = gaps.reduce(0) { $0 + $1.count }
    let cleared = clears.count
    let abandoned = Set(history.unfinished).filter { $0 < history.produced && !books.delivered.contains($0) }
    let produced = history.produced - UInt64(abandoned.count)
    let violations = Conservation.violations(of: history, books, produced: produced, missing: lost + cleared)
    func verdict(_ channel: ChannelHistory) -> ChannelVerdict {
      ChannelJudge(
        channel: channel, gaps: gaps, end: history.end,
        undecided: UInt64(abandoned.count) + (clears.isUpperBound ? cleared : 0),
        isInconclusive: inconclusive != nil
      ).verdict
    }
    return LossJudgement(
      produced: produced, delivered: books.count, lost: lost, cleared: cleared,
      isClearedUpperBound: clears.isUpperBound, undecided: UInt64(abandoned.count), gaps: gaps.count,
      duplicates: books.duplicates,
      reordered: books.reordered, foreign: books.foreign, violations: violations, inconclusive: inconclusive,
      channels: history.channels.map(verdict), handoverLosses: verdict(history.handoverLosses),
      readerABI: verdict(history.readerABI), recipe: verdict(history.recipe))
  }
}

extension LossHistory {
  /// The gaps in the order of their numbers.
  public var gaps: [LossGap] {
    let books = DeliveryBooks(self)
    return books.gaps(produced: produced, unfinished: unfinished, cleared: ClearedEvents(self, books).numbers)
  }
}

extension ChannelVerdict {
  /// For each gap the hand-overs at which the channel reported it, from its first event to its last; `nil` if it never
  /// did.
  public func tellings(of channel: ChannelHistory, gaps: [LossGap], end: Int) -> [ClosedRange<Int>?] {
    ChannelJudge(channel: channel, gaps: gaps, end: end).tellings(relation)
  }
}

/// The loss in one scenario on one back end, compared with the reports of each channel.
public struct LossJudgement: Sendable, Equatable {
  /// Events that the producer began to write, less those whose write never returned and that were not delivered.
  public var produced: UInt64
  /// Events of the producer that readers found, each counted once.
  public var delivered: UInt64
  /// The truth: produced minus delivered and minus those that a clear removed.
  public var lost: UInt64
  /// Events that a clear removed before a reader got them.
  public var cleared: UInt64
  /// `true` if ``cleared`` is an upper bound: more was written before a clear than the ring buffer holds, so that some
  /// of these events were lost before it. A channel that counts some of them as lost is right.
  public var isClearedUpperBound: Bool
  /// Events whose write never returned and that were not delivered. They are in none of the numbers above: the ring buffer
  /// may have dropped them or never had them, and a channel that counts them as lost is right too.
  public var undecided: UInt64
  /// The number of runs of missing sequence numbers.
  public var gaps: Int
  /// Events that were delivered a second time.
  public var duplicates: UInt64
  /// Events that came after a later one.
  public var reordered: UInt64
  /// Events that the producer did not write.
  public var foreign: UInt64
  /// Contradictions in the bookkeeping, with their evidence; empty if every event is delivered once and in order, lost, or
  /// cleared.
  public var violations: [String]
  /// The reason why nothing can be concluded.
  public var inconclusive: String?
  /// Each channel of the ABI.
  public var channels: [ChannelVerdict]
  /// The loss values of the hand-overs, added up.
  public var handoverLosses: ChannelVerdict
  /// The total that a reader can give from the reader ABI alone.
  public var readerABI: ChannelVerdict
  /// The total by the ABI's recipe.
  public var recipe: ChannelVerdict

  /// The channels of the ABI, and the sums of them.
  public var allChannels: [ChannelVerdict] { channels + [handoverLosses, readerABI, recipe] }
}

/// The relation of one channel's report to the loss.
public struct ChannelVerdict: Sendable, Equatable {
  /// The relation of the number reported to the number lost.
  public enum Relation: String, Codable, Sendable, CaseIterable {
    /// No event was lost, and nothing or zero is reported.
    case nothingLost = "no loss"
    /// Events were lost, and their number is reported.
    case exact
    /// The number lost is at most the number reported.
    case upperBound = "upper bound"
    /// Fewer are reported than were lost.
    case underReported = "too few"
    /// More are reported than were lost, or a loss where there was none.
    case overReported = "too many"
    /// A loss is reported without a number.
    case flagOnly = "flag only"
    /// The number of lost packets is reported, and not the number of events in them.
    case packetsOnly = "packet count only"
    /// Events were lost, and the channel reports that none was.
    case saysNone = "reports 0 (wrong)"
    /// Events were lost, and the channel reports nothing.
    case notTold = "no indication"
    /// The channel counts something else, such as unread events, and does not report this loss.
    case otherQuantity = "counts something else"
    /// The bookkeeping does not add up; nothing can be concluded.
    case inconclusive = "undecided"
  }

  /// The channel.
  public var channel: String
  /// `true` if a reader learns of it through the reader ABI alone.
  public var isReaderABI: Bool
  /// Its last reading, as ``SubbufferSource/Loss`` is written.
  public var told: String
  /// The number of events that it reported; `nil` if it reported none.
  public var reported: UInt64?
  /// The verdict.
  public var relation: Relation
  /// The difference between both numbers; `nil` if no number was reported.
  public var difference: UInt64?
  /// The times of its reports on the gaps; `nil` if it reported none, and for a channel that is read only at the end.
  public var placement: LossPlacement?
}

/// The times of a channel's reports on the gaps, in hand-overs from the one after the gap, the first that can show that
/// something is missing. A report on a gap after the last event is in place with any hand-over after that.
public struct LossPlacement: Sendable, Equatable {
  /// Gaps reported with the hand-over after them.
  public var inPlace: Int
  /// Gaps reported with a later hand-over.
  public var late: Int
  /// The greatest delay, in hand-overs.
  public var latest: Int
  /// Gaps reported, at least in part, with an earlier hand-over.
  public var early: Int
  /// The greatest lead, in hand-overs.
  public var earliest: Int
  /// Gaps that were never reported.
  public var untold: Int
  /// Hand-overs with a report that belongs to no gap.
  public var unfounded: Int
  /// The number of times that the reading fell.
  public var fell: Int

  /// Counts of gaps.
  public init(
    inPlace: Int = 0, late: Int = 0, latest: Int = 0, early: Int = 0, earliest: Int = 0, untold: Int = 0,
    unfounded: Int = 0, fell: Int = 0
  ) {
    self.inPlace = inPlace
    self.late = late
    self.latest = latest
    self.early = early
    self.earliest = earliest
    self.untold = untold
    self.unfounded = unfounded
    self.fell = fell
  }
}
