import Results
import Study

/// The words of the report about the LTTng's ring buffer, whatever the tracer.
package enum LTTngWording {
  /// All of them.
  package static let all = Wording(
    recipes: recipes)

  /// The ways in which the source counts losses.
  private static let recipes: [Recipe] = [
    Recipe(
      .lttng, mode: .overwrite,
      nextPacket + [
        "if (header->magic != 0xC1FC1FC1) { put_next_subbuf(stream); return; }  /* ust: a dead reader */",
        "packets = header->packet_seq_num - expected;   /* missing packets, without their events */",
        "expected = header->packet_seq_num + 1;  /* begin with 0, or where the last reader ended */",
        "events = max(header->events_discarded, highest) - highest;  /* begin with highest = 0 */",
        "highest += events;",
        "put_next_subbuf(stream);",
        flushes,
        "/* total: the sum of packets, and highest; a clear looks like missing packets */",
      ]),
    Recipe(
      .lttng, mode: .discard,
      nextPacket + [
        "events = max(header->events_discarded, highest) - highest;  /* begin with highest = 0 */",
        "highest += events;  /* before 2.14 a packet can have 0 or the count of a later one */",
        "put_next_subbuf(stream);",
        flushes,
        "/* total: highest, and missing packets; not exact next to a writer killed in a write */",
      ]),
  ]

  /// The acquire of a packet by LTTng's calls.
  private static let nextPacket = [
    "if (get_next_subbuf(stream) != 0) return;  /* -EAGAIN: nothing to read; else an error */",
    "get_mmap_read_offset(stream, &offset); header = mapping + offset;",
  ]
  /// The end of a recording, by LTTng-UST's call and by the ioctls of lttng-modules.
  private static let flushes =
    "/* at the end: flush, read all; flush_buffer(stream, 0) or FLUSH_EMPTY, read the last packet */"
}
