import SubbufferSource

/// The packet header and packet context with which every LTTng 2.x sub-buffer begins: 84 bytes, packed, little endian.
///
///     offset  size  field
///          0     4  magic                C1 FC 1F C1
///          4    16  uuid
///         20     4  stream_id
///         24     8  stream_instance_id   the CPU
///         32     8  timestamp_begin      ns of the trace clock
///         40     8  timestamp_end        ns of the trace clock
///         48     8  content_size         bits, this header included
///         56     8  packet_size          bits, padding included
///         64     8  packet_seq_num
///         72     8  events_discarded     since the stream began; may wrap
///         80     4  cpu_id
///         84        the first event
///
/// Source: `struct packet_header` in `src/common/ringbuffer-clients/template.h` of LTTng-UST 2.13.5. `events_discarded`
/// is an `unsigned long` there; this is the layout of a 64-bit tracer on an architecture where LTTng packs its structs
/// (`include/lttng/ust-ringbuffer-context.h`).
///
/// ## What is accepted
/// Only a closed packet. While the writer fills a packet, `content_size` and `packet_size` are all ones,
/// `timestamp_end` and `events_discarded` are 0 (`client_buffer_begin`, same file); how far its events reach cannot be
/// known from it, so sizes of all ones, and sizes of 0, are refused. `timestamp_end`, `events_discarded` and the
/// identifiers may have any value.
///
/// `packet_size` may be larger than the bytes at hand: it is the content rounded up to whole pages (`client_buffer_end`),
/// and a ``SubbufferSource/Subbuffer`` need not reach further than the last event.
public struct PacketHeader: Sendable, Equatable {
  /// The number of bytes of the header: the offset of the first event.
  @inlinable public static var byteCount: Int { 84 }
  /// The value of `magic`, `CTF_MAGIC_NUMBER`.
  @inlinable public static var magic: UInt32 { 0xC1FC_1FC1 }

  /// The trace's UUID.
  public let uuid: TraceUUID
  /// The number of the channel: the stream class of the CTF metadata.
  public let streamID: UInt32
  /// The number of the stream within its channel: the CPU.
  public let streamInstanceID: UInt64
  /// The time at which the packet was begun, in nanoseconds of the trace clock; the base of the events' time stamps.
  public let timestampBegin: UInt64
  /// The time at which the packet was closed, in nanoseconds of the trace clock.
  public let timestampEnd: UInt64
  /// The size of header and events, in bits.
  public let contentSize: UInt64
  /// The size of header, events and padding, in bits.
  public let packetSize: UInt64
  /// The number of the packet in its stream, from 0; a gap reports lost packets.
  public let packetSequenceNumber: UInt64
  /// The number of events that the stream has discarded since it began; it may wrap. Before LTTng-UST 2.14 it may also
  /// be 0 or an older count: that of the event whose commit completed the packet, and not of what ended it.
  public let eventsDiscarded: UInt64
  /// The CPU whose events these are.
  public let cpuID: UInt32

  /// The number of bytes of header and events.
  @inlinable
  public var contentByteCount: Int { Int(contentSize / 8) }

  /// Reads the header at the start of `bytes` and checks it.
  ///
  /// Checked: `magic`; `content_size` whole bytes, not less than the header and not beyond `bytes`; `packet_size` whole
  /// bytes and not less than `content_size`.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset of the field that is wrong.
  @inlinable
  @inline(__always)
  public init(in bytes: RawSpan) throws(MalformedSubbuffer) {
    guard bytes.byteCount >= Self.byteCount else { throw MalformedSubbuffer(offset: 0, reason: .headerTruncated) }
    let magic = bytes.unsafeLoad32(at: 0)
    guard magic == Self.magic else {
      throw MalformedSubbuffer(offset: 0, reason: .wrongField("magic", UInt64(magic)))
    }
    uuid = TraceUUID(high: bytes.unsafeLoad64(at: 4).byteSwapped, low: bytes.unsafeLoad64(at: 12).byteSwapped)
    streamID = bytes.unsafeLoad32(at: 20)
    streamInstanceID = bytes.unsafeLoad64(at: 24)
    timestampBegin = bytes.unsafeLoad64(at: 32)
    timestampEnd = bytes.unsafeLoad64(at: 40)
    contentSize = bytes.unsafeLoad64(at: 48)
    packetSize = bytes.unsafeLoad64(at: 56)
    packetSequenceNumber = bytes.unsafeLoad64(at: 64)
    eventsDiscarded = bytes.unsafeLoad64(at: 72)
    cpuID = bytes.unsafeLoad32(at: 80)
    guard contentSize % 8 == 0, contentSize / 8 >= UInt64(Self.byteCount) else {
      throw MalformedSubbuffer(offset: 48, reason: .wrongField("content_size", contentSize))
    }
    guard contentSize / 8 <= UInt64(bytes.byteCount) else {
      throw MalformedSubbuffer(offset: 48, reason: .lengthBeyondSubbuffer(contentSize / 8))
    }
    guard packetSize % 8 == 0, packetSize >= contentSize else {
      throw MalformedSubbuffer(offset: 56, reason: .wrongField("packet_size", packetSize))
    }
  }
}

extension PacketHeader {
  /// A field of the header, or a part of one whose address is a multiple of its size.
  public struct Field: Sendable, Equatable {
    /// Its name in `struct packet_header` of LTTng-UST.
    public let name: String
    /// Its offset, in bytes.
    public let offset: Int
    /// Its size in bytes.
    public let size: Int
  }

  /// The fields, in order; `uuid` in three parts.
  public static let fields = [
    Field(name: "magic", offset: 0, size: 4),
    Field(name: "uuid[0..<4]", offset: 4, size: 4),
    Field(name: "uuid[4..<12]", offset: 8, size: 8),
    Field(name: "uuid[12..<16]", offset: 16, size: 4),
    Field(name: "stream_id", offset: 20, size: 4),
    Field(name: "stream_instance_id", offset: 24, size: 8),
    Field(name: "timestamp_begin", offset: 32, size: 8),
    Field(name: "timestamp_end", offset: 40, size: 8),
    Field(name: "content_size", offset: 48, size: 8),
    Field(name: "packet_size", offset: 56, size: 8),
    Field(name: "packet_seq_num", offset: 64, size: 8),
    Field(name: "events_discarded", offset: 72, size: 8),
    Field(name: "cpu_id", offset: 80, size: 4),
  ]
}

/// The `uuid` of a packet header: 16 bytes, in the order in which they lie in the packet (RFC 4122).
public struct TraceUUID: Sendable, Hashable, CustomStringConvertible {
  /// Bytes 0 to 7, the first one the most significant.
  public var high: UInt64
  /// Bytes 8 to 15, the first one the most significant.
  public var low: UInt64

  /// Makes a UUID of its two halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The usual form: 8-4-4-4-12 hexadecimal digits, as a CTF metadata text has it.
  public var description: String {
    let digits = [high, low].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }
}
