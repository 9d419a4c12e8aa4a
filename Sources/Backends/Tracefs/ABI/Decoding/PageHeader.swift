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

/// The layout of a sub-buffer of the kernel's ring buffer, as tracefs tells it in two texts.
///
/// `events/header_page`, the header before the events:
///
///     64-bit kernel                            32-bit kernel
///     0         8        16                    0         8        12        (16)
///     +---------+--------+---- ~ ---+          +---------+--------+- - - - -+---- ~ ---+
///     | time 64 | commit |   data   |          | time 64 | commit | padding |   data   |
///     +---------+--------+---- ~ ---+          +---------+--------+- - - - -+---- ~ ---+
///
/// `commit` is a C `long`. The data of a 32-bit kernel begin at 12, or at 16 where it aligns data to 8 bytes
/// (`RB_ARCH_ALIGNMENT`). The text has a fourth field, `overwrite`, which shares its place with `commit`: it stands for
/// the flags in it.
///
/// `events/header_event`, the header of each event: see ``FtracePageDecoder``.
///
/// Any other layout is refused; so is a big-endian host, whose kernel lays out the bit fields in another order.
///
/// Source: `ring_buffer_print_page_header` and `ring_buffer_print_entry_header` in `kernel/trace/ring_buffer.c`, which
/// write the texts; `struct buffer_data_page` in the same file.
public struct PageFormat: Sendable, Hashable {
  /// The offset of the time stamp, an unsigned integer of 8 bytes; always 0.
  @inlinable public var timestampOffset: Int { 0 }
  /// The offset of the commit word; always 8.
  @inlinable public var commitOffset: Int { 8 }
  /// The size of the commit word in bytes, a C `long` of the kernel: 8 or 4.
  public let commitSize: Int
  /// The offset of the first event.
  public let dataOffset: Int
  /// The room for events in a sub-buffer *of the top-level buffer*, in bytes. The sub-buffers of an instance have the
  /// size that its own `buffer_subbuf_size_kb` says.
  public let topLevelDataSize: Int

  /// Parses the two texts.
  /// - Parameters:
  ///   - headerPage: the content of `events/header_page`.
  ///   - headerEvent: the content of `events/header_event`.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `unknownFormat` with what differs from the known layouts.
  public init(headerPage: String, headerEvent: String) throws(SourceError) {
    guard 1.littleEndian == 1 else { throw Self.unknown("header_event", "the host is big-endian") }
    let fields = try Self.fields(headerPage)
    (commitSize, dataOffset, topLevelDataSize) = try Self.layout(fields)
    try Self.checkEvent(headerEvent)
  }

  static func unknown(_ file: String, _ detail: String) -> SourceError {
    SourceError(
      .unknownFormat, call: "parse events/\(file)", detail: detail,
      remedy: "report the text of the file and the kernel's version; this layout is unknown")
  }

  private static func fields(_ text: String) throws(SourceError) -> [String: FieldLine] {
    var fields: [String: FieldLine] = [:]
    for line in text.trimmedLines {
      guard let field = FieldLine(line) else { throw unknown("header_page", "unknown line '\(line)'") }
      guard ["timestamp", "commit", "overwrite", "data"].contains(field.name) else {
        throw unknown("header_page", "unknown field '\(field.name)'")
      }
      guard fields.updateValue(field, forKey: field.name) == nil else {
        throw unknown("header_page", "field '\(field.name)' twice")
      }
    }
    return fields
  }

  private static func layout(
    _ fields: [String: FieldLine]
  ) throws(SourceError) -> (commitSize: Int, dataOffset: Int, dataSize: Int) {
    let timestamp = try field("timestamp", of: fields)
    let commit = try field("commit", of: fields)
    let data = try field("data", of: fields)
    try require("timestamp's offset", timestamp.offset, in: [0])
    try require("timestamp's size", timestamp.size, in: [8])
    try require("commit's offset", commit.offset, in: [8])
    try require("commit's size", commit.size, in: [4, 8])
    try require("data's offset", data.offset, in: commit.size == 8 ? [16] : [12, 16])
    // It may be absent: nothing is read from it.
    if let overwrite = fields["overwrite"] { try require("overwrite's offset", overwrite.offset, in: [commit.offset]) }
    guard data.size > 0 else { throw unknown("header_page", "data's size is 0") }
    return (commit.size, data.offset, data.size)
  }

  private static func field(_ name: String, of fields: [String: FieldLine]) throws(SourceError) -> FieldLine {
    guard let field = fields[name] else { throw unknown("header_page", "no field '\(name)'") }
    return field
  }

  private static func require(_ what: String, _ value: Int, in known: [Int]) throws(SourceError) {
    guard known.contains(value) else {
      let choice = known.map(String.init).joined(separator: " or ")
      throw unknown("header_page", "\(what) is \(value), not \(choice)")
    }
  }
}

extension PageFormat {
  // The lines that the kernel writes, without blanks; the one line without a colon is compared as a whole.
  private static let knownEventLines: [(key: String, value: String)] = [
    ("type_len", "\(EventType.typeLenBits) bits"),
    ("time_delta", "\(EventType.timeDeltaBits) bits"),
    ("array", "32 bits"),
    ("padding", "type == \(EventType.padding)"),
    ("time_extend", "type == \(EventType.timeExtend)"),
    ("time_stamp", "type == \(EventType.timeStamp)"),
    ("data max type_len", "== \(EventType.dataMaxTypeLen)"),
  ]

  /// Checks that `events/header_event` tells the one layout of event headers that is known.
  static func checkEvent(_ text: String) throws(SourceError) {
    var seen: Set<String> = []
    for line in text.trimmedLines where !line.hasPrefix("#") {
      let (key, value) = split(line)
      guard let known = knownEventLines.first(where: { $0.key == key }) else {
        throw unknown("header_event", "unknown line '\(line)'")
      }
      guard value == known.value else {
        throw unknown("header_event", "\(key) is '\(value)', not '\(known.value)'")
      }
      guard seen.insert(key).inserted else { throw unknown("header_event", "\(key) twice") }
    }
    if let missing = knownEventLines.first(where: { !seen.contains($0.key) }) {
      throw unknown("header_event", "no \(missing.key)")
    }
  }

  /// The two sides of the colon, or of the `==` where there is no colon.
  private static func split(_ line: Substring) -> (key: String, value: String) {
    if let colon = line.firstIndex(of: ":") {
      return (String(line[..<colon].trimmed), String(line[line.index(after: colon)...].trimmed))
    }
    guard let equals = line.firstIndex(of: "=") else { return (String(line), "") }
    return (String(line[..<equals].trimmed), String(line[equals...].trimmed))
  }
}
