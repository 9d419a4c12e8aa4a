import SubbufferSource

/// Reads the events of a ``MemoryRing``.
struct MemoryDecoder: SubbufferDecoder {
  let sequenceTypeID: UInt32 = 0

  func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    var offset = subbuffer.unreadOffset
    while offset < bytes.byteCount {
      guard bytes.byteCount - offset >= 12 else { throw MalformedSubbuffer(offset: offset, reason: .headerTruncated) }
      let payload = Int(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
      let next = offset + MemoryRing.eventSize(payload: payload)
      guard next <= bytes.byteCount else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(payload)))
      }
      body(Event(timestamp: 0, typeID: 0, payloadOffset: offset + 4, payloadCount: next - offset - 4), bytes)
      offset = next
    }
  }
}
