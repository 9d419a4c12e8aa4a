import SubbufferSource

/// Reads the events out of the sub-buffers of the kernel's ring buffer.
///
/// The data of a sub-buffer are events one behind the other, each with a header word, little endian, whose low 5 bits
/// are `type_len` and whose high 27 bits are `time_delta`:
///
///     type_len
///      1...28   | header | type_len words of data        |
///           0   | header | length | length - 4 bytes of data |
///          29   | header | length | length - 4 bytes to skip |     time_delta 0: header only, nothing follows
///          30   | header | time   |                           time extend: += time << 27 | time_delta
///          31   | header | time   |                           time stamp:   = time << 27 | time_delta
///
/// `length` counts itself. The kernel rounds the data up to a multiple of 4 bytes in *both* forms (data of 5 to 8 bytes
/// to 12), and does not say by how much: the payload of a `raw_data` event may end in up to 3 bytes that the writer did
/// not write, or 7 where the kernel aligns events to 8 bytes.
///
/// The time of an event is that of the one before, the sub-buffer's own for the first, plus its `time_delta`. The
/// absolute time stamp lacks the 5 high bits of the clock; they are those of the time before. Padding is an event that
/// was discarded, and the ones behind it count from it: its `time_delta` is added, but not a 1, which the kernel writes
/// where there was none.
///
/// The data of each event begin with the `common_…` fields; `common_type` is the event's type. For `raw_data` events,
/// those of `trace_marker_raw`, the payload is what follows the u32 `id`: the offset of `buf`. For others it is all of
/// the data, the `common_…` fields included.
///
/// Only the bytes of the ``SubbufferSource/Subbuffer`` are looked at, and not the commit word: it may grow while they
/// are read, and it was the source's bound when it handed them over.
///
/// Source: `enum ring_buffer_type` in `include/linux/ring_buffer.h`; `rb_calculate_event_length`, `rb_update_event`,
/// `rb_event_discard`, `rb_fix_abs_ts` and `rb_read_data_buffer` in `kernel/trace/ring_buffer.c`.
public struct FtracePageDecoder: SubbufferDecoder {
  /// The size of the header of an event, and of each of the words that may follow it.
  @inlinable static var wordSize: Int { 4 }
  /// The bits of the clock that an absolute time stamp does not have (`TS_MSB`).
  private static let highTimeBits: UInt64 = 0xF8 << 56

  /// The `common_type` of `raw_data` events.
  public let sequenceTypeID: UInt32
  /// The layout of the sub-buffers.
  public let page: PageFormat
  @usableFromInline let rawPayloadOffset: Int

  /// A decoder for sub-buffers of a layout.
  /// - Parameters:
  ///   - page: the layout, from `events/header_page` and `events/header_event`.
  ///   - rawData: the layout of the workload's events, from `events/ftrace/raw_data/format`.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `unknownFormat` where the events do not begin with a
  ///   `common_type` of 2 bytes, or where `buf` does not directly follow an `id` of 4 bytes.
  public init(page: PageFormat, rawData: EventFormat) throws(SourceError) {
    _ = try rawData.field("common_type", at: 0, size: 2)
    let id = try rawData.field("id")
    let bytes = try rawData.field("buf")
    _ = try rawData.field("id", at: id.offset, size: 4)
    // So the offset stays far from the ends of Int.
    guard id.offset >= 2, id.offset <= 0xFFFF, bytes.offset == id.offset + 4 else {
      throw EventFormat.unknown(rawData.name, "buf at \(bytes.offset), id at \(id.offset)")
    }
    self.page = page
    sequenceTypeID = UInt32(rawData.id)
    rawPayloadOffset = bytes.offset
  }

  /// Calls `body` for each event from ``SubbufferSource/Subbuffer/unreadOffset`` on. Times are accumulated over all
  /// events, those before it included.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset of the event: `headerTruncated` where there is no
  ///   room for the sub-buffer's header; `eventBeyondData` where an event ends behind the bytes, with the bytes that it
  ///   needs; `eventTooShort` where a length does not count itself, or the data have no room for their type or for the
  ///   `id` of a `raw_data` event; `wrongField` for a `length` that is not a multiple of 4.
  @inlinable
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    let unreadOffset = subbuffer.unreadOffset
    let end = bytes.byteCount
    var offset = page.dataOffset
    guard end >= offset else { throw MalformedSubbuffer(offset: 0, reason: .headerTruncated) }
    var time = bytes.unsafeLoad64(at: page.timestampOffset)

    // Every turn returns, throws or moves on by at least a word, and no more than `room`: so no sum here overflows.
    while offset < end {
      let room = end &- offset
      guard room >= Self.wordSize else { throw Self.beyondData(Self.wordSize, at: offset) }
      let header = bytes.unsafeLoad32(at: offset)
      let typeLen = header & (1 << EventType.typeLenBits - 1)
      let size: Int
      var data = offset &+ Self.wordSize
      if typeLen != EventType.dataWithLength, typeLen <= EventType.dataMaxTypeLen {
        size = Self.wordSize &+ Int(typeLen) &* 4
        guard room >= size else { throw Self.beyondData(size, at: offset) }
        time &+= UInt64(header >> EventType.typeLenBits)
      } else {
        switch try Self.long(header, in: bytes, at: offset, room: room, after: time) {
        case .rest: return
        case .skipped(let count, let now):
          time = now
          offset &+= count
          continue
        case .data(let count, let now):
          time = now
          size = count
          data &+= Self.wordSize
        }
      }
      if offset >= unreadOffset {
        body(try event(in: bytes, at: offset, data: data, end: offset &+ size, time: time), bytes)
      }
      offset &+= size
    }
  }

  /// What begins with a header that is not followed by the data.
  @usableFromInline
  enum Long {
    /// The rest of the sub-buffer.
    case rest
    /// So many bytes that are no event, and the time behind them.
    case skipped(Int, time: UInt64)
    /// An event of so many bytes, with a word between its header and its data, and its time.
    case data(Int, time: UInt64)
  }

  /// What begins at `offset`, with a `type_len` that is no length.
  @usableFromInline
  @inline(never)
  static func long(
    _ header: UInt32, in bytes: RawSpan, at offset: Int, room: Int, after time: UInt64
  ) throws(MalformedSubbuffer) -> Long {
    let typeLen = header & (1 << EventType.typeLenBits - 1)
    let delta = UInt64(header >> EventType.typeLenBits)
    if typeLen == EventType.padding, delta == 0 { return .rest }
    guard room >= 2 * wordSize else { throw beyondData(2 * wordSize, at: offset) }
    let word = bytes.unsafeLoad32(at: offset + wordSize)
    if typeLen >= EventType.timeExtend {
      let value = UInt64(word) << EventType.timeDeltaBits | delta
      let now = typeLen == EventType.timeExtend ? time &+ value : absolute(value, after: time)
      return .skipped(2 * wordSize, time: now)
    }
    let size = try size(length: word, at: offset, room: room)
    guard typeLen == EventType.padding else { return .data(size, time: time &+ delta) }
    return .skipped(size, time: delta == 1 ? time : time &+ delta)
  }

  /// The size of an event whose length is in a word of its own.
  private static func size(length: UInt32, at offset: Int, room: Int) throws(MalformedSubbuffer) -> Int {
    // As 64 bits, where no u32 overflows, whatever the size of Int.
    let size = UInt64(wordSize) + UInt64(length)
    guard length >= 4 else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(length))) }
    guard size <= UInt64(room) else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(size)) }
    guard length % 4 == 0 else {
      throw MalformedSubbuffer(offset: offset, reason: .wrongField("length", UInt64(length)))
    }
    return Int(size)
  }

  /// The event whose data lie from `data` to `end`, which is within the bytes.
  @inlinable
  @inline(__always)
  func event(
    in bytes: RawSpan, at offset: Int, data: Int, end: Int, time: UInt64
  ) throws(MalformedSubbuffer) -> Event {
    let count = end &- data
    guard count >= 2 else { throw Self.tooShort(count, at: offset) }
    let type = UInt32(bytes.unsafeLoad16(at: data))
    guard type == sequenceTypeID else {
      return Event(timestamp: time, typeID: type, payloadOffset: data, payloadCount: count)
    }
    guard count >= rawPayloadOffset else { throw Self.tooShort(count, at: offset) }
    return Event(
      timestamp: time, typeID: type, payloadOffset: data &+ rawPayloadOffset, payloadCount: count &- rawPayloadOffset)
  }

  @usableFromInline
  @inline(never)
  static func beyondData(_ size: Int, at offset: Int) -> MalformedSubbuffer {
    MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(size)))
  }

  @usableFromInline
  @inline(never)
  static func tooShort(_ count: Int, at offset: Int) -> MalformedSubbuffer {
    MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(count)))
  }

  /// A time stamp of 59 bits with the high bits of the time before; where that would go back, the high bits have moved
  /// on.
  private static func absolute(_ value: UInt64, after time: UInt64) -> UInt64 {
    guard time & highTimeBits != 0 else { return value }
    let full = value | time & highTimeBits
    return full < time ? full &+ (1 << 59) : full
  }
}
