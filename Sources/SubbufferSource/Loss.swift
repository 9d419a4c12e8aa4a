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

/// The place in which an ABI reports losses to its reader.
public enum LossChannel: String, Sendable, Codable, Hashable, CaseIterable {
  /// Nowhere.
  case nowhere = "nowhere"
  /// In the header of the sub-buffer: the kernel's flags in `commit`, LTTng's `events_discarded` of the packet.
  case subbufferHeader = "sub-buffer header"
  /// In the mapped meta page: `reader.lost_events`.
  case metaPageLostEvents = "meta page reader.lost_events"
  /// In the mapped meta page: `overrun`.
  case metaPageOverrun = "meta page overrun"
  /// As a gap in the sequence numbers of packets.
  case sequenceGap = "packet sequence gap"
  /// In the header of the packet that was read last: its `events_discarded` as it stands there.
  case lastPacket = "events_discarded of the last packet"
  /// As positions of the reader that the writer moved on: LTTng's `snapshot_get_consumed`.
  case positions = "snapshot positions"
  /// In a counter read with a call of the reader ABI.
  case counter = "counter"
  /// In a file outside the reader ABI: `overrun` of `per_cpu/cpuN/stats`.
  case statsOverrun = "stats overrun"
  /// In a file outside the reader ABI: `commit overrun` of `per_cpu/cpuN/stats`.
  case statsCommitOverrun = "stats commit overrun"
  /// In a file outside the reader ABI: `dropped events` of `per_cpu/cpuN/stats`.
  case statsDroppedEvents = "stats dropped events"
  /// In a file outside the reader ABI: `entries` of `per_cpu/cpuN/stats`, the events not read yet; at the end those
  /// that no reader gets.
  case statsEntries = "stats entries"
  /// The writer got an error for the event it could not write.
  case writerError = "writer's error"

  /// `true` if a reader learns of it through the reader ABI alone, without another file and without the writer.
  public var isReaderABI: Bool {
    switch self {
    case .nowhere, .statsOverrun, .statsCommitOverrun, .statsDroppedEvents, .statsEntries, .writerError: false
    case .subbufferHeader, .metaPageLostEvents, .metaPageOverrun, .sequenceGap, .lastPacket, .positions, .counter: true
    }
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

extension [LossReading] {
  /// Of an ABI that counts discarded events and lost packets: both, since the events in the packets are in no count.
  public var packetsAndEvents: TotalLoss {
    let parts = [LossChannel.sequenceGap, .subbufferHeader].compactMap { channel in first { $0.channel == channel } }
    guard let first = parts.first else { return TotalLoss(.notTold, from: []) }
    let loss = parts.dropFirst().reduce(first.loss) { $0.adding($1.loss) }
    return TotalLoss(
      loss, from: parts.map(\.channel), since: parts.contains { $0.since == .source } ? .source : .ringBuffer)
  }

  /// The total of the kernel's ring buffer: the sum of `overrun`, `commit overrun` and `dropped events`, which count
  /// different events, as far as there are readings of them.
  /// - Parameter overwrite: whether old events are overwritten. Where they are not, `overrun` alone says nothing.
  public func overrunAndDropped(overwrite: Bool) -> TotalLoss {
    let counters = [LossChannel.metaPageOverrun, .statsCommitOverrun, .statsDroppedEvents].compactMap { channel in
      first { $0.channel == channel }
    }
    let lost = counters.reduce(into: UInt64(0)) { if case .events(let count) = $1.loss { $0 &+= count } }
    let isSilent = lost == 0 && !overwrite && !counters.contains { $0.channel == .statsDroppedEvents }
    return TotalLoss(isSilent ? .notTold : .counted(lost), from: counters.map(\.channel), since: .ringBuffer)
  }
}
