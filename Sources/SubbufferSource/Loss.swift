/// A report of an ABI on lost events; never the true loss. The case gives its precision.
public enum Loss: Sendable, Hashable {
  /// The ABI reports nothing here about losses.
  case notTold
  /// The ABI reports that nothing was lost.
  case none
  /// The ABI reports that exactly N events were lost.
  case events(UInt64)
  /// The ABI reports that events were lost, and, with those that it reported before, no more than N: a counter that was
  /// read later than the loss. Summed up over hand-overs it is an upper bound; of one hand-over it may be less than was
  /// lost before it, by what was reported with the one before.
  case atMost(UInt64)
  /// The ABI reports that N packets (sub-buffers) were lost, with an unknown number of events, and in addition N
  /// events.
  case packets(UInt64, events: UInt64 = 0)
  /// The ABI reports that events were lost, and not how many.
  case some

  /// The report of a counter with the value `count`.
  @inlinable
  public static func counted(_ count: UInt64) -> Loss { count == 0 ? .none : .events(count) }

  /// `true` if the ABI reports that something was lost.
  public var saysLost: Bool {
    switch self {
    case .notTold, .none: false
    case .events(let count), .atMost(let count): count > 0
    case .packets(let count, let events): count > 0 || events > 0
    case .some: true
    }
  }

  /// The sum of this report and `next`, a report of later losses.
  ///
  /// `notTold` does not mean that nothing was lost: together with *none* it is `notTold`. Together with a loss it is
  /// that loss, since an ABI may report later what it did not report before; the number need not be the total then.
  /// Together with a loss without a number no number is the total, and an upper bound together with lost packets is
  /// meaningless.
  public func adding(_ next: Loss) -> Loss {
    switch (self, next) {
    case (.notTold, .none), (.none, .notTold): .notTold
    case (.notTold, let other), (let other, .notTold), (.none, let other), (let other, .none): other
    case (.some, _), (_, .some): .some
    case (.packets(let left, let beside), .packets(let right, let besideRight)):
      .packets(left &+ right, events: beside &+ besideRight)
    case (.packets(let count, let beside), .events(let events)), (.events(let events), .packets(let count, let beside)):
      .packets(count, events: beside &+ events)
    case (.packets, .atMost): self
    case (.atMost, .packets): next
    case (.events(let left), .events(let right)): .events(left &+ right)
    case (.events(let left), .atMost(let right)), (.atMost(let left), .events(let right)),
      (.atMost(let left), .atMost(let right)):
      .atMost(left &+ right)
    }
  }
}

/// A place in which an ABI reports losses to its reader. Each ABI declares its own, as static members.
public struct LossChannel: Sendable, Hashable, CustomStringConvertible {
  /// The quantity that the number of a channel counts.
  public enum Quantity: String, Sendable, Codable, CaseIterable {
    /// Lost events of every kind: 0 reports that none was lost.
    case lostEvents = "lost events"
    /// Lost events of one kind: 0 reports nothing about the others.
    case oneKindOfLoss = "lost events of one kind"
    /// Something else: no number of it reports a loss.
    case somethingElse = "something else"
  }

  /// The place in which a reader finds a report, by which the designs of ABIs differ.
  public enum Place: String, Sendable, Codable, CaseIterable {
    /// In what a hand-over hands out: the header of a sub-buffer or a packet.
    case handover = "with the next hand-over"
    /// Between the events: a record of its own.
    case record = "a record between the events"
    /// In what is missing: numbers or positions that are not successive.
    case gap = "a gap in numbers or positions"
    /// In a count that lies in the mapping.
    case mapping = "a count in the mapping"
    /// In what a call or another file returns.
    case call = "a call or another file"
    /// At the writer, which gets an error, or counts itself.
    case writer = "the writer"
  }

  /// The name of the channel in a report and in stored results: `sub-buffer header`.
  public let name: StaticString
  /// `true` if a reader learns of it through the reader ABI alone, without another file and without the writer.
  public let isReaderABI: Bool
  /// The quantity that its number counts.
  public let counts: Quantity
  /// The place in which a reader finds it.
  public let place: Place

  /// Declares a channel.
  public init(
    _ name: StaticString, place: Place, isReaderABI: Bool = true, counts: Quantity = .lostEvents
  ) {
    self.name = name
    self.place = place
    self.isReaderABI = isReaderABI
    self.counts = counts
  }

  /// Nowhere.
  public static let nowhere = LossChannel("nowhere", place: .handover, isReaderABI: false)
  /// The header of the sub-buffer: the kernel's flags in `commit`, LTTng's `events_discarded` of the packet.
  public static let subbufferHeader = LossChannel("sub-buffer header", place: .handover)

  /// The name.
  public var description: String { "\(name)" }

  /// Channels of one name are the same.
  public static func == (one: LossChannel, other: LossChannel) -> Bool {
    one.name.withUTF8Buffer { left in other.name.withUTF8Buffer { left.elementsEqual($0) } }
  }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) {
    name.withUTF8Buffer { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The report of one channel on all losses up to now.
public struct LossReading: Sendable, Hashable {
  /// From when on.
  public enum Beginning: Sendable, Hashable {
    /// Since the ring buffer was made: a counter, which later readers see too.
    case ringBuffer
    /// Since the source was opened: what was reported in hand-overs.
    case source
  }

  /// The channel of the report.
  public var channel: LossChannel
  /// The report.
  public var loss: Loss
  /// From when on.
  public var since: Beginning
  /// In how many sub-buffers the channel marked a loss, where it marks sub-buffers.
  public var marks: UInt64

  /// A reading of one channel.
  public init(channel: LossChannel, loss: Loss, since: Beginning = .source, marks: UInt64 = 0) {
    self.channel = channel
    self.loss = loss
    self.since = since
    self.marks = marks
  }
}

/// The most exact that an ABI lets its reader say about all losses, and where it was taken from.
public struct TotalLoss: Sendable, Hashable {
  /// The loss.
  public var loss: Loss
  /// The channels that it was put together from.
  public var channels: [LossChannel]
  /// From when on.
  public var since: LossReading.Beginning

  /// A loss with its channels.
  public init(_ loss: Loss, from channels: [LossChannel], since: LossReading.Beginning = .source) {
    self.loss = loss
    self.channels = channels
    self.since = since
  }
}
