import SubbufferSource

/// Reads the events out of the sub-buffers of the kernel's ring buffer.
///
/// The data of a sub-buffer are events one after the other, each with a header word, little endian, whose low 5 bits
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
/// was discarded, and the ones after it count from it: its `time_delta` is added, but not a 1, which the kernel writes
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

  /// A decoder whose workload is another event, in which a field of 8 bytes is the sequence number. Its payload begins with
  /// that field.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `unknownFormat` where the events do not begin with a
  ///   `common_type` of 2 bytes, or have no such field.
  public init(page: PageFormat, event: EventFormat, sequenceField: String) throws(SourceError) {
    _ = try event.field("common_type", at: 0, size: 2)
    let sequence = try event.field(sequenceField)
    guard sequence.size == 8, sequence.offset >= 2, sequence.offset <= 0xFFFF else {
      throw EventFormat.unknown(event.name, "\(sequenceField) of \(sequence.size) bytes at \(sequence.offset)")
    }
    self.page = page
    sequenceTypeID = UInt32(event.id)
    rawPayloadOffset = sequence.offset
  }

  /// Calls `body` for each event from ``SubbufferSource/Subbuffer/unreadOffset`` on. Times are accumulated over all
  /// events, those before it included.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset of the event: `headerTruncated` where there is no
  ///   room for the sub-buffer's header; `eventBeyondData` where an event ends after the bytes, with the bytes that it
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

    // Every turn returns, throws or moves on by at least a word, and not beyond `end`: so no sum here overflows. The
    // common turn calls nothing, so that what `body` counts stays in registers.
    let lastHeader = end &- Self.wordSize
    while offset <= lastHeader {
      let header = bytes.unsafeLoad32(at: offset)
      let typeLen = header & (1 << EventType.typeLenBits - 1)
      guard _fastPath(typeLen <= EventType.dataMaxTypeLen) else {
        guard let (count, now) = try Self.skip(header, in: bytes, at: offset, after: time) else { return }
        time = now
        offset &+= count
        continue
      }
      time &+= UInt64(header >> EventType.typeLenBits)
      let next: Int
      var data = offset &+ Self.wordSize
      if _fastPath(typeLen != EventType.dataWithLength) {
        next = data &+ Int(typeLen) &* 4
        guard next <= end else { throw Self.beyondData(next &- offset, at: offset) }
      } else {
        next = offset &+ (try Self.size(in: bytes, at: offset))
        data &+= Self.wordSize
        guard next &- data >= 2 else { throw Self.tooShort(next &- data, at: offset) }
      }
      if offset >= unreadOffset {
        body(try event(in: bytes, at: offset, data: data, end: next, time: time), bytes)
      }
      offset = next
    }
    guard offset >= end else { throw Self.beyondData(Self.wordSize, at: offset) }
  }

  /// The number of bytes that are no event, and the time after them; `nil` for the rest of the sub-buffer.
  @usableFromInline
  @inline(never)
  static func skip(
    _ header: UInt32, in bytes: RawSpan, at offset: Int, after time: UInt64
  ) throws(MalformedSubbuffer) -> (Int, time: UInt64)? {
    let typeLen = header & (1 << EventType.typeLenBits - 1)
    let delta = UInt64(header >> EventType.typeLenBits)
    if typeLen == EventType.padding {
      guard delta != 0 else { return nil }
      return (try size(in: bytes, at: offset), delta == 1 ? time : time &+ delta)
    }
    guard bytes.byteCount - offset >= 2 * wordSize else { throw beyondData(2 * wordSize, at: offset) }
    let value = UInt64(bytes.unsafeLoad32(at: offset + wordSize)) << EventType.timeDeltaBits | delta
    return (2 * wordSize, typeLen == EventType.timeExtend ? time &+ value : absolute(value, after: time))
  }

  /// The size of what begins at `offset` and has its length in a word of its own.
  @inlinable
  @inline(__always)
  static func size(in bytes: RawSpan, at offset: Int) throws(MalformedSubbuffer) -> Int {
    let room = bytes.byteCount &- offset
    guard room >= 2 &* wordSize else { throw beyondData(2 * wordSize, at: offset) }
    let length = bytes.unsafeLoad32(at: offset &+ wordSize)
    // As 64 bits, where no u32 overflows, whatever the size of Int.
    let size = UInt64(wordSize) &+ UInt64(length)
    guard length >= 4, size <= UInt64(room), length % 4 == 0 else { throw wrongLength(length, at: offset, room: room) }
    return Int(size)
  }

  /// The requirement of ``size(in:at:)`` on a length that does not hold.
  @usableFromInline
  @inline(never)
  static func wrongLength(_ length: UInt32, at offset: Int, room: Int) -> MalformedSubbuffer {
    let size = UInt64(wordSize) + UInt64(length)
    if length < 4 { return MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(length))) }
    if size > UInt64(room) { return MalformedSubbuffer(offset: offset, reason: .eventBeyondData(size)) }
    return MalformedSubbuffer(offset: offset, reason: .wrongField("length", UInt64(length)))
  }

  /// The event whose data lie from `data` to `end`, which is within the bytes, and are 2 at least.
  @inlinable
  @inline(__always)
  func event(
    in bytes: RawSpan, at offset: Int, data: Int, end: Int, time: UInt64
  ) throws(MalformedSubbuffer) -> Event {
    let count = end &- data
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

extension FtracePageDecoder {
  /// A decoder of the pages of the running kernel, as `events/header_page`, `events/header_event` and
  /// `events/ftrace/raw_data/format` describe them.
  /// - Throws: ``SourceError`` where a file cannot be read, and of kind `unknownFormat` where it describes a format that
  ///   is not known.
  public init(_ tracefs: Tracefs) throws(SourceError) {
    try self.init(page: PageFormat(tracefs), rawData: EventFormat(tracefs.text("events/ftrace/raw_data/format")))
  }

  /// The same for the events of another type.
  /// - Parameters:
  ///   - event: its group and name: `sched/sched_switch`.
  ///   - sequenceField: the field of 8 bytes that is the sequence number.
  /// - Throws: ``SourceError`` as ``init(_:)``.
  public init(_ tracefs: Tracefs, event: String, sequenceField: String) throws(SourceError) {
    try self.init(
      page: PageFormat(tracefs), event: EventFormat(tracefs.text("events/\(event)/format")),
      sequenceField: sequenceField)
  }
}

extension PageFormat {
  /// The layout of the running kernel's pages.
  fileprivate init(_ tracefs: Tracefs) throws(SourceError) {
    try self.init(
      headerPage: tracefs.text("events/header_page"), headerEvent: tracefs.text("events/header_event"))
  }
}
