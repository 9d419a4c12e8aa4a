import SubbufferSource

/// The header of a sub-buffer of the kernel's ring buffer: when it was begun, how much of it is committed, and what it
/// tells about events missed before it. ``PageFormat`` has the offsets.
///
/// The low 32 bits of the commit word:
///
///      31      30     29                                0
///     +------+------+----------------------------------+
///     |missed|stored| bytes of data that are committed |
///     +------+------+----------------------------------+
///
/// and where `stored` is set, the number of missed events lies directly after the data, a C `unsigned long`:
///
///     0        dataOffset            dataOffset + dataLength
///     +--------+---- ~ ----------------+--------------+- - - - -+
///     | header |  committed events     | missed count | unused  |
///     +--------+---- ~ ----------------+--------------+- - - - -+
///
/// Only the low 32 bits of the word mean anything. The kernel sets a flag by adding the `int` `1 << 31` to a `long`: on
/// a 64-bit kernel bits 32 to 63 are then all ones (seen with Linux 6.18: `0xffffffffc0000fe4`).
///
/// Whatever the 30 bits of the length hold is taken as the length, so that a flag of a later kernel in them shows up as
/// a length that is too large rather than being dropped.
///
/// Source: `RB_MISSED_EVENTS`, `RB_MISSED_STORED`, `RB_MISSED_MASK`, `struct buffer_data_page` and
/// `ring_buffer_map_get_reader` in `kernel/trace/ring_buffer.c`. User space readers use fewer bits for the length (27,
/// `COMMIT_MASK` in libtraceevent's `src/kbuffer-parse.c`).
public struct PageHeader: Sendable, Hashable {
  /// Bit 31: events were missed before this sub-buffer.
  public static let missedEvents: UInt32 = 1 << 31
  /// Bit 30: their number is stored after the data.
  public static let missedStored: UInt32 = 1 << 30

  /// The time from which the events' differences count, in nanoseconds of the trace clock.
  public var timestamp: UInt64
  /// The low 32 bits of the commit word.
  public var commit: UInt32
  private let format: PageFormat

  /// Reads the header at the start of `bytes`.
  ///
  /// The writer may be writing the commit word at the same time: read it with
  /// ``init(timestamp:commit:format:)`` where it has to be loaded atomically.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` where there is no room for it.
  public init(in bytes: RawSpan, format: PageFormat) throws(MalformedSubbuffer) {
    guard bytes.byteCount >= format.dataOffset else { throw MalformedSubbuffer(offset: 0, reason: .headerTruncated) }
    self.init(
      timestamp: bytes.unsafeLoad64(at: format.timestampOffset), commit: bytes.unsafeLoad32(at: format.commitOffset),
      format: format)
  }

  /// A header whose words were read already.
  /// - Parameters:
  ///   - timestamp: the time stamp.
  ///   - commit: the low 32 bits of the commit word.
  ///   - format: the layout of the sub-buffer.
  public init(timestamp: UInt64, commit: UInt32, format: PageFormat) {
    self.timestamp = timestamp
    self.commit = commit
    self.format = format
  }

  /// The number of bytes of committed events.
  public var dataLength: Int { Int(commit & ~(Self.missedEvents | Self.missedStored)) }

  /// The number of bytes of header and committed events: the offset at which the missed count is stored.
  public var endOfData: Int { format.dataOffset + dataLength }

  /// `true` if the sub-buffer says that events were missed before it.
  public var hasMissedEvents: Bool { commit & Self.missedEvents != 0 }

  /// The number of missed events, where it is stored.
  /// - Parameter page: the whole sub-buffer: the number lies after the data, beyond what a
  ///   ``SubbufferSource/Subbuffer`` covers.
  /// - Returns: `nil` where no number is stored, or where it would lie beyond `page`.
  public func missedCount(in page: RawSpan) -> UInt64? {
    // The kernel sets the second flag only together with the first.
    guard hasMissedEvents, commit & Self.missedStored != 0 else { return nil }
    guard endOfData <= page.byteCount, page.byteCount - endOfData >= format.commitSize else { return nil }
    return format.commitSize == 8 ? page.unsafeLoad64(at: endOfData) : UInt64(page.unsafeLoad32(at: endOfData))
  }

  /// The loss that the header reports: none, a number, or no number.
  /// - Parameter page: the whole sub-buffer.
  public func loss(in page: RawSpan) -> Loss {
    guard hasMissedEvents else { return .none }
    guard let count = missedCount(in: page) else { return .some }
    return .events(count)
  }
}
