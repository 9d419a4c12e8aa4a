import SubbufferSource

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
