import SubbufferSource

/// The two forms in which LTTng 2.x writes the header of an event; a channel has one of them for all its events.
///
/// Packed, little endian; the low bits of the first word or byte are the id:
///
///     compact            0       4                     large            0      2          6
///                        +-------+                                      +------+----------+
///                        | id  5 |                                      | id16 | time  32 |
///                        | time 27                                      +------+----------+
///                        +-------+
///     compact, extended  0    1        5            13  large, extended 0       2        6            14
///                        +----+--------+------------+                   +-------+--------+------------+
///                        | 31 | id  32 |  time  64  |                   | 65535 | id  32 |  time  64  |
///                        +----+--------+------------+                   +-------+--------+------------+
///
/// The extended form is written where the id does not fit, or where so much time passed since the event before that the
/// short time stamp would be ambiguous. In the first byte of the compact extended form only the low 5 bits are the id.
///
/// Source: `lttng_write_event_header` and `lttng_write_event_header_slow` in `src/common/ringbuffer-clients/template.h`
/// of LTTng-UST 2.13.5 (`header_type` 1 and 2).
public enum EventHeader: Sendable, Hashable, CaseIterable {
  /// `header_type` 1: ids 0 to 30 in 4 bytes, others in 13.
  case compact
  /// `header_type` 2: ids 0 to 65534 in 6 bytes, others in 14.
  case large

  /// The number of bytes of the short form.
  @inlinable
  public var byteCount: Int {
    switch self {
    case .compact: 4
    case .large: 6
    }
  }

  /// The number of bytes of the extended form: after the first byte or word the id in 4 and the time in 8.
  @inlinable
  public var extendedByteCount: Int {
    switch self {
    case .compact: 13
    case .large: 14
    }
  }

  /// The bits of the id in the short form; all of them set say that the extended form follows.
  @inlinable
  var idMask: UInt32 {
    switch self {
    case .compact: 0x1F
    case .large: 0xFFFF
    }
  }

  /// The number of bits that the short form has of the time; they are the high ones of its last 4 bytes.
  @inlinable
  var timeBits: UInt64 {
    switch self {
    case .compact: 27
    case .large: 32
    }
  }

  /// The fields of a header.
  public struct Reading: Sendable, Equatable {
    /// The id of the event's class.
    public var id: UInt32
    /// The time of the event, in nanoseconds of the trace clock.
    public var timestamp: UInt64
    /// The number of bytes of the header.
    public var byteCount: Int

    /// Describes a header.
    @inlinable
    public init(id: UInt32, timestamp: UInt64, byteCount: Int) {
      self.id = id
      self.timestamp = timestamp
      self.byteCount = byteCount
    }
  }

  /// Reads the header at `offset`.
  /// - Parameters:
  ///   - bytes: the packet.
  ///   - offset: where the header begins.
  ///   - end: the end of the content; nothing from there on is read.
  ///   - last: the time stamp of the event before, or `timestamp_begin` of the packet for the first event.
  /// - Returns: the header, or `nil` where it does not lie between `offset` and `end`.
  public func read(in bytes: RawSpan, at offset: Int, end: Int, after last: UInt64) -> Reading? {
    guard offset >= 0, offset <= end, end <= bytes.byteCount else { return nil }
    return unsafeRead(in: bytes, at: offset, end: end, after: last)
  }

  /// The same, where the caller has checked that `offset` and `end` lie within the bytes, one after the other.
  @inlinable
  @inline(__always)
  func unsafeRead(in bytes: RawSpan, at offset: Int, end: Int, after last: UInt64) -> Reading? {
    // The forms differ in a number and not in a branch: the number is the same for all events of a channel.
    guard end &- offset >= byteCount else { return nil }
    let id = bytes.unsafeLoad32(at: offset) & idMask
    guard _slowPath(id == idMask) else {
      let word = UInt64(bytes.unsafeLoad32(at: offset &+ byteCount &- 4))
      let timestamp = Self.reconstruct(word &>> (32 &- timeBits), bits: timeBits, after: last)
      return Reading(id: id, timestamp: timestamp, byteCount: byteCount)
    }
    guard end &- offset >= extendedByteCount else { return nil }
    let long = offset &+ extendedByteCount
    return Reading(
      id: bytes.unsafeLoad32(at: long &- 12), timestamp: bytes.unsafeLoad64(at: long &- 8),
      byteCount: extendedByteCount)
  }

  /// The full time stamp of which only the low bits were written.
  ///
  /// The clock never goes back, so it is the first time at or after `last` with these low bits (CTF 1.8 specification,
  /// section 8: a smaller value than before means that exactly one overflow occurred).
  /// - Parameters:
  ///   - low: the bits that were written.
  ///   - bits: how many they are, less than 64.
  ///   - last: the time stamp before.
  @inlinable
  public static func reconstruct(_ low: UInt64, bits: UInt64, after last: UInt64) -> UInt64 {
    let mask: UInt64 = (1 &<< bits) &- 1
    let sameEpoch = last & ~mask | low
    return low < last & mask ? sameEpoch &+ mask &+ 1 : sameEpoch
  }
}
