import CBPFRing
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A BPF ring buffer, mapped, one to one: each method is one system call, load or store.
///
/// The ABI is that of `BPF_MAP_TYPE_RINGBUF` in `include/uapi/linux/bpf.h`, described in Documentation/bpf/ringbuf.rst; the
/// mapping is that of `ringbuf_map_mmap_kern` in `kernel/bpf/ringbuf.c`. A map has a page that the reader writes, and after
/// it a page and the data that it may only read; the data are mapped twice in succession, so that a record that lies
/// at the end and the start is contiguous:
///
///      page 0                page 1                page 2
///      consumer_pos (u64)    producer_pos (u64)    data    the same data
///      written by readers    read-only             read-only
///
/// Positions are bytes since the ring buffer was made. A record begins with a header of 8 bytes and takes a multiple of 8:
///
///      0                                4         8
///      +--------------------------------+---------+---- ~ ----+
///      | u32 BUSY:1, DISCARD:1, len:30  | pg_off  | len bytes |
///      +--------------------------------+---------+---- ~ ----+
///
/// Everything goes with the last reference: the descriptors of the map and the mappings, and the programs that use it.
public final class BPFRing {
  /// The size of the data in bytes: 2^n pages.
  public let dataSize: Int
  /// The map.
  public let map: BPFMap
  /// The page that begins with `consumer_pos`.
  public let unsafeConsumerPage: UnsafeMutableRawPointer
  /// The page that begins with `producer_pos`.
  public let unsafeProducerPage: UnsafeRawPointer
  /// The first byte of the data, which are there twice.
  public let unsafeData: UnsafeRawPointer
  /// The bytes of a page.
  public let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// The bytes of a record before its data.
  public static let headerSize = 8

  /// Makes a ring buffer and maps it.
  ///
  /// The calls are `bpf` with `BPF_MAP_CREATE`, and `mmap` twice.
  /// - Throws: ``SourceError`` where one fails.
  public init(dataSize: Int) throws(SourceError) {
    let map = try BPFMap(.ringBuffer, keySize: 0, valueSize: 0, entries: UInt32(clamping: dataSize))
    let consumer = try map.map(length: pageSize, offset: 0, isWritable: true)
    do throws(SourceError) {
      let producer = try map.map(length: pageSize + 2 * dataSize, offset: pageSize, isWritable: false)
      unsafeProducerPage = UnsafeRawPointer(producer)
      unsafeData = UnsafeRawPointer(producer + pageSize)
    } catch {
      munmap(consumer, pageSize)
      throw error
    }
    unsafeConsumerPage = consumer
    self.dataSize = dataSize
    self.map = map
  }

  deinit {
    munmap(unsafeConsumerPage, pageSize)
    munmap(UnsafeMutableRawPointer(mutating: unsafeProducerPage), pageSize + 2 * dataSize)
  }

  /// `producer_pos`: the position up to which room is reserved.
  public var producerPosition: UInt64 { cbpfring_load_position(unsafeProducerPage) }

  /// `consumer_pos`: the position up to which a reader has read.
  public var consumerPosition: UInt64 { cbpfring_load_position(unsafeConsumerPage) }

  /// Stores `consumer_pos`, whatever it means to the kernel.
  public func unsafeStoreConsumerPosition(_ position: UInt64) { cbpfring_store_position(unsafeConsumerPage, position) }

  /// The length of the record at a position, with the flags ``BPFRecordHeader/busy`` and ``BPFRecordHeader/discarded``.
  public func unsafeLength(at position: UInt64) -> UInt32 {
    cbpfring_load_length(unsafeData + Int(position & UInt64(dataSize - 1)))
  }

  /// Waits until `producer_pos` differs from `consumer_pos`.
  ///
  /// The corresponding C function is `poll` (`ringbuf_map_poll_kern`).
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public func poll(_ timeout: Milliseconds) throws(SourceError) -> Int32 {
    var request = pollfd(fd: map.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&request, 1, timeout) >= 0 else { throw .failed("poll", "a BPF ring buffer") }
    return Int32(request.revents)
  }
}

/// The header of a record.
public enum BPFRecordHeader {
  /// Room is reserved for the record, and it is not submitted yet: `BPF_RINGBUF_BUSY_BIT`.
  @inlinable public static var busy: UInt32 { 1 << 31 }
  /// The record is to be passed over: `BPF_RINGBUF_DISCARD_BIT`.
  @inlinable public static var discarded: UInt32 { 1 << 30 }

  /// The bits of the length.
  @inlinable public static var lengthMask: UInt32 { (1 << 30) - 1 }

  /// The bytes that a record takes, header included.
  /// - Parameter length: as it is in the header.
  @inline(__always)
  public static func size(_ length: UInt32) -> Int { (Int(length & lengthMask) &+ 8 &+ 7) & ~7 }
}

/// A BPF map, one to one. It is closed with the last reference; the kernel removes it with the last program and mapping, too.
public final class BPFMap: Sendable {
  /// The kinds that are used here (`enum bpf_map_type`).
  public enum Kind: Sendable {
    /// `BPF_MAP_TYPE_RINGBUF`.
    case ringBuffer
    /// `BPF_MAP_TYPE_ARRAY`, which can be mapped (`BPF_F_MMAPABLE`).
    case mappedArray
    /// `BPF_MAP_TYPE_PERCPU_ARRAY`.
    case arrayOfEachCPU
  }

  /// The descriptor.
  public let descriptor: FileDescriptor

  /// Makes a map. The call is `bpf` with `BPF_MAP_CREATE`.
  /// - Throws: ``SourceError`` where it fails.
  public init(_ kind: Kind, keySize: UInt32, valueSize: UInt32, entries: UInt32) throws(SourceError) {
    let (type, flags): (bpf_map_type, UInt32) =
      switch kind {
      case .ringBuffer: (BPF_MAP_TYPE_RINGBUF, 0)
      case .mappedArray: (BPF_MAP_TYPE_ARRAY, UInt32(BPF_F_MMAPABLE))
      case .arrayOfEachCPU: (BPF_MAP_TYPE_PERCPU_ARRAY, 0)
      }
    let fd = cbpfring_create_map(UInt32(type.rawValue), keySize, valueSize, entries, flags)
    guard fd >= 0 else {
      throw SourceError(
        call: "bpf(BPF_MAP_CREATE), \(kind) of \(entries)", errno: Errno(rawValue: -fd),
        remedy: BPFMap.remedy(-fd, kind))
    }
    descriptor = FileDescriptor(rawValue: fd)
  }

  deinit { close(descriptor.rawValue) }

  /// Maps a part of it. The call is `mmap`.
  /// - Throws: ``SourceError`` where it fails.
  func map(length: Int, offset: Int, isWritable: Bool) throws(SourceError) -> UnsafeMutableRawPointer {
    let protection = PROT_READ | (isWritable ? PROT_WRITE : 0)
    guard let start = mmap(nil, length, protection, MAP_SHARED, descriptor.rawValue, offset), start != MAP_FAILED
    else { throw .failed("mmap", "\(length) bytes of a BPF map at \(offset)") }
    return start
  }

  static func remedy(_ code: Int32, _ kind: Kind) -> String {
    switch code {
    case EPERM, EACCES:
      "run as root, or with CAP_BPF and CAP_PERFMON; before Linux 5.11 raise the limit on locked memory: ulimit -l"
    case EINVAL where kind == .ringBuffer: "use Linux 5.8 or later, and 2^n pages of data"
    case ENOSYS: "use a kernel with CONFIG_BPF_SYSCALL"
    case ENOMEM: "choose a smaller ring buffer"
    default: ""
    }
  }
}

/// The wake-ups of a ring buffer, as `epoll` reports them edge-triggered. It is closed with the value.
public struct BPFWakeups: ~Copyable {
  private let descriptor: Int32

  /// Watches a ring buffer from now on. The calls are `epoll_create1` and `epoll_ctl`.
  /// - Throws: ``SourceError`` where one fails.
  public init(_ ring: BPFRing) throws(SourceError) {
    descriptor = cbpfring_watch_wakeups(ring.map.descriptor.rawValue)
    guard descriptor >= 0 else {
      throw SourceError(call: "epoll_create1, epoll_ctl", errno: Errno(rawValue: -descriptor))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// `true` if there was a wake-up since the last call, or is within a time. The call is `epoll_wait`.
  /// - Throws: ``SourceError`` where it fails.
  public func isReported(within timeout: Milliseconds) throws(SourceError) -> Bool {
    let count = cbpfring_await_wakeup(descriptor, timeout)
    guard count >= 0 else { throw SourceError(call: "epoll_wait", errno: Errno(rawValue: -count)) }
    return count == 1
  }
}
