/// The observations in one loss scenario on one back end, before any judgement.
public struct LossHistory: Codable, Sendable, Equatable {
  /// Events that the producer began to write, with the sequence numbers from 0 on.
  public var produced: UInt64
  /// Events for which the ABI returned an error to the writer.
  public var refused: UInt64
  /// The first errno of a refusal: `EBADF (9)`.
  public var refusal: String?
  /// The sequence numbers of events whose write never returned.
  public var unfinished: [UInt64]
  /// The hand-overs in order, counted from 1.
  public var handovers: [HandoverRecord]
  /// The readings of each channel.
  public var channels: [ChannelHistory]
  /// The source's own total, from the channels of the reader ABI alone.
  public var readerABI: ChannelHistory
  /// The source's own total, from all channels that a reader can read: the ABI's recipe.
  public var recipe: ChannelHistory
  /// The loss values of the hand-overs, added up.
  public var handoverLosses: ChannelHistory
  /// Calls other than acquire and release, with their results.
  public var calls: [CallRecord]
  /// The clears of the ring buffer.
  public var clears: [ClearRecord]
  /// The reason why the reading ended here: a sub-buffer that could not be decoded.
  public var malformed: String?

  /// The name of ``recipe``.
  public static let recipeName = "total by the recipe"
  /// The name of ``readerABI``.
  public static let readerABIName = "total, reader ABI alone"
  /// The name of ``handoverLosses``.
  public static let handoversName = "sum over hand-overs"

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

  /// The number of hand-overs plus one, which stands for readings after the last.
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
  /// `true` if a full ring buffer overwrites its oldest events.
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
  /// The number of hand-overs before it.
  public var handovers: Int
  /// The call: `flush`, `clear`, `reader opens`.
  public var call: String
  /// The result.
  public var result: String

  /// A call.
  public init(handovers: Int, call: String, result: String) {
    self.handovers = handovers
    self.call = call
    self.result = result
  }
}

/// The readings of one channel in the course of a history.
public struct ChannelHistory: Codable, Sendable, Equatable {
  /// The channel, as ``SubbufferSource/LossChannel`` names it.
  public var channel: String
  /// `true` if a reader learns of it through the reader ABI alone.
  public var isReaderABI: Bool
  /// Each reading that differs from the one before, and the first.
  public var readings: [ReadingRecord]

  /// A channel's history.
  public init(channel: String, isReaderABI: Bool, readings: [ReadingRecord]) {
    self.channel = channel
    self.isReaderABI = isReaderABI
    self.readings = readings
  }

  /// The name of the channel of the writer's errors.
  public static let writerError = "writer's error"

  /// The last reading; `nil` of a channel that was never read.
  public var last: ReadingRecord? { readings.last }

  /// The reading at a hand-over.
  public func told(at handover: Int) -> ReadingRecord? { readings.last { $0.handover <= handover } }
}
