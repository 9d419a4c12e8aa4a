/// The contents of the meta page of a mapped ring buffer at one moment.
///
/// The layout is that of `struct trace_buffer_meta` in `include/uapi/linux/trace_mmap.h`, Linux 6.10:
///
///      0 u32 meta_page_size     32 u64 flags
///      4 u32 meta_struct_len    40 u64 entries
///      8 u32 subbuf_size        48 u64 overrun
///     12 u32 nr_subbufs         56 u64 read
///     16 u64 reader.lost_events 64 u64 Reserved1
///     24 u32 reader.id          72 u64 Reserved2
///     28 u32 reader.read
public struct MetaPage: Sendable, Equatable {
  /// The size of the meta page in bytes; the sub-buffers are mapped after it.
  public var metaPageSize: UInt32
  /// The size of the structure in bytes, as this kernel knows it.
  public var metaStructLength: UInt32
  /// The size of a sub-buffer in bytes, header included.
  public var subbufferSize: UInt32
  /// The number of sub-buffers, the reader's included.
  public var subbufferCount: UInt32
  /// "Number of events lost at the time of the reader swap."
  public var readerLostEvents: UInt64
  /// The id of the reader sub-buffer.
  public var readerID: UInt32
  /// "Number of bytes read on the reader subbuf", its header not counted.
  public var readerRead: UInt32
  /// "Placeholder for now, 0 until new features are supported."
  public var flags: UInt64
  /// "Number of entries in the ring-buffer."
  public var entries: UInt64
  /// "Number of entries lost in the ring-buffer."
  public var overrun: UInt64
  /// "Number of entries that have been read."
  public var read: UInt64

  /// A meta page by its fields.
  public init(
    metaPageSize: UInt32, metaStructLength: UInt32, subbufferSize: UInt32, subbufferCount: UInt32,
    readerLostEvents: UInt64, readerID: UInt32, readerRead: UInt32, flags: UInt64, entries: UInt64, overrun: UInt64,
    read: UInt64
  ) {
    self.metaPageSize = metaPageSize
    self.metaStructLength = metaStructLength
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.readerLostEvents = readerLostEvents
    self.readerID = readerID
    self.readerRead = readerRead
    self.flags = flags
    self.entries = entries
    self.overrun = overrun
    self.read = read
  }
}
