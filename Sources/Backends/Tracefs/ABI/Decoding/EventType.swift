/// The values of `type_len` in the header of a ring-buffer event.
///
/// Source: `enum ring_buffer_type` in `include/linux/ring_buffer.h`; told by tracefs in `events/header_event`, which
/// ``PageFormat`` compares with these.
public enum EventType {
  /// Data whose length is in the next word.
  @inlinable public static var dataWithLength: UInt32 { 0 }
  /// The largest number of words of data whose length is `type_len` itself.
  @inlinable public static var dataMaxTypeLen: UInt32 { 28 }
  /// Padding: a discarded event, or the rest of the sub-buffer.
  @inlinable public static var padding: UInt32 { 29 }
  /// A time difference that does not fit in `time_delta`.
  @inlinable public static var timeExtend: UInt32 { 30 }
  /// An absolute time.
  @inlinable public static var timeStamp: UInt32 { 31 }

  /// The number of bits of `type_len`, the low ones of the header.
  @inlinable static var typeLenBits: UInt32 { 5 }
  /// The number of bits of `time_delta`, the high ones of the header.
  @inlinable static var timeDeltaBits: UInt64 { 27 }
}
