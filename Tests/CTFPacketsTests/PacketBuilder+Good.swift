import CTFPackets

extension PacketBuilder {
  /// Good packets as the basis of broken ones: with both sizes of event header, with padding, and without events.
  static func good(_ header: EventHeader, isText: Bool = false) -> [[UInt8]] {
    var builder = PacketBuilder(header, isText: isText)
    for number in UInt64(0)..<6 {
      builder.event(number, time: 1_000 + number, payload: Int(number) * 3)
      builder.extended(number, time: 2_000 + number)
    }
    return [builder.closed(), builder.closed(packetSize: 512), PacketBuilder(header).closed()]
  }
}
