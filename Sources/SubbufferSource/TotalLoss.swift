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
