/// The bytes of a sub-buffer of the model. The header is that of the kernel (`struct buffer_data_page`), the events are
/// the model's own, whole words of 64 bits, in the byte order of the machine:
///
///      0 u64 time stamp     nanoseconds of CLOCK_MONOTONIC at its first event
/// 8 u64 commit         bytes of committed events; bit 31: events were missed before, bit 30: their number is stored
///     16 events             after the data, as a u64
///
///     event:    0 u32 size in bytes, this word included, a multiple of 8
///               4 u32 type
///               8 u64 sequence number
///              16 payload, rounded up to 8 bytes
///     padding:  0 u32 size in bytes
///               4 u32 type
enum KernelSubbufferFormat {
  /// The size of the header in bytes (`BUF_PAGE_HDR_SIZE`).
  static let headerSize = 16
  /// The offset of `commit` in words.
  static let commitWord = 1
  /// The bytes of an event before its payload.
  static let eventHeaderSize = 16

  /// The type of an event.
  static let eventType: UInt32 = 1
  /// The type of the rest of a sub-buffer in which there was no room for the next event.
  static let paddingType: UInt32 = 2
  /// The type of an event that is not the workload's: written by an interrupted writer, or by one that interrupts it.
  static let otherType: UInt32 = 3

  /// Bit 30 of `commit`: the number of missed events is stored after the data (`RB_MISSED_STORED`).
  static let missedStored: UInt64 = 1 << 30
  /// Bit 31 of `commit`: events were missed before this sub-buffer (`RB_MISSED_EVENTS`). The kernel adds the `int`
  /// `1 << 31` to a `long`, so bits 32 to 63 become ones as well.
  static let missedEvents = UInt64(bitPattern: Int64(Int32.min))
  /// The bits of `commit` that are the number of bytes.
  static let lengthMask: UInt64 = (1 << 30) - 1

  /// The first word of an event or of padding.
  @inline(__always)
  static func word(size: Int, type: UInt32) -> UInt64 {
    UInt64(truncatingIfNeeded: size) | UInt64(type) << 32
  }

  /// The size of an event in bytes.
  static func eventSize(payload: UInt32) -> Int { eventHeaderSize + (Int(payload) + 7) / 8 * 8 }

  /// A word of the payload: follows from the sequence number, so that a reader can tell a torn event.
  @inline(__always)
  static func payloadWord(_ index: Int, of sequence: UInt64) -> UInt64 {
    (sequence &+ UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
  }
}
