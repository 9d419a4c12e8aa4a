import SubbufferSource

/// The layout of one type of trace event, as the `format` file in its directory tells it.
///
///     name: raw_data
///     ID: 19
///     format:
///             field:unsigned short common_type;       offset:0;       size:2; signed:0;
///             ...
///             field:unsigned int id;  offset:8;       size:4; signed:0;
///             field:char buf[];       offset:12;      size:0; signed:0;
///
///     print fmt: ...
///
/// Offsets count from the start of the event's data, after the ring buffer's own event header.
///
/// Source: `f_show` in `kernel/trace/trace_events.c`, which writes the text.
public struct EventFormat: Sendable, Hashable {
  /// One field of the event.
  public struct Field: Sendable, Hashable {
    /// The name in C.
    public var name: String
    /// The offset from the start of the event's data, in bytes.
    public var offset: Int
    /// The size in bytes; 0 for an array that reaches to the end of the event.
    public var size: Int
  }

  /// The name of the type.
  public let name: String
  /// The value of `common_type` in the events of this type; differs from kernel to kernel.
  public let id: UInt16
  /// The fields in the order of the text.
  public let fields: [Field]

  /// Parses the text of a `format` file.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `unknownFormat` where the name, the ID or every field is missing,
  ///   or a field cannot be read.
  public init(_ text: String) throws(SourceError) {
    var name: String?
    var id: UInt16?
    var fields: [Field] = []
    // The print format is free text and comes last.
    for line in text.trimmedLines.prefix(while: { !$0.hasPrefix("print fmt:") }) {
      if line.hasPrefix("name:") {
        name = String(line.dropFirst(5).trimmed)
      } else if line.hasPrefix("ID:") {
        id = UInt16(line.dropFirst(3).trimmed)
      } else if line.hasPrefix("field:") {
        guard let field = FieldLine(line) else { throw Self.unknown(name, "unknown line '\(line)'") }
        fields.append(Field(name: field.name, offset: field.offset, size: field.size))
      }
    }
    guard let name, !name.isEmpty else { throw Self.unknown(nil, "no name") }
    guard let id else { throw Self.unknown(name, "no ID that fits in 16 bits") }
    guard !fields.isEmpty else { throw Self.unknown(name, "no fields") }
    self.name = name
    self.id = id
    self.fields = fields
  }

  /// The field of a name.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `unknownFormat` if there is none.
  public func field(_ name: String) throws(SourceError) -> Field {
    guard let field = fields.first(where: { $0.name == name }) else {
      throw Self.unknown(self.name, "no field '\(name)'")
    }
    return field
  }

  /// The field of a name, which must be where this code expects it.
  func field(_ name: String, at offset: Int, size: Int) throws(SourceError) -> Field {
    let field = try field(name)
    guard field.offset == offset, field.size == size else {
      throw Self.unknown(
        self.name, "\(name) is \(field.size) bytes at \(field.offset), not \(size) bytes at \(offset)")
    }
    return field
  }

  static func unknown(_ name: String?, _ detail: String) -> SourceError {
    SourceError(
      .unknownFormat, call: "parse the format of the event \(name ?? "?")", detail: detail,
      remedy: "report the text of the format file and the kernel's version; this layout is unknown")
  }
}

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

/// One `field:` line of the texts in which tracefs describes a layout:
///
///     field: u64 timestamp;   offset:0;   size:8;   signed:0;
///     field:char buf[];       offset:12;  size:0;   signed:0;
struct FieldLine: Sendable, Equatable {
  /// The field's name.
  var name: String
  /// The offset in bytes.
  var offset: Int
  /// The size in bytes; 0 for an array whose length is not fixed.
  var size: Int

  /// Parses a line; `nil` where it has another form.
  init?(_ line: Substring) {
    var declaration: Substring?
    var numbers: [Substring: Int] = [:]
    for part in line.split(separator: ";") {
      let part = part.trimmed
      guard let colon = part.firstIndex(of: ":") else { return nil }
      let key = part[..<colon].trimmed
      let value = part[part.index(after: colon)...].trimmed
      if key == "field" {
        guard declaration == nil else { return nil }
        declaration = value
      } else {
        guard let number = Int(value), number >= 0, numbers.updateValue(number, forKey: key) == nil else { return nil }
      }
    }
    guard let declaration, let space = declaration.lastIndex(where: { $0 == " " || $0 == "\t" }),
      let offset = numbers["offset"], let size = numbers["size"], numbers["signed"] != nil
    else { return nil }
    let name = declaration[declaration.index(after: space)...].prefix { $0 != "[" }
    guard !name.isEmpty else { return nil }
    self.name = String(name)
    self.offset = offset
    self.size = size
  }
}

extension Substring {
  /// Without blanks at both ends.
  var trimmed: Substring {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}

extension String {
  /// The lines that are not blank, without blanks at both ends.
  var trimmedLines: [Substring] {
    split(whereSeparator: \.isNewline).map(\.trimmed).filter { !$0.isEmpty }
  }
}
