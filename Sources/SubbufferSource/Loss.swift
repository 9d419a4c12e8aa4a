/// What an ABI told about lost events; never what was really lost.
public enum Loss: Sendable, Hashable {
  /// The ABI says nothing here about losses.
  case notTold
  /// The ABI says that nothing was lost.
  case none
  /// The ABI says that exactly so many events were lost.
  case events(UInt64)
  /// The ABI says that so many packets (sub-buffers) were lost, with an unknown number of events.
  case packets(UInt64)
  /// The ABI says that events were lost, and not how many.
  case some

  /// What a counter says that stands at `count` events.
  @inlinable
  public static func counted(_ count: UInt64) -> Loss { count == 0 ? .none : .events(count) }

  /// Whether the ABI says that something was lost.
  public var saysLost: Bool {
    switch self {
    case .notTold, .none: false
    case .events(let count), .packets(let count): count > 0
    case .some: true
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
  /// In a counter read with a call of the reader ABI.
  case counter = "counter"
  /// In a file beside the reader ABI: `overrun` of `per_cpu/cpuN/stats`.
  case statsOverrun = "stats overrun"
  /// In a file beside the reader ABI: `commit overrun` of `per_cpu/cpuN/stats`.
  case statsCommitOverrun = "stats commit overrun"
  /// In a file beside the reader ABI: `dropped events` of `per_cpu/cpuN/stats`.
  case statsDroppedEvents = "stats dropped events"
  /// The writer got an error for the event it could not write.
  case writerError = "writer's error"

  /// Whether a reader learns of it through the reader ABI alone, without another file and without the writer.
  public var isReaderABI: Bool {
    switch self {
    case .nowhere, .statsOverrun, .statsCommitOverrun, .statsDroppedEvents, .writerError: false
    case .subbufferHeader, .metaPageLostEvents, .metaPageOverrun, .sequenceGap, .counter: true
    }
  }
}

/// What one channel told about all losses since the source was opened.
public struct LossReading: Sendable, Hashable {
  /// Where it was told.
  public var channel: LossChannel
  /// What was told.
  public var loss: Loss

  /// A reading of one channel.
  public init(channel: LossChannel, loss: Loss) {
    self.channel = channel
    self.loss = loss
  }
}
