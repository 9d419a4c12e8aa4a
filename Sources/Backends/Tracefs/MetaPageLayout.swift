import Results
import Study
import TracefsABI

/// A layout of the meta page: where each field is.
///
/// The layouts of `struct trace_buffer_meta` as they were posted, on a machine with longs of 8 bytes; `unsigned long` is
/// one of these. The postings are those of "Introducing ring-buffer mapping functions" on linux-kernel.
struct MetaPageLayout: Sendable {
  /// The offset and size of a field.
  struct Field: Sendable {
    var name: String
    /// In bytes from the beginning of the page.
    var offset: Int
    /// In bytes: 4 or 8.
    var size: Int
  }

  /// The posting.
  var name: String
  /// The fields, in order.
  var fields: [Field]
  /// `sizeof(struct trace_buffer_meta)`, which the page tells as `meta_struct_len`.
  var length: Int

  /// Fields after each other, each aligned to its size.
  private init(_ name: String, _ members: [(String, Int)]) {
    self.name = name
    var offset = 0
    fields = members.map { member in
      offset = (offset + member.1 - 1) / member.1 * member.1
      defer { offset += member.1 }
      return Field(name: member.0, offset: offset, size: member.1)
    }
    length = (offset + 7) / 8 * 8
  }

  /// As merged in Linux 6.10, and posted from v13 on.
  static let merged = MetaPageLayout(
    "merged",
    [
      ("meta_page_size", 4), ("meta_struct_len", 4), ("subbuf_size", 4), ("nr_subbufs", 4), ("reader.lost_events", 8),
      ("reader.id", 4), ("reader.read", 4), ("flags", 8), ("entries", 8), ("overrun", 8), ("read", 8), ("Reserved1", 8),
      ("Reserved2", 8),
    ])

  /// The fields of the layout as merged that can be known without the meta page.
  var fieldsKnownFromElsewhere: [String] {
    fields.map(\.name).filter { !["reader.lost_events", "flags", "Reserved1", "Reserved2"].contains($0) }
  }

  /// As posted in v12.
  static let v12 = MetaPageLayout(
    "v12",
    [
      ("meta_page_size", 4), ("meta_struct_len", 4), ("subbuf_size", 4), ("nr_subbufs", 4), ("reader.lost_events", 8),
      ("reader.id", 4), ("reader.read", 4), ("entries", 8), ("overrun", 8), ("read", 8), ("subbufs_touched", 8),
      ("subbufs_lost", 8),
    ])

  /// As posted in v9 to v11, to January 2024.
  static let v11 = MetaPageLayout(
    "v11",
    [
      ("entries", 8), ("overrun", 8), ("read", 8), ("subbufs_touched", 8), ("subbufs_lost", 8), ("subbufs_read", 8),
      ("reader.lost_events", 8), ("reader.id", 4), ("reader.read", 4), ("subbuf_size", 4), ("nr_subbufs", 4),
      ("meta_page_size", 4), ("meta_struct_len", 4),
    ])

  /// The value of a field in a page of this layout; 0 for a field that it does not have.
  func value(_ name: String, at page: UnsafeRawPointer) -> UInt64 {
    guard let field = fields.first(where: { $0.name == name }) else { return 0 }
    return field.size == 4
      ? UInt64(page.load(fromByteOffset: field.offset, as: UInt32.self))
      : page.load(fromByteOffset: field.offset, as: UInt64.self)
  }
}

extension MetaPage {
  /// The counters as map_test.c looks at them.
  var counts: String { "entries \(entries), overrun \(overrun), read \(read), id \(readerID)" }
}

extension MetaPage {
  /// The fields that the ioctl updates.
  var allCounters: String {
    "\(counts), reader.read \(readerRead), reader.lost_events \(readerLostEvents)"
  }

  /// The fields, by name, that a reader needs.
  var fieldsText: String {
    "meta_struct_len \(metaStructLength), subbuf_size \(subbufferSize), nr_subbufs \(subbufferCount), "
      + "reader.id \(readerID), reader.read \(readerRead), entries \(entries), overrun \(overrun), read \(read)"
  }

  /// The sizes that a reader maps by.
  var sizes: [Observation] {
    [
      Observation("meta_page_size", metaPageSize), Observation("subbuf_size", subbufferSize),
      Observation("nr_subbufs", subbufferCount),
    ]
  }

  /// The fields that differ from those of a later look, as `before → after`; none but the id where none differ.
  func changes(to later: MetaPage) -> [Observation] {
    let all: [(String, UInt64, UInt64)] = [
      ("meta.reader.id", UInt64(readerID), UInt64(later.readerID)),
      ("meta.reader.read", UInt64(readerRead), UInt64(later.readerRead)),
      ("meta.reader.lost_events", readerLostEvents, later.readerLostEvents),
      ("meta.entries", entries, later.entries),
      ("meta.overrun", overrun, later.overrun),
      ("meta.read", read, later.read),
    ]
    let changed = all.filter { $0.1 != $0.2 }.map { Observation($0.0, "\($0.1) → \($0.2)") }
    return changed.isEmpty ? [Observation("meta page", "unchanged, reader.id \(readerID)")] : changed
  }
}
