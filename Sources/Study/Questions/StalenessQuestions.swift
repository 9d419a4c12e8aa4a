import Results

extension Claim {
  /// Do the reader's counters change without its call?
  public static let metaPageStays = Claim(
    "only-a-call-updates", .staleness, title: "Do the reader's counters change without its call?",
    question: "Do the counters and positions of the reader change before its next call when events are written?",
    source: "Documentation/trace/ring-buffer-map.rst: \"This ioctl also updates the meta-page fields.\" Unlike this, "
      + "V. Donnefort of v2, whose meta page the writer updated, \(Cited.v2), 2023-03-29: \"it can just check the "
      + "meta->entries field\"; lttng-modules, include/ringbuffer/vfs.h: \"Get a snapshot of the current ring buffer "
      + "producer and consumer positions\"")

  /// Does old data remain after the data?
  public static let bytesBehindData = Claim(
    "bytes-behind-the-data", .staleness, title: "Does old data remain after the data?",
    question: "Are there bytes of the previous lap after the data of a full sub-buffer when the ring buffer was "
      + "overwritten?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"This page may be off to user land. Zero it out here.\"; v4 of "
      + "it, 2024-03-12: \"Removed the zeroing out at the end of the page as the ring buffer is now zeroed out when "
      + "allocated. Not too worried about stale tracing data, but having non tracing data would be a problem.\"")

  /// The end of a sub-buffer may have a header there, of so many bytes.
  private static let headerAtTheEnd: Int64 = 16

  package static let bytesAfterFull = Mark.bytesAfterData("full: bytes behind the data", moreThan: headerAtTheEnd)

  package static func oldDataAfterFull(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("full: of them not 0") > headerAtTheEnd)
  }

  /// Is a new sub-buffer zero after the data?
  public static let freshBytes = Claim(
    "bytes-of-a-fresh-subbuffer", .staleness, title: "Is a new sub-buffer zero after the data?",
    question: "Are all bytes after the data of a sub-buffer 0 when it is used for the first time?",
    source: "V. Donnefort, [PATCH v13 1/6] ring-buffer: Zero ring-buffer sub-buffers, 2024-01-29: \"In preparation "
      + "for the ring-buffer memory mapping where each subbuf will be accessible to user-space, zero all the page "
      + "allocations.\"",
    reaching: [.bytesAfterData("bytes behind the data")])

  package static func zeroAfterData(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("of them not 0") == 0)
  }
}
