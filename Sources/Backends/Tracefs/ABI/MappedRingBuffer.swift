import CTracefs
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// The kernel's memory-mapped ring buffer of one CPU, one to one: each method is one system call or one load.
///
/// The ABI is that of `Documentation/trace/ring-buffer-map.rst` and `include/uapi/linux/trace_mmap.h` (Linux 6.10 and
/// later). The mappings and the file are closed with the value.
public struct MappedRingBuffer: ~Copyable {
  /// The open `trace_pipe_raw`.
  public let descriptor: FileDescriptor
  /// The path of `trace_pipe_raw`, for messages.
  public let path: String

  private let meta: UnsafePointer<ctracefs_meta>
  private let metaLength: Int
  private let data: UnsafeRawPointer
  private let dataLength: Int
  private let subbufferSize: Int
  private let subbufferCount: Int

  /// The bytes of `struct trace_buffer_meta` that this code reads, up to and with `read`.
  private static let neededMetaLength = 64

  /// Opens and maps the ring buffer of one CPU.
  ///
  /// Three calls: `open`, `mmap` of the meta page at offset 0, and `mmap` of all sub-buffers after it.
  /// - Parameters:
  ///   - path: a `per_cpu/cpuN/trace_pipe_raw`.
  ///   - nonBlocking: opens with `O_NONBLOCK`; without it ``getReader()`` may sleep.
  /// - Throws: ``SourceError`` where a call fails, and of kind `unknownFormat` where the meta page is not as documented.
  public init(path: String, nonBlocking: Bool) throws(SourceError) {
    let flags = O_RDONLY | O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)
    let fd = open(path, flags)
    guard fd >= 0 else { throw .failed("open", path, remedy: "run as root, and choose an online CPU") }
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    guard let first = mmap(nil, pageSize, PROT_READ, MAP_SHARED, fd, 0), first != MAP_FAILED else {
      let error = MappedRingBuffer.mapError(path)
      close(fd)
      throw error
    }
    let page = UnsafeRawPointer(first).assumingMemoryBound(to: ctracefs_meta.self)
    let shape: Shape
    do {
      shape = try Shape(checking: page, pageSize: pageSize, path: path)
    } catch {
      munmap(first, pageSize)
      close(fd)
      throw error
    }
    let length = shape.subbufferSize * shape.subbufferCount
    guard let second = mmap(nil, length, PROT_READ, MAP_SHARED, fd, off_t(shape.metaPageSize)), second != MAP_FAILED
    else {
      let error = MappedRingBuffer.mapError(path)
      munmap(first, pageSize)
      close(fd)
      throw error
    }
    descriptor = FileDescriptor(rawValue: fd)
    self.path = path
    meta = page
    metaLength = pageSize
    data = UnsafeRawPointer(second)
    dataLength = length
    subbufferSize = shape.subbufferSize
    subbufferCount = shape.subbufferCount
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: data), dataLength)
    munmap(UnsafeMutableRawPointer(mutating: UnsafeRawPointer(meta)), metaLength)
    close(descriptor.rawValue)
  }

  /// "I'm done with the reader sub-buffer, give me the next": updates the meta page.
  ///
  /// Unsafe because it is also the release: the bytes of the sub-buffer held before may change from now on.
  /// The corresponding ioctl is `TRACE_MMAP_IOCTL_GET_READER`.
  /// - Returns: 0 or a negative errno.
  @inlinable
  @inline(__always)
  public func unsafeGetReader() -> Int32 {
    ctracefs_get_reader(descriptor.rawValue)
  }

  /// Waits for the file to become readable, as the kernel sees it with the instance's `buffer_percent`.
  ///
  /// The corresponding C function is `poll`.
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&request, 1, timeout) >= 0 else { throw .failed("poll", path) }
    return request.revents
  }

  /// `reader.id`: which sub-buffer is the reader's.
  @inline(__always)
  public var readerID: UInt32 { ctracefs_reader_id(meta) }

  /// `reader.read`: how many bytes of it the kernel takes for read.
  @inline(__always)
  public var readerRead: UInt32 { ctracefs_reader_read(meta) }

  /// `reader.lost_events`: events lost at the time of the reader swap.
  @inline(__always)
  public var readerLostEvents: UInt64 { ctracefs_lost_events(meta) }

  /// `overrun`: events that were overwritten before they were read, as of the last ioctl.
  @inline(__always)
  public var overrun: UInt64 { ctracefs_overrun(meta) }

  /// `read`: events that were read, as of the last ioctl.
  @inline(__always)
  public var eventsRead: UInt64 { ctracefs_read(meta) }

  /// All fields of the meta page, one load each.
  public var metaPage: MetaPage {
    MetaPage(
      metaPageSize: ctracefs_meta_page_size(meta),
      metaStructLength: ctracefs_meta_struct_len(meta),
      subbufferSize: ctracefs_subbuf_size(meta),
      subbufferCount: ctracefs_nr_subbufs(meta),
      readerLostEvents: readerLostEvents, readerID: readerID, readerRead: readerRead,
      flags: ctracefs_flags(meta),
      entries: ctracefs_entries(meta),
      overrun: ctracefs_overrun(meta),
      read: ctracefs_read(meta))
  }

  /// The size and number of the sub-buffers, as the meta page said when it was mapped.
  public var geometry: Geometry {
    Geometry(subbufferSize: subbufferSize, subbufferCount: subbufferCount, readerSubbuffers: 1)
  }

  /// The address of a sub-buffer, `subbuf_size` bytes, by its id; `nil` if there is none by that id.
  @inline(__always)
  public func unsafeSubbuffer(_ id: UInt32) -> UnsafeRawPointer? {
    Int(id) < subbufferCount ? data + Int(id) * subbufferSize : nil
  }

  /// The address of the meta page.
  public var unsafeMetaPage: UnsafeRawPointer { UnsafeRawPointer(meta) }

  private static func mapError(_ path: String) -> SourceError {
    let code = Glibc.errno
    let remedy =
      switch code {
      case ENODEV: "this kernel cannot map the ring buffer: it needs Linux 6.10 or later"
      case EBUSY: "the ring buffer is used by a snapshot or is being resized"
      case ENOMEM: "not enough memory, or more mappings than vm.max_map_count"
      default: "the ring buffer can be mapped read-only and shared only"
      }
    return SourceError(call: "mmap \(path)", errno: Errno(rawValue: code), remedy: remedy)
  }

  /// The sizes that the meta page gives, checked before anything is computed from them.
  private struct Shape {
    var metaPageSize: Int
    var subbufferSize: Int
    var subbufferCount: Int

    init(checking meta: UnsafePointer<ctracefs_meta>, pageSize: Int, path: String) throws(SourceError) {
      metaPageSize = Int(ctracefs_meta_page_size(meta))
      subbufferSize = Int(ctracefs_subbuf_size(meta))
      subbufferCount = Int(ctracefs_nr_subbufs(meta))
      let structLength = Int(ctracefs_meta_struct_len(meta))
      guard structLength >= MappedRingBuffer.neededMetaLength, structLength <= metaPageSize,
        metaPageSize >= pageSize, metaPageSize % pageSize == 0,
        subbufferSize >= pageSize, subbufferSize % pageSize == 0, subbufferCount >= 2, subbufferCount < 1 << 24
      else {
        throw SourceError(
          .unknownFormat, call: "mmap \(path)",
          detail: "meta_page_size \(metaPageSize), meta_struct_len \(structLength), subbuf_size \(subbufferSize), "
            + "nr_subbufs \(subbufferCount)",
          remedy: "report it: this meta page is not that of Linux 6.10 (64 bytes needed)")
      }
    }
  }
}

/// Opens and maps a `trace_pipe_raw` and makes one ioctl `TRACE_MMAP_IOCTL_GET_READER`, for a process that is about to end:
/// nothing is closed, and nothing is allocated.
/// - Parameter path: the path as a C string.
/// - Returns: 0 or a negative errno.
public func unsafeMapAndGetReader(_ path: UnsafeMutableRawPointer?) -> Int32 {
  guard let path else { return -EINVAL }
  let fd = open(path.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  if fd < 0 { return -Glibc.errno }
  if mmap(nil, sysconf(Int32(_SC_PAGESIZE)), PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED { return -Glibc.errno }
  return ctracefs_get_reader(fd)
}

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
