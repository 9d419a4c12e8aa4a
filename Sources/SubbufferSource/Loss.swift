/// What an ABI told about lost events; never what was really lost. The case says how sure it is.
public enum Loss: Sendable, Hashable {
  /// The ABI says nothing here about losses.
  case notTold
  /// The ABI says that nothing was lost.
  case none
  /// The ABI says that exactly so many events were lost.
  case events(UInt64)
  /// The ABI says that events were lost, and, with those that it told of before, no more than so many: a counter that was
  /// read later than the loss. Summed up over hand-overs it is an upper bound; of one hand-over it may be less than was
  /// lost before it, by what was told with the one before.
  case atMost(UInt64)
  /// The ABI says that so many packets (sub-buffers) were lost, with an unknown number of events, and beside them so many
  /// events.
  case packets(UInt64, events: UInt64 = 0)
  /// The ABI says that events were lost, and not how many.
  case some

  /// What a counter says that stands at `count` events.
  @inlinable
  public static func counted(_ count: UInt64) -> Loss { count == 0 ? .none : .events(count) }

  /// Whether the ABI says that something was lost.
  public var saysLost: Bool {
    switch self {
    case .notTold, .none: false
    case .events(let count), .atMost(let count): count > 0
    case .packets(let count, let events): count > 0 || events > 0
    case .some: true
    }
  }

  /// What was told here and then `next`, of the losses that came after, as one.
  ///
  /// Silence is no *none*: beside it nothing says that nothing was lost. A loss that is told stays told beside silence,
  /// since an ABI may tell later of what it was silent about; it need not be all then. Beside a loss without a number no
  /// number is all, and an upper bound beside lost packets says nothing.
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

/// Where an ABI tells its reader about losses.
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
  /// In a file beside the reader ABI: `overrun` of `per_cpu/cpuN/stats`.
  case statsOverrun = "stats overrun"
  /// In a file beside the reader ABI: `commit overrun` of `per_cpu/cpuN/stats`.
  case statsCommitOverrun = "stats commit overrun"
  /// In a file beside the reader ABI: `dropped events` of `per_cpu/cpuN/stats`.
  case statsDroppedEvents = "stats dropped events"
  /// In a file beside the reader ABI: `entries` of `per_cpu/cpuN/stats`, the events that nobody has read; at the end those
  /// that no reader gets.
  case statsEntries = "stats entries"
  /// The writer got an error for the event it could not write.
  case writerError = "writer's error"

  /// Whether a reader learns of it through the reader ABI alone, without another file and without the writer.
  public var isReaderABI: Bool {
    switch self {
    case .nowhere, .statsOverrun, .statsCommitOverrun, .statsDroppedEvents, .statsEntries, .writerError: false
    case .subbufferHeader, .metaPageLostEvents, .metaPageOverrun, .sequenceGap, .lastPacket, .positions, .counter: true
    }
  }
}

/// What one channel told about all losses up to now.
public struct LossReading: Sendable, Hashable {
  /// From when on.
  public enum Beginning: Sendable, Hashable {
    /// Since the ring buffer was made: a counter, which tells a later reader too.
    case ringBuffer
    /// Since the source was opened: what was told in hand-overs.
    case source
  }

  /// Where it was told.
  public var channel: LossChannel
  /// What was told.
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
