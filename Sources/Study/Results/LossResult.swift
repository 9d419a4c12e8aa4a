/// What was lost in one scenario on one back end, and what the ABI said was lost.
public struct LossResult: Codable, Sendable, Equatable {
  /// How what the ABI said relates to the truth.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// Nothing was lost, and the ABI reports nothing or zero.
    case nothingLost = "nothing lost"
    /// Events were lost, and the number reported is the number lost.
    case exact
    /// Fewer events are reported than were lost.
    case underReported = "under-reported"
    /// More events are reported than were lost.
    case overReported = "over-reported"
    /// The ABI says that events were lost and not how many.
    case flagOnly = "flag only"
    /// The ABI says how many packets were lost and not how many events.
    case packetsOnly = "packets only"
    /// Events were lost, and every number that the reader ABI gives is 0, or it gives none.
    case notTold = "not told"
    /// The bookkeeping does not add up; nothing can be said.
    case inconclusive
  }

  /// What one channel told in total, summed over the run.
  public struct Channel: Codable, Sendable, Equatable {
    /// Where it was told, as ``SubbufferSource/LossChannel`` names it.
    public var channel: String
    /// Whether a reader learns of it through the reader ABI alone.
    public var isReaderABI: Bool
    /// What was told: `none`, `not told`, `some`, `N events`, `N packets`.
    public var told: String

    /// A channel's total.
    public init(channel: String, isReaderABI: Bool, told: String) {
      self.channel = channel
      self.isReaderABI = isReaderABI
      self.told = told
    }
  }

  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`.
  public var mode: String
  /// The name of the scenario: `keeps-up`.
  public var scenario: String
  /// Events that the producer tried to write, by the producer's own count.
  public var produced: UInt64
  /// Events of the producer that the reader found, each counted once.
  public var delivered: UInt64
  /// The truth: produced minus delivered.
  public var lost: UInt64
  /// The number of events that the reader ABI said were lost; `nil` where it gave no number.
  public var reported: UInt64?
  /// How `reported` relates to `lost`.
  public var verdict: Verdict
  /// The channel that `reported` was taken from.
  public var reportedBy: String
  /// What each channel told.
  public var channels: [Channel]
  /// The number of gaps in the sequence numbers.
  public var gaps: UInt64
  /// Events that were delivered a second time; any is a violation of the protocol.
  public var duplicates: UInt64
  /// Events that came after a later one; any is a violation of the protocol.
  public var reordered: UInt64
  /// Hand-overs: a sub-buffer that is handed out again with more in it counts again.
  public var handovers: UInt64
  /// The shape and the load: sub-buffer size and number, payload, rate.
  public var setup: [Observation]
  /// Why the verdict is inconclusive.
  public var reason: String?

  /// A row of the loss table.
  public init(
    backend: String, mode: String, scenario: String, produced: UInt64, delivered: UInt64, lost: UInt64,
    reported: UInt64?, verdict: Verdict, reportedBy: String, channels: [Channel], gaps: UInt64, duplicates: UInt64,
    reordered: UInt64, handovers: UInt64, setup: [Observation], reason: String? = nil
  ) {
    self.backend = backend
    self.mode = mode
    self.scenario = scenario
    self.produced = produced
    self.delivered = delivered
    self.lost = lost
    self.reported = reported
    self.verdict = verdict
    self.reportedBy = reportedBy
    self.channels = channels
    self.gaps = gaps
    self.duplicates = duplicates
    self.reordered = reordered
    self.handovers = handovers
    self.setup = setup
    self.reason = reason
  }
}
