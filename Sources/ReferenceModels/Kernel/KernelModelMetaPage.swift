/// The contents of the meta page of a mapping of the model at one moment.
///
/// As merged, the fields are those of `struct trace_buffer_meta` in `include/uapi/linux/trace_mmap.h` of Linux 6.10; as
/// posted in v11 there are three more, and no `flags`. Both structures have 80 bytes on a 64-bit machine.
public struct KernelModelMetaPage: Sendable, Hashable {
  /// The size of the meta page in bytes.
  public var metaPageSize: UInt32
  /// The size of the structure in bytes.
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
  /// "Placeholder for now, 0 until new features are supported."; `nil` as posted in v11.
  public var flags: UInt64?
  /// "Number of entries in the ring-buffer": all that were ever written.
  public var entries: UInt64
  /// "Number of entries lost in the ring-buffer."
  public var overrun: UInt64
  /// "Number of entries that have been read."
  public var read: UInt64
  /// "Number of subbufs that have been filled."; `nil` as merged.
  public var subbufsTouched: UInt64?
  /// "Number of subbufs lost to overrun."; `nil` as merged.
  public var subbufsLost: UInt64?
  /// "Number of subbufs that have been read."; `nil` as merged.
  public var subbufsRead: UInt64?
}
