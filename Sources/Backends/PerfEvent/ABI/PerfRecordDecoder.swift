import SubbufferSource

/// The types of records that are told apart (`enum perf_event_type` of include/uapi/linux/perf_event.h).
enum PerfRecordType {
  static let lost: UInt32 = 2
  static let sample: UInt32 = 9
}

/// The header of a record.
enum PerfRecordHeader {
  static let byteCount = 8
  static let sizeOffset = 6
}

/// The places of the records that a hand-over of a backward ring buffer consists of, newest first as they lie in memory.
///
/// The source writes it at each acquire, so that the decoder visits the oldest record first, and copies nothing but a record
/// that lies at the end and the start of the data.
final class PerfRecordIndex: @unchecked Sendable {
  /// The offsets of the records in the data.
  let offsets: UnsafeMutablePointer<UInt32>
  /// A record in one piece.
  let scratch: UnsafeMutableRawPointer
  private let data: UnsafeRawPointer
  private let dataSize: Int
  /// The records of the hand-over.
  var range = 0..<0

  /// The most bytes that a record can have: `size` is a u16.
  static let longestRecord = 1 << 16

  /// An index of the records in the data of a ring buffer, which outlives it.
  init(unsafe data: UnsafeRawPointer, dataSize: Int) {
    (self.data, self.dataSize) = (data, dataSize)
    offsets = .allocate(capacity: dataSize / PerfRecordHeader.byteCount)
    scratch = .allocate(byteCount: PerfRecordIndex.longestRecord, alignment: 8)
  }

  deinit {
    offsets.deallocate()
    scratch.deallocate()
  }

  /// Copies a record that begins at an offset in the data into ``scratch``.
  func join(_ offset: Int, _ size: Int) -> UnsafeRawPointer {
    let first = min(size, dataSize - offset)
    scratch.copyMemory(from: data + offset, byteCount: first)
    (scratch + first).copyMemory(from: data, byteCount: size - first)
    return UnsafeRawPointer(scratch)
  }
}

/// Reads the samples out of perf's records.
///
/// A sample with `PERF_SAMPLE_TIME` and `PERF_SAMPLE_RAW`:
///
///      0        8          16         20
///      +--------+----------+----------+---- ~ ---+---------+
///      | header | time u64 | size u32 | raw      | padding |
///      +--------+----------+----------+---- ~ ---+---------+
///
/// `raw` is the trace event, beginning with the u16 `common_type`; `size` contains the padding.
public struct PerfRecordDecoder: SubbufferDecoder {
  /// The `common_type` of the workload's events.
  public let sequenceTypeID: UInt32
  /// The offset of the sequence number in the event's bytes.
  let sequenceOffset: Int
  /// The records of a backward ring buffer; `nil` if those of a hand-over lie one after the other, the oldest first.
  let index: PerfRecordIndex?

  /// The bytes of a sample before the trace event.
  public static let sampleHeaderSize = 20

  /// A decoder for records that lie one after the other, the oldest first.
  public init(sequenceTypeID: UInt32, sequenceOffset: Int) {
    self.init(sequenceTypeID: sequenceTypeID, sequenceOffset: sequenceOffset, index: nil)
  }

  init(sequenceTypeID: UInt32, sequenceOffset: Int, index: PerfRecordIndex?) {
    self.sequenceTypeID = sequenceTypeID
    self.sequenceOffset = sequenceOffset
    self.index = index
  }

  /// Calls `body` for each sample, the oldest first. Records of other types are passed over.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer``: `headerTruncated`, `eventTooShort`, `eventBeyondData`.
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    if let index { return try visitBackward(bytes, index, body) }
    let unreadOffset = subbuffer.unreadOffset
    var offset = 0
    while offset < bytes.byteCount {
      offset += try visit(at: offset, in: bytes, isUnread: offset >= unreadOffset, body)
    }
  }

  /// Calls `body` for the sample at an offset.
  /// - Returns: the size of the record.
  @inline(__always)
  private func visit(
    at offset: Int, in bytes: RawSpan, isUnread: Bool = true, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) -> Int {
    let room = bytes.byteCount - offset
    guard room >= PerfRecordHeader.byteCount else { throw MalformedSubbuffer(offset: offset, reason: .headerTruncated) }
    let size = Int(bytes.unsafeLoad16(at: offset + PerfRecordHeader.sizeOffset))
    guard size >= PerfRecordHeader.byteCount else {
      throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(size)))
    }
    guard size <= room else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(size))) }
    guard bytes.unsafeLoad32(at: offset) == PerfRecordType.sample else { return size }
    guard size >= PerfRecordDecoder.sampleHeaderSize + 8 else {
      throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(UInt64(size)))
    }
    let raw = Int(bytes.unsafeLoad32(at: offset + 16))
    guard raw >= 8, raw <= size - PerfRecordDecoder.sampleHeaderSize else {
      throw MalformedSubbuffer(offset: offset + 16, reason: .eventBeyondData(UInt64(raw)))
    }
    let event = offset + PerfRecordDecoder.sampleHeaderSize
    let type = UInt32(bytes.unsafeLoad16(at: event))
    let skipped = type == sequenceTypeID ? min(sequenceOffset, raw) : 8
    guard isUnread else { return size }
    body(
      Event(
        timestamp: bytes.unsafeLoad64(at: offset + 8), typeID: type, payloadOffset: event + skipped,
        payloadCount: raw - skipped),
      bytes)
    return size
  }

  private func visitBackward(
    _ bytes: RawSpan, _ index: PerfRecordIndex, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    for record in index.range.reversed() {
      let offset = Int(index.offsets[record])
      let size = Int(bytes.unsafeLoad16(at: offset + PerfRecordHeader.sizeOffset))
      if offset + size <= bytes.byteCount {
        _ = try visit(at: offset, in: bytes, body)
      } else {
        let whole = index.join(offset, size)
        _ = try visit(at: 0, in: RawSpan(_unsafeStart: whole, byteCount: size), body)
      }
    }
  }
}
