import SubbufferSource

/// The channels in which LTTng reports losses, besides the header of a packet.
extension LossChannel {
  /// A gap in the sequence numbers of packets (`packet_seq_num`).
  public static let sequenceGap = LossChannel("packet sequence gap", place: .gap)
  /// The header of the packet that was read last: its `events_discarded` as it stands there.
  public static let lastPacket = LossChannel("events_discarded of the last packet", place: .handover)
  /// Positions of the reader that the writer moved on: `snapshot_get_consumed`.
  public static let positions = LossChannel("snapshot positions", place: .call)
}

extension [LossReading] {
  /// The total of an ABI that counts discarded events and lost packets: both, since the events in the packets are in no
  /// count.
  public var packetsAndEvents: TotalLoss {
    let parts = [LossChannel.sequenceGap, .subbufferHeader].compactMap { channel in first { $0.channel == channel } }
    guard let first = parts.first else { return TotalLoss(.notTold, from: []) }
    let loss = parts.dropFirst().reduce(first.loss) { $0.adding($1.loss) }
    return TotalLoss(
      loss, from: parts.map(\.channel), since: parts.contains { $0.since == .source } ? .source : .ringBuffer)
  }
}
