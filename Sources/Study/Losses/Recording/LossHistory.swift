/// What was seen in one loss scenario on one back end, before anybody judges it.
public struct LossHistory: Codable, Sendable, Equatable {
  /// Events that the producer began to write, with the sequence numbers from 0 on.
  public var produced: UInt64
  /// Those of which the ABI told the writer that they were refused.
  public var refused: UInt64
  /// The first errno of a refusal: `EBADF (9)`.
  public var refusal: String?
  /// The sequence numbers of events whose write never returned.
  public var unfinished: [UInt64]
  /// What the reader was handed out, in order. Hand-overs are counted from 1.
  public var handovers: [HandoverRecord]
  /// What each channel told, and when.
  public var channels: [ChannelHistory]
  /// The source's own total, from the channels of the reader ABI alone.
  public var readerABI: ChannelHistory
  /// The source's own total, from all channels that a reader can read: the ABI's recipe.
  public var recipe: ChannelHistory
  /// The loss values of the hand-overs, added up.
  public var handoverLosses: ChannelHistory
  /// Calls beside acquire and release, and what they came to.
  public var calls: [CallRecord]
  /// The clears of the ring buffer.
  public var clears: [ClearRecord]
  /// Why what was read ends here: a sub-buffer that could not be decoded.
  public var malformed: String?

  /// A history.
  public init(
    produced: UInt64, refused: UInt64, refusal: String? = nil, unfinished: [UInt64], handovers: [HandoverRecord],
    channels: [ChannelHistory], readerABI: ChannelHistory, recipe: ChannelHistory, handoverLosses: ChannelHistory,
    calls: [CallRecord], clears: [ClearRecord] = [], malformed: String? = nil
  ) {
    self.produced = produced
    self.refused = refused
    self.refusal = refusal
    self.unfinished = unfinished
    self.handovers = handovers
    self.channels = channels
    self.readerABI = readerABI
    self.recipe = recipe
    self.handoverLosses = handoverLosses
    self.calls = calls
    self.clears = clears
    self.malformed = malformed
  }

  /// How many hand-overs there were, and one more for what was told behind the last.
  public var end: Int { handovers.count + 1 }
}

/// A clear of the ring buffer, with what is needed to tell cleared events from lost ones.
public struct ClearRecord: Codable, Sendable, Equatable {
  /// The number of hand-overs before it.
  public var handovers: Int
  /// The number of events produced before it.
  public var produced: UInt64
  /// The greatest number of events that the ring buffer can hold.
  public var capacity: UInt64
  /// Whether a full ring buffer overwrites its oldest events.
  public var isOverwriting: Bool

  /// A clear.
  public init(handovers: Int, produced: UInt64, capacity: UInt64, isOverwriting: Bool) {
    self.handovers = handovers
    self.produced = produced
    self.capacity = capacity
    self.isOverwriting = isOverwriting
  }
}

/// A call that is neither acquire nor release.
public struct CallRecord: Codable, Sendable, Equatable {
  /// How many hand-overs were there before.
  public var handovers: Int
  /// The call: `flush`, `clear`, `reader opens`.
  public var call: String
  /// What it came to.
  public var result: String

  /// A call.
  public init(handovers: Int, call: String, result: String) {
    self.handovers = handovers
    self.call = call
    self.result = result
  }
}

/// What one channel told in the course of a history.
public struct ChannelHistory: Codable, Sendable, Equatable {
  /// The channel, as ``SubbufferSource/LossChannel`` names it.
  public var channel: String
  /// Whether a reader learns of it through the reader ABI alone.
  public var isReaderABI: Bool
  /// Each time that it told something else than before: the first entry is what it told at first.
  public var readings: [ReadingRecord]

  /// A channel's history.
  public init(channel: String, isReaderABI: Bool, readings: [ReadingRecord]) {
    self.channel = channel
    self.isReaderABI = isReaderABI
    self.readings = readings
  }

  /// The name of the channel that the writer's errors are.
  public static let writerError = "writer's error"

  /// What it told in the end; `nil` of one that was never read.
  public var last: ReadingRecord? { readings.last }

  /// What it had told when so many hand-overs had been made.
  public func told(at handover: Int) -> ReadingRecord? { readings.last { $0.handover <= handover } }
}
