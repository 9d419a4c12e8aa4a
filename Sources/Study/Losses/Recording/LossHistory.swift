import SubbufferSource
import SubbufferSourceConformance

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

/// The events of one hand-over, as a line: `7: 200-291, 300-310` are the sub-buffer's own number and the sequence
/// numbers of its events that were not handed out before; without events `7:`.
public struct HandoverRecord: Sendable, Equatable {
  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  public var number: UInt64
  /// The sequence numbers, as runs in the order in which they came.
  public var runs: [ClosedRange<UInt64>]

  /// A hand-over.
  public init(number: UInt64, runs: [ClosedRange<UInt64>] = []) {
    self.number = number
    self.runs = runs
  }

  /// Adds the next event.
  mutating func add(_ sequence: UInt64) {
    if let last = runs.last, last.upperBound < .max, last.upperBound + 1 == sequence {
      runs[runs.count - 1] = last.lowerBound...sequence
    } else {
      runs.append(sequence...sequence)
    }
  }
}

extension HandoverRecord: TextCoded {
  /// The line.
  public var text: String {
    "\(number):"
      + runs.map { " \($0.lowerBound)" + ($0.lowerBound == $0.upperBound ? "" : "-\($0.upperBound)") }.joined(
        separator: ",")
  }

  /// Reads the line.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = UInt64(parts[0]) else { return nil }
    self.init(number: number)
    for run in parts[1].split(separator: ",") {
      let bounds = run.drop { $0 == " " }.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
      guard let first = bounds.first, let lower = first, bounds.count <= 2, let last = bounds.last, let upper = last,
        lower <= upper
      else { return nil }
      runs.append(lower...upper)
    }
  }
}

/// The reading of a channel at one time, as a line: `3: 2300 events` when three hand-overs had been made; with the
/// number of sub-buffers that it marked, where it marks them: `3: some, number not reported; 1 marked`.
public struct ReadingRecord: Sendable, Equatable {
  /// The number of hand-overs that had been made, the one that told it included. One more than there were in all stands
  /// for what was reported after the last one.
  public var handover: Int
  /// The reported loss up to then.
  public var loss: Loss
  /// In how many sub-buffers the channel had marked a loss.
  public var marks: UInt64

  /// A reading.
  public init(handover: Int, loss: Loss, marks: UInt64 = 0) {
    self.handover = handover
    self.loss = loss
    self.marks = marks
  }
}

extension ReadingRecord: TextCoded {
  /// The line.
  public var text: String {
    "\(handover): \(loss.text)" + (marks == 0 ? "" : "; \(marks) marked")
  }

  /// Reads the line.
  public init?(text: String) {
    let parts = text.split(separator: ": ", maxSplits: 1)
    guard parts.count == 2, let handover = Int(parts[0]), handover >= 0 else { return nil }
    let halves = parts[1].split(separator: "; ", maxSplits: 1)
    guard let first = halves.first, let loss = Loss(text: String(first)) else { return nil }
    self.init(handover: handover, loss: loss)
    guard halves.count == 2 else { return }
    guard halves[1].hasSuffix(" marked"), let marks = UInt64(halves[1].dropLast(" marked".count)) else { return nil }
    self.marks = marks
  }
}

extension Loss {
  /// The value as a report and `results.json` write it.
  public var text: String {
    switch self {
    case .notTold: Loss.notToldText
    case .none: Loss.noneText
    case .events(let count): Loss.text(count, Loss.events)
    case .atMost(let count): Loss.atMostPrefix + Loss.text(count, Loss.events)
    case .packets(let count, 0): Loss.text(count, Loss.packets)
    case .packets(let count, let events): Loss.text(count, Loss.packets) + Loss.and + Loss.text(events, Loss.events)
    case .some: Loss.someText
    }
  }

  /// Reads what ``text`` wrote; `nil` for anything else.
  public init?(text: String) {
    switch text {
    case Loss.notToldText: self = .notTold
    case Loss.noneText: self = .none
    case Loss.someText: self = .some
    default:
      if let and = text.firstRange(of: Loss.and) {
        guard case .packets(let count, 0) = Loss(text: String(text[..<and.lowerBound])),
          case .events(let events) = Loss(text: String(text[and.upperBound...])), events > 0
        else { return nil }
        self = .packets(count, events: events)
        return
      }
      let isAtMost = text.hasPrefix(Loss.atMostPrefix)
      let words = text.dropFirst(isAtMost ? Loss.atMostPrefix.count : 0).split(separator: " ")
      guard words.count == 2, let count = UInt64(words[0]) else { return nil }
      switch words[1] {
      case "event", Substring(Loss.events): self = isAtMost ? .atMost(count) : .events(count)
      case "packet" where !isAtMost, Substring(Loss.packets) where !isAtMost: self = .packets(count)
      default: return nil
      }
    }
  }

  private static let notToldText = "no indication"
  private static let noneText = "none"
  private static let someText = "some, number not reported"
  private static let atMostPrefix = "at most "
  private static let and = " and "
  private static let events = "events"
  private static let packets = "packets"

  /// `1 event`, `2 events`.
  private static func text(_ count: UInt64, _ unit: String) -> String {
    "\(count) \(count == 1 ? String(unit.dropLast()) : unit)"
  }
}

/// A value that `results.json` has as one string, since there are many of them: a line is read more easily than five, and
/// takes less room.
public protocol TextCoded: Codable {
  /// The string.
  var text: String { get }
  /// Reads the string; `nil` where it is not one.
  init?(text: String)
}

extension TextCoded {
  /// Decodes the string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is no \(Self.self)")
    }
    self = value
  }

  /// Encodes the string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
