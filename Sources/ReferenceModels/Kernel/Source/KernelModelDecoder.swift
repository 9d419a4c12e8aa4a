import SubbufferSource

/// Reads the events out of the sub-buffers of a ``KernelModelRing``, which has their layout.
///
/// An event has no time stamp of its own: its time is that of its sub-buffer. The payload of an event ends in up to 7
/// bytes that were not asked for.
public struct KernelModelDecoder: SubbufferDecoder {
  /// The type of the workload's events.
  public var sequenceTypeID: UInt32 { KernelSubbufferFormat.eventType }

  /// A decoder.
  public init() {}

  /// Calls `body` for each event from ``SubbufferSource/Subbuffer/unreadOffset`` on. Only the bytes of the sub-buffer
  /// are looked at, and not its `commit`.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer``: `headerTruncated`; `eventBeyondData` where an event ends after
  /// the
  ///   bytes; `eventTooShort` where it has no room for its own header; `unknownType`; `wrongField` for a `size` that is
  ///   not a multiple of 8.
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    let unreadOffset = subbuffer.unreadOffset
    let end = bytes.byteCount
    var offset = KernelSubbufferFormat.headerSize
    guard end >= offset else { throw MalformedSubbuffer(offset: 0, reason: .headerTruncated) }
    let timestamp = bytes.unsafeLoad64(at: 0)

    // Every turn throws or moves on by at least a word.
    while offset < end {
      let room = UInt64(end - offset)
      guard room >= 8 else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(8)) }
      let size = UInt64(bytes.unsafeLoad32(at: offset))
      let type = bytes.unsafeLoad32(at: offset + 4)
      let isPadding = type == KernelSubbufferFormat.paddingType
      guard isPadding || type == KernelSubbufferFormat.eventType || type == KernelSubbufferFormat.otherType else {
        throw MalformedSubbuffer(offset: offset, reason: .unknownType(type))
      }
      let least = isPadding ? 8 : KernelSubbufferFormat.eventHeaderSize
      guard size >= UInt64(least) else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(size)) }
      guard size <= room else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(size)) }
      guard size % 8 == 0 else { throw MalformedSubbuffer(offset: offset, reason: .wrongField("size", size)) }
      if !isPadding, offset >= unreadOffset {
        body(
          Event(timestamp: timestamp, typeID: type, payloadOffset: offset + 8, payloadCount: Int(size) - 8), bytes)
      }
      offset += Int(size)
    }
  }
}
