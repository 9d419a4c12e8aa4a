import Study
import TracefsBackend

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
