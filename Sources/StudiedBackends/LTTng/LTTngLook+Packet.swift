import CTFPackets
import SubbufferSource

extension LTTngLook {
  /// Reads a packet that lies in a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  init<Payload>(_ packet: UnsafeRawBufferPointer, _ decoder: PacketDecoder<Payload>) throws(SourceError) {
    let header: PacketHeader
    do {
      header = try PacketHeader(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
    let bytes = Array(packet)
    let events = try decoder.events(in: bytes, count: header.contentByteCount, unreadOffset: PacketHeader.byteCount)
    self.init(
      packetSequenceNumber: header.packetSequenceNumber, eventsDiscarded: header.eventsDiscarded,
      contentCount: header.contentByteCount, packetCount: Int(header.packetSize / 8),
      timestamps: (header.timestampBegin, header.timestampEnd),
      sequences: events.sequences, times: events.times, bytes: bytes)
  }
}
