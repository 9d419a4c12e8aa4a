import SubbufferSource

/// Reads the events out of LTTng 2.x packets of which one event class is known: the workload's.
///
///     +--------------------+-------------+---------+-------------+---------+-----+- - - - -+
///     | PacketHeader    84 | EventHeader | payload | EventHeader | payload | ... | padding |
///     +--------------------+-------------+---------+-------------+---------+-----+- - - - -+
///     0                                                                content_size  packet_size
///
/// All of the payload, its length included, is ``SubbufferSource/Event``'s payload.
///
/// A CTF event does not carry its own length, so an event of another class cannot be skipped: it is an error.
public struct PacketDecoder<Payload: EventPayload>: SubbufferDecoder {
  /// The form of the event headers of the channel.
  public var eventHeader: EventHeader
  /// The id of the workload's event class.
  public var sequenceTypeID: UInt32

  /// A decoder for the packets of one channel.
  /// - Parameters:
  ///   - eventHeader: the form of its event headers, as its registration gave it.
  ///   - sequenceEventID: the id that the workload's event got when it was registered.
  public init(eventHeader: EventHeader, sequenceEventID: UInt32) {
    self.eventHeader = eventHeader
    self.sequenceTypeID = sequenceEventID
  }

  /// Calls `body` for each event from ``SubbufferSource/Subbuffer/unreadOffset`` on. Time stamps are reconstructed from
  /// `timestamp_begin` over all events, those before `unreadOffset` included.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer``: what ``PacketHeader/init(in:)`` throws; `unknownType` at an event
  ///   of another class; `eventBeyondData` at an event whose header or payload reaches beyond `content_size`, with the
  ///   number of bytes that the event needs, as far as it can be known.
  @inlinable
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    let unreadOffset = subbuffer.unreadOffset
    let header = try PacketHeader(in: bytes)
    let end = header.contentByteCount
    var timestamp = header.timestampBegin
    var offset = PacketHeader.byteCount
    // Every turn throws or moves on by at least a header and a payload header, and not beyond `end`: so no sum here
    // overflows.
    while offset < end {
      guard let event = eventHeader.unsafeRead(in: bytes, at: offset, end: end, after: timestamp) else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(headerNeed(in: bytes, at: offset, end: end)))
      }
      guard event.id == sequenceTypeID else {
        throw MalformedSubbuffer(offset: offset, reason: .unknownType(event.id))
      }
      timestamp = event.timestamp
      let payload = offset &+ event.byteCount
      let room = end &- payload &- Payload.headerByteCount
      guard room >= 0 else {
        let need = event.byteCount + Payload.headerByteCount
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(need)))
      }
      let variable = Payload.unsafeLength(in: bytes, at: payload)
      guard variable <= UInt64(room) else {
        let need = UInt64(event.byteCount + Payload.headerByteCount).addingReportingOverflow(variable)
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(need.overflow ? .max : need.partialValue))
      }
      let length = Payload.headerByteCount &+ Int(variable)
      if offset >= unreadOffset {
        body(
          Event(timestamp: timestamp, typeID: event.id, payloadOffset: payload, payloadCount: length),
          bytes)
      }
      offset = payload &+ length
    }
  }

  /// The sequence number in the payload.
  @inlinable
  public func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64? {
    Payload.sequenceNumber(of: event, in: bytes)
  }

  /// The size of the header that begins at `offset` and is cut off at `end`, for the error: that of the short form where
  /// not all of the id is there.
  @usableFromInline
  @inline(never)
  func headerNeed(in bytes: RawSpan, at offset: Int, end: Int) -> UInt64 {
    let mask = eventHeader.idMask
    let isExtended =
      switch eventHeader {
      case .compact: UInt32(bytes.unsafeLoad8(at: offset)) & mask == mask
      case .large: end - offset >= 2 && UInt32(bytes.unsafeLoad16(at: offset)) == mask
      }
    return UInt64(isExtended ? eventHeader.extendedByteCount : eventHeader.byteCount)
  }
}
