import Study

extension Catalogue {
  /// The ways in which the sources of the back ends count losses.
  static let recipes: [Recipe] = [
    Recipe(
      .kernel, mode: "overwrite",
      [
        "if (ioctl(fd, TRACE_MMAP_IOCTL_GET_READER) < 0) return;  /* begin with id = -1, reported = 0 */",
        "header = mapping + meta->meta_page_size + (size_t)meta->reader.id * meta->subbuf_size;",
        "u32 commit = header->commit, size = commit & ~(3u << 30);  /* the low 32 bits only */",
        "if (meta->reader.id == id && header->time_stamp == stamp) lost = 0; /* more of the same one */",
        "else if (commit & 1u << 30) memcpy(&lost, header->data + size, sizeof(long)); /* exact */",
        "else if (commit & 1u << 31) lost = meta->overrun - reported; /* at most: no room for the count */",
        "else lost = 0;",
        "reported = min(reported + lost, meta->overrun); id = meta->reader.id; stamp = header->time_stamp;",
        "/* total: meta->overrun, plus commit overrun and dropped events of per_cpu/cpuN/stats */",
        "/* if meta->read has decreased, the buffer was cleared: add the old totals, set reported to 0 */",
      ]),
    Recipe(
      .kernel, mode: "discard",
      [
        "if (ioctl(fd, TRACE_MMAP_IOCTL_GET_READER) < 0) return;  /* no field counts a drop */",
        "/* total: dropped events and commit overrun of per_cpu/cpuN/stats, plus meta->overrun */",
        "/* if meta->read has decreased, the buffer was cleared: add the old totals */",
        "/* the sub-buffer after the drops is not marked */",
      ]),
    Recipe(
      .lttng, mode: "overwrite",
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
      .lttng, mode: "discard",
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
