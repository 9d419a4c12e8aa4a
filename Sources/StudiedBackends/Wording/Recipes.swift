import Study

extension Catalogue {
  /// The ways in which the sources of the back ends count losses.
  static let recipes: [Recipe] = [
    Recipe(
      .kernel, mode: "overwrite",
      [
        "ioctl(fd, TRACE_MMAP_IOCTL_GET_READER);   /* same id and time stamp: more of it, no new loss */",
        "u32 commit = header->commit;               /* the low 32 bits only */",
        "u32 size = commit & ~(3u << 30);",
        "if (commit & 1u << 30) lost = *(u64 *)(data + size);         /* exact; after the data */",
        "else if (meta->reader.lost_events) lost = meta->reader.lost_events;  /* never seen in a release */",
        "else if (commit & 1u << 31) lost = meta->overrun - reported; /* at most: no room for the count */",
        "else lost = 0;",
        "reported += lost;  /* begins at 0: the first loss can be older than the reader */",
        "/* total: meta->overrun, and commit overrun + dropped events of per_cpu/cpuN/stats; */",
        "/* if meta->read has fallen, the buffer was cleared: keep the old counts, add the new ones */",
      ]),
    Recipe(
      .kernel, mode: "discard",
      [
        "ioctl(fd, TRACE_MMAP_IOCTL_GET_READER);     /* no field of the mapping reports a drop */",
        "total = dropped events of per_cpu/cpuN/stats; /* after the last ioctl */",
        "total += meta->overrun + commit overrun of stats;",
        "/* if meta->read has fallen, the buffer was cleared: keep the old counts, add the new ones */",
        "/* which sub-buffer the drops precede is not known */",
      ]),
    Recipe(
      .lttng, mode: "overwrite",
      [
        "get_next_subbuf(stream);",
        "packets = header->packet_seq_num - expected;   /* missing; their events are in no count */",
        "expected = header->packet_seq_num + 1;",
        "u64 grown = header->events_discarded - highest;",
        "if ((s64)grown >= 0) { events = grown; highest += grown; }  /* a fall reports nothing */",
        "put_next_subbuf(stream);",
        "/* at the end: flush with 1, read to the end, flush with 0, read that packet */",
        "/* total: the sum of packets, and highest; a clear looks like missing packets */",
        "/* the next reader needs expected and highest; without them it starts at the consumed position */",
      ]),
    Recipe(
      .lttng, mode: "discard",
      [
        "get_next_subbuf(stream);",
        "u64 grown = header->events_discarded - highest;  /* before 2.14 a count can be 0 or a later one */",
        "if ((s64)grown >= 0) { events = grown; highest += grown; }  /* a fall reports nothing */",
        "put_next_subbuf(stream);",
        "/* at the end: flush with 1, read to the end, flush with 0, read that packet: it has later drops */",
        "/* total: highest, and the gaps of packet_seq_num, which should be 0 */",
        "/* not exact: events committed next to a writer that was killed inside a write */",
      ]),
  ]
}
