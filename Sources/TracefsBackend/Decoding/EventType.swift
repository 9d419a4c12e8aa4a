/// The values of `type_len` in the header of a ring-buffer event.
///
/// Source: `enum ring_buffer_type` in `include/linux/ring_buffer.h`; told by tracefs in `events/header_event`, which
/// ``PageFormat`` compares with these.
public enum EventType {
  /// Data whose length is in the next word.
  public static let dataWithLength: UInt32 = 0
  /// The largest number of words of data whose length is `type_len` itself.
  public static let dataMaxTypeLen: UInt32 = 28
  /// Padding: a discarded event, or the rest of the sub-buffer.
  public static let padding: UInt32 = 29
  /// A time difference that does not fit in `time_delta`.
  public static let timeExtend: UInt32 = 30
  /// An absolute time.
  public static let timeStamp: UInt32 = 31

  /// The number of bits of `type_len`, the low ones of the header.
  static let typeLenBits: UInt32 = 5
  /// The number of bits of `time_delta`, the high ones of the header.
  static let timeDeltaBits: UInt64 = 27
}
