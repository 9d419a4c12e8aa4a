import SubbufferSource

/// Reads the events out of the model's packets.
public struct LTTngModelDecoder: SubbufferDecoder, Hashable {
  /// The one type of event that the model writes.
  public var sequenceTypeID: UInt32 { 0 }

  /// A decoder; packets of all models of LTTng have the same format.
  public init() {}

  /// Calls `body` for each event of a packet, in order.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset where decoding cannot go on; events before it were
  ///   visited.
  @inline(__always)
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    try forEachEvent(in: subbuffer.bytes, body)
  }

  /// The same, of the bytes of a packet from its header on.
  @inline(__always)
  func forEachEvent(in bytes: RawSpan, _ body: (Event, RawSpan) -> Void) throws(MalformedSubbuffer) {
    let header = try LTTngPacketHeader(in: bytes)
    let end = header.contentByteCount
    var timestamp = header.timestampBegin
    var offset = LTTngPacketHeader.byteCount
    while offset < end {
      // Header and content are multiples of eight bytes, and so is what each turn adds.
      let word = bytes.unsafeLoad64(at: offset)
      let length = UInt64(UInt32(truncatingIfNeeded: word))
      guard length >= 8 else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(length)) }
      let payloadOffset = offset + LTTngEvent.headerByteCount
      guard length <= UInt64(end - payloadOffset) else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(length))
      }
      timestamp &+= UInt64(UInt32(truncatingIfNeeded: word >> 32) &- UInt32(truncatingIfNeeded: timestamp))
      body(
        Event(timestamp: timestamp, typeID: sequenceTypeID, payloadOffset: payloadOffset, payloadCount: Int(length)),
        bytes)
      offset = payloadOffset + (Int(length) + 7) & ~7
    }
  }
}
