import SubbufferSource

/// The payload after the header of one of the workload's events: some bytes that contain its own length, and as many
/// more.
///
/// A CTF event does not carry its length, so who reads packets has to know it of each class of events. A type and not a
/// value, so that the loop over a packet's events is compiled for the one that the channel has.
public protocol EventPayload: Sendable {
  /// The number of bytes before the variable part.
  static var headerByteCount: Int { get }

  /// The length of the variable part in bytes.
  /// - Parameter offset: where the payload begins; ``headerByteCount`` bytes from there on lie within `bytes`.
  static func unsafeLength(in bytes: RawSpan, at offset: Int) -> UInt64

  /// The event's sequence number; `nil` where the payload has none.
  /// - Parameters:
  ///   - event: an event of the workload's class.
  ///   - bytes: those of the packet.
  static func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64?
}

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

/// The payload of lttng-modules' tracepoint `lttng_logger`, which has the text of one `write` to `/proc/lttng-logger`;
/// packed, little endian. The text begins with the sequence number, since a NUL would end it:
///
///     offset  size    field
///          0  8       length of the text, in bytes
///          8  16      sequence number: hexadecimal digits 0 to 9 and a to f, the highest first
///         24          further bytes
///
/// Anybody may write to the file (mode 0666): a text that does not begin so has no sequence number.
///
/// Source: lttng-modules 2.13.18, `ctf_user_sequence_text(char, msg, text, size_t, len)` in
/// `include/instrumentation/events/lttng.h`, and `src/probes/lttng.c`, which cuts a text off after 1024 bytes.
public enum LoggerPayload: EventPayload {
  /// 8: that of the length.
  @inlinable public static var headerByteCount: Int { 8 }

  /// The digits of the sequence number, in bytes.
  public static let digitCount = 16

  /// The longest text that is written, in bytes (`LTTNG_LOGGER_COUNT_MAX`).
  public static let longestText = 1_024

  /// The first eight bytes.
  @inlinable
  @inline(__always)
  public static func unsafeLength(in bytes: RawSpan, at offset: Int) -> UInt64 {
    bytes.unsafeLoad64(at: offset)
  }

  /// The number that the first 16 bytes of the text spell.
  @inlinable
  public static func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64? {
    let ends = bytes.byteCount < 24 ? 0 : UInt(bitPattern: bytes.byteCount &- 23)
    guard event.payloadCount >= 24, UInt(bitPattern: event.payloadOffset) < ends,
      let high = value(ofDigits: bytes.unsafeLoad64(at: event.payloadOffset &+ 8)),
      let low = value(ofDigits: bytes.unsafeLoad64(at: event.payloadOffset &+ 16))
    else { return nil }
    return high &<< 32 | low
  }

  /// The value of eight decimal digits, the first in the lowest byte; `nil` if one is not a digit. Looks at all eight
  /// at once.
  @inlinable
  static func value(ofDigits digits: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // A letter has bit 6, and 1 to 6 in its low four.
    let values = (digits & (0x0F &* ones)) &+ 9 &* ((digits &>> 6) & ones)
    let letters = ((values &+ 6 &* ones) &>> 4) & ones
    // The text that these values have is the text that is there, or it was none.
    guard values & (0xF0 &* ones) == 0, values &+ 0x30 &* ones &+ 39 &* letters == digits else { return nil }
    var packed = values.byteSwapped
    packed = (packed | packed &>> 4) & 0x00FF_00FF_00FF_00FF
    packed = (packed | packed &>> 8) & 0x0000_FFFF_0000_FFFF
    return (packed | packed &>> 16) & 0xFFFF_FFFF
  }
}
