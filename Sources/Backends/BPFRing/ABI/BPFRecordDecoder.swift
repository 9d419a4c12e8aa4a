import SubbufferSource

/// Reads the records that a ``BPFRecorder`` wrote, one after the other. Discarded records are passed over.
public struct BPFRecordDecoder: SubbufferDecoder {
  /// The program writes records of one type.
  public let sequenceTypeID: UInt32 = 0

  /// A decoder.
  public init() {}

  /// Calls `body` for each record, the oldest first.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer``: `headerTruncated`, `eventTooShort`, `eventBeyondData`.
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    let unreadOffset = subbuffer.unreadOffset
    var offset = 0
    while offset < bytes.byteCount {
      let room = bytes.byteCount - offset
      guard room >= BPFRing.headerSize else { throw MalformedSubbuffer(offset: offset, reason: .headerTruncated) }
      let header = bytes.unsafeLoad32(at: offset)
      let length = Int(header & BPFRecordHeader.lengthMask)
      let size = BPFRecordHeader.size(header)
      guard size <= room else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(size))) }
      guard header & BPFRecordHeader.busy == 0 else {
        throw MalformedSubbuffer(offset: offset, reason: .wrongField("BPF_RINGBUF_BUSY_BIT", 1))
      }
      if header & BPFRecordHeader.discarded == 0 {
        guard length >= BPFRecorder.fixedSize else {
          throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(length)))
        }
        if offset >= unreadOffset {
          // The payload begins with the sequence number.
          body(
            Event(
              timestamp: bytes.unsafeLoad64(at: offset + 8), typeID: sequenceTypeID, payloadOffset: offset + 16,
              payloadCount: length - 8),
            bytes)
        }
      }
      offset += size
    }
  }
}
