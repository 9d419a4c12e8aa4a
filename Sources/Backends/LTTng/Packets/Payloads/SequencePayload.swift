import SubbufferSource

/// The payload of the tracepoint `abi_compare:seq` of LTTng-UST, packed, little endian:
///
///     offset  size    field
///          0  8       sequence number
///          8  4       length, in bytes
///         12  length  bytes
public enum SequencePayload: EventPayload {
  /// 12.
  @inlinable public static var headerByteCount: Int { 12 }

  /// The word after the sequence number.
  @inlinable
  @inline(__always)
  public static func unsafeLength(in bytes: RawSpan, at offset: Int) -> UInt64 {
    UInt64(bytes.unsafeLoad32(at: offset &+ 8))
  }

  /// The first eight bytes of the payload.
  @inlinable
  @inline(__always)
  public static func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64? { event.sequenceNumber(in: bytes) }
}
