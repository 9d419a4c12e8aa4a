/// What was lost in one scenario on one back end, compared with what each channel reported.
public struct LossJudgement: Codable, Sendable, Equatable {
  /// Events that the producer began to write, less those whose write never returned and that were not delivered.
  public var produced: UInt64
  /// Events of the producer that readers found, each counted once.
  public var delivered: UInt64
  /// The truth: produced minus delivered and minus those that a clear removed.
  public var lost: UInt64
  /// Events that a clear removed before a reader got them.
  public var cleared: UInt64
  /// Whether ``cleared`` is an upper bound: more was written before a clear than the ring buffer holds, so that some of
  /// these events were lost before it. A channel that counts some of them as lost is right.
  public var isClearedUpperBound: Bool
  /// Events whose write never returned and that were not delivered, which are in none of the three: the ring buffer may have
  /// dropped them or never had them, and a number that counts them as lost is right too.
  public var undecided: UInt64
  /// The number of runs of missing sequence numbers.
  public var gaps: Int
  /// Events that were delivered a second time.
  public var duplicates: UInt64
  /// Events that came after a later one.
  public var reordered: UInt64
  /// Events that the producer did not write.
  public var foreign: UInt64
  /// What does not add up, each with the evidence that decides; empty where every event is delivered once, in order, or
  /// lost.
  public var violations: [String]
  /// Why nothing can be said.
  public var inconclusive: String?
  /// Each channel of the ABI.
  public var channels: [ChannelVerdict]
  /// The loss values of the hand-overs, added up.
  public var handoverLosses: ChannelVerdict
  /// The total that a reader can give from the reader ABI alone.
  public var readerABI: ChannelVerdict
  /// The total by the ABI's recipe.
  public var recipe: ChannelVerdict

  /// The ABI's channels, and those that are put together from them.
  public var allChannels: [ChannelVerdict] { channels + [handoverLosses, readerABI, recipe] }
}

/// How what one channel told relates to what was lost.
public struct ChannelVerdict: Codable, Sendable, Equatable {
  /// The relation of the number told to the number lost.
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
    case inconclusive
  }

  /// The channel.
  public var channel: String
  /// Whether a reader learns of it through the reader ABI alone.
  public var isReaderABI: Bool
  /// What it told in the end, as ``SubbufferSource/Loss`` is written.
  public var told: String
  /// The number of events that it told; `nil` where it gave none.
  public var reported: UInt64?
  /// How the two relate.
  public var relation: Relation
  /// By how much they differ; `nil` where no number was told.
  public var difference: UInt64?
  /// When it told of each gap; `nil` where nothing is told of it, and for what is known only in the end.
  public var placement: LossPlacement?
}

/// When a channel told of the gaps, counted in hand-overs from the one behind the gap: the first that can show that
/// something is missing. A gap behind the last event is in place with each hand-over behind that.
public struct LossPlacement: Codable, Sendable, Equatable {
  /// Gaps told with the hand-over behind them.
  public var inPlace: Int
  /// Gaps told with a later hand-over.
  public var late: Int
  /// By how many hand-overs, at most.
  public var latest: Int
  /// Gaps told with an earlier hand-over, before they are met; also where only a part of the gap was.
  public var early: Int
  /// By how many hand-overs, at most.
  public var earliest: Int
  /// Gaps of which it was never told.
  public var untold: Int
  /// Hand-overs that told of a loss where none is missing, and that belong to no gap.
  public var unfounded: Int
  /// How often it told of less than before.
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
