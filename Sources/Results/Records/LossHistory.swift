import SubbufferSource

/// The observations in one loss scenario on one back end, before any judgement.
public struct LossHistory: Codable, Sendable, Equatable {
  /// Events that the producer began to write, with the sequence numbers from 0 on.
  public var produced: UInt64
  /// Events for which the ABI returned an error to the writer.
  public var refused: UInt64
  /// The errno of the first refusal; absent without one, and if the ABI gave no errno.
  public var refusal: Int32?
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
    produced: UInt64, refused: UInt64, refusal: Int32? = nil, unfinished: [UInt64], handovers: [HandoverRecord],
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

/// A call other than acquire and release, or an acquire that is more than one of many.
public struct CallRecord: Codable, Sendable, Equatable {
  /// The purpose of a call.
  public enum Purpose: String, Codable, Sendable, CaseIterable {
    /// A reader opens the ring buffer.
    case open
    /// The reader acquires a sub-buffer to hold it, and finds nothing.
    case hold
    /// A call of the reader failed.
    case failed = "failed call"
    /// The last acquire of a scenario.
    case lastAcquire = "last acquire"
    /// The reader ends the partial sub-buffer.
    case flush
    /// A reader in another process acquires, and is killed.
    case killReader = "kill the reader"
    /// The producer is held inside a write.
    case holdWriter = "hold the writer"
    /// The ring buffer is cleared.
    case clear
    /// The mode is switched.
    case switchMode = "switch the mode"
    /// Another number or size of the sub-buffers is asked for.
    case resize
    /// The wake-up of a waiting reader is set.
    case setWakeup = "set the wake-up"
  }

  /// The number of hand-overs before it.
  public var handovers: Int
  /// The purpose.
  public var purpose: Purpose
  /// The call in words: `flush`, `a reader opens`.
  public var call: String
  /// The result: `0`, `no error`, a negative errno.
  public var result: String

  /// A call.
  public init(handovers: Int, purpose: Purpose, call: String, result: String) {
    self.handovers = handovers
    self.purpose = purpose
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
  /// The quantity that its number counts.
  public var counts: LossChannel.Quantity
  /// The place in which a reader finds its report; absent of a sum over channels, and in results of a version that did not record it.
  public var place: LossChannel.Place?
  /// Each reading that differs from the one before, and the first.
  public var readings: [ReadingRecord]

  /// A channel's history.
  public init(
    channel: String, isReaderABI: Bool, counts: LossChannel.Quantity = .lostEvents, place: LossChannel.Place? = nil,
    readings: [ReadingRecord]
  ) {
    self.channel = channel
    self.isReaderABI = isReaderABI
    self.counts = counts
    self.place = place
    self.readings = readings
  }

  /// The name of the channel of the writer's errors.
  public static let writerError: StaticString = "writer's error"

  /// The last reading; `nil` of a channel that was never read.
  public var last: ReadingRecord? { readings.last }

  /// The reading at a hand-over.
  public func told(at handover: Int) -> ReadingRecord? { readings.last { $0.handover <= handover } }
}

/// The events of one hand-over.
public struct HandoverRecord: Codable, Sendable, Equatable {
  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  public var number: UInt64
  /// The sequence numbers of the events that were not handed out before, as runs in the order in which they came: the
  /// first and the last number of each.
  public var runs: [ClosedRange<UInt64>]

  /// A hand-over.
  public init(number: UInt64, runs: [ClosedRange<UInt64>] = []) {
    self.number = number
    self.runs = runs
  }

  /// Adds the next event.
  package mutating func add(_ sequence: UInt64) {
    if let last = runs.last, last.upperBound < .max, last.upperBound + 1 == sequence {
      runs[runs.count - 1] = last.lowerBound...sequence
    } else {
      runs.append(sequence...sequence)
    }
  }
}

/// The reading of a channel at one time.
public struct ReadingRecord: Codable, Sendable, Equatable {
  /// The number of hand-overs that had been made, the one that reported it included. One more than there were in all
  /// stands for what was reported after the last one.
  public var handover: Int
  /// The reported loss up to then.
  public var loss: Loss
  /// The number of sub-buffers in which the channel had marked a loss.
  public var marks: UInt64

  /// A reading.
  public init(handover: Int, loss: Loss, marks: UInt64 = 0) {
    self.handover = handover
    self.loss = loss
    self.marks = marks
  }
}

/// A reported loss as `results.json` has it: the kind, and the numbers that it has.
extension Loss: Codable {
  /// The kind of a report.
  private enum Kind: String, Codable {
    case notReported = "not reported"
    case none
    case events
    case atMost = "at most"
    case packets
    case some
  }

  private enum Key: String, CodingKey {
    case kind, events, packets
  }

  /// Decodes a report.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> UInt64 { try fields.decode(UInt64.self, forKey: key) }
    switch try fields.decode(Kind.self, forKey: .kind) {
    case .notReported: self = .notTold
    case .none: self = .none
    case .events: self = .events(try number(.events))
    case .atMost: self = .atMost(try number(.events))
    case .packets: self = .packets(try number(.packets), events: try number(.events))
    case .some: self = .some
    }
  }

  /// Encodes the report.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    switch self {
    case .notTold: try fields.encode(Kind.notReported, forKey: .kind)
    case .none: try fields.encode(Kind.none, forKey: .kind)
    case .events(let count):
      try fields.encode(Kind.events, forKey: .kind)
      try fields.encode(count, forKey: .events)
    case .atMost(let count):
      try fields.encode(Kind.atMost, forKey: .kind)
      try fields.encode(count, forKey: .events)
    case .packets(let count, let events):
      try fields.encode(Kind.packets, forKey: .kind)
      try fields.encode(count, forKey: .packets)
      try fields.encode(events, forKey: .events)
    case .some: try fields.encode(Kind.some, forKey: .kind)
    }
  }

  /// The report in the words of a page: "no indication", "12 events", "at most 3 events", "2 packets and 1 event".
  public var text: String {
    switch self {
    case .notTold: "no indication"
    case .none: "none"
    case .events(let count): Loss.text(count, "event")
    case .atMost(let count): "at most " + Loss.text(count, "event")
    case .packets(let count, 0): Loss.text(count, "packet")
    case .packets(let count, let events): Loss.text(count, "packet") + " and " + Loss.text(events, "event")
    case .some: "some, number not reported"
    }
  }

  private static func text(_ count: UInt64, _ unit: String) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}
