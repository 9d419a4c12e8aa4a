import Results

extension Claim {
  /// A second reader at the same time.
  public static let severalReaders = Claim(
    "several-readers", .readers, title: "A second reader at the same time",
    question: "How many readers may one ring buffer have, and what does each see?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"allowed but not recommended. They will "
      + "compete\"; lttng-ust, lib_ring_buffer_open_read: -EBUSY if there is a reader; lttng-modules, "
      + "ring_buffer_vfs.c, vfs_lib_ring_buffer_open: \"Makes sure only one open instance of a buffer is done at a "
      + "given moment.\" (the ioctl STREAM returns -ENOENT if each CPU's buffer has a reader: src/lttng-abi.c)",
    procedure: "Open a second reader besides the first; acquire with one, then with the other.",
    reaching: .nothing)
}
