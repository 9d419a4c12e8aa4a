import Study

extension Catalogue {
  /// The ways in which the sources of the back ends count losses.
  static let recipes: [Recipe] = [
    Recipe(
      .kernel, mode: "overwrite",
      [
        "if (ioctl(fd, TRACE_MMAP_IOCTL_GET_READER) < 0) return;",
        "u32 commit = header->commit, size = commit & ~(3u << 30);  /* the low 32 bits only */",
        "if (meta->reader.id == id && header->time_stamp == stamp) lost = 0; /* more of the same one */",
        "else if (commit & 1u << 30) lost = *(u64 *)(data + size);    /* exact: the count after the data */",
        "else if (commit & 1u << 31) lost = meta->overrun - reported; /* at most: no room for the count */",
        "else lost = 0;",
        "reported += lost; id = meta->reader.id; stamp = header->time_stamp;",
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
      [
        "if (get_next_subbuf(stream) != 0) return;",
        "if (header->magic != 0xC1FC1FC1) { put_next_subbuf(stream); return; }  /* after a dead reader */",
        "packets = header->packet_seq_num - expected;   /* missing packets; no count has their events */",
        "expected = header->packet_seq_num + 1;",
        "u64 grown = header->events_discarded - highest;",
        "if ((s64)grown > 0) { events = grown; highest += grown; }  /* ignore a decrease */",
        "put_next_subbuf(stream);",
        "/* at the end: flush_buffer(stream, 1), read all; flush_buffer(stream, 0), read the last packet */",
        "/* total: the sum of packets, and highest; a clear looks like missing packets */",
        "/* keep expected and highest for the next reader */",
      ]),
    Recipe(
      .lttng, mode: "discard",
      [
        "if (get_next_subbuf(stream) != 0) return;",
        "if (header->magic != 0xC1FC1FC1) { put_next_subbuf(stream); return; }  /* after a dead reader */",
        "u64 grown = header->events_discarded - highest;  /* before 2.14 a count can be 0 or a later one */",
        "if ((s64)grown > 0) { events = grown; highest += grown; }  /* ignore a decrease */",
        "put_next_subbuf(stream);",
        "/* at the end: flush_buffer(stream, 1), read all; flush_buffer(stream, 0), read the last packet */",
        "/* total: highest; not exact: events committed next to a writer that was killed inside a write */",
      ]),
  ]
}
