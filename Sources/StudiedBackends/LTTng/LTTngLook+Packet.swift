import CTFPackets
import SubbufferSource

extension PacketHeader {
  /// Reads the header of a packet that lies in a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  init(held packet: UnsafeRawBufferPointer) throws(SourceError) {
    do {
      try self.init(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
  }

  /// Reads the header of a packet that was made outside the ring buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  init(ofPopulated packet: [UInt8]) throws(SourceError) {
    do {
      try self.init(in: packet.span.bytes)
    } catch {
      throw SourceError(error)
    }
  }
}

extension LTTngLook {
  /// Reads a packet that lies in a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  init<Payload>(_ packet: UnsafeRawBufferPointer, _ decoder: PacketDecoder<Payload>) throws(SourceError) {
    let header = try PacketHeader(held: packet)
    let bytes = Array(packet)
    let events = try decoder.events(in: bytes, count: header.contentByteCount, unreadOffset: PacketHeader.byteCount)
    self.init(
      packetSequenceNumber: header.packetSequenceNumber, eventsDiscarded: header.eventsDiscarded,
      contentCount: header.contentByteCount, packetCount: Int(header.packetSize / 8),
      timestamps: (header.timestampBegin, header.timestampEnd),
      sequences: events.sequences, times: events.times, bytes: bytes)
  }
}
