import CPerfRing
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A perf event with its mapped ring buffer, one to one: each method is one system call, load or store.
///
/// The ABI is that of `include/uapi/linux/perf_event.h`, described in Documentation/userspace-api/perf_ring_buffer.rst. The
/// mapping is a control page and 2^n pages of data:
///
///      struct perf_event_mmap_page        data
///      1024 u64 data_head  (kernel)       from data_offset, data_size bytes
///      1032 u64 data_tail  (reader)
///      1040 u64 data_offset
///      1048 u64 data_size
///
/// The data are records, aligned to 8 bytes, each with a header of 8 bytes:
///
///      0      4      6      8
///      +------+------+------+---- ~ ---+
///      | type | misc | size |          |
///      +------+------+------+---- ~ ---+
///
/// A record may begin at the end of the data and go on at their start. Without `write_backward` the kernel writes them one
/// after the other, from `data_tail` to `data_head` those that are unread, and writes none that has no room. With it each
/// record is written before the last one, `data_head` falls, and the oldest records are overwritten.
///
/// Everything goes with the last reference.
public final class PerfRing {
  /// The choices of `perf_event_open` and `mmap`.
  public struct Options: Sendable {
    /// The id of the trace event: `events/…/id`.
    public var event: UInt64
    /// The process whose events are recorded.
    public var process: Int32
    /// The size of the data in bytes: 2^n pages.
    public var dataSize: Int
    /// `write_backward`, and a mapping that is read-only: the oldest records are overwritten.
    public var overwrites: Bool
    /// `wakeup_watermark` in bytes; `nil` for a wake-up by each event (`wakeup_events` 1).
    public var watermark: UInt32?
    /// `clockid` CLOCK_MONOTONIC.
    public var isMonotonic: Bool

    /// The choices.
    public init(
      event: UInt64, process: Int32, dataSize: Int, overwrites: Bool, watermark: UInt32? = nil,
      isMonotonic: Bool = false
    ) {
      self.event = event
      self.process = process
      self.dataSize = dataSize
      self.overwrites = overwrites
      self.watermark = watermark
      self.isMonotonic = isMonotonic
    }
  }

  /// The event.
  public let event: PerfEvent
  /// Other events that write into the ring buffer.
  private var others: [PerfEvent] = []
  /// The choices that it was made with.
  public let options: Options
  /// The first byte of the control page.
  public let unsafePage: UnsafeMutableRawPointer
  /// The first byte of the data.
  public let unsafeData: UnsafeRawPointer
  private let mappedLength: Int

  /// The size of the data in bytes.
  public var dataSize: Int { options.dataSize }

  /// The descriptor of the event.
  public var descriptor: FileDescriptor { event.descriptor }

  /// Opens an event, maps its ring buffer and enables it.
  ///
  /// Three calls: `perf_event_open`, `mmap`, and the ioctl `PERF_EVENT_IOC_ENABLE`.
  /// - Throws: ``SourceError`` where one fails, and of kind `unknownFormat` if the control page is not as documented.
  public init(_ options: Options) throws(SourceError) {
    let event = try PerfEvent(options)
    let length = options.dataSize + Int(sysconf(Int32(_SC_PAGESIZE)))
    let protection = PROT_READ | (options.overwrites ? 0 : PROT_WRITE)
    guard let start = mmap(nil, length, protection, MAP_SHARED, event.descriptor.rawValue, 0), start != MAP_FAILED
    else {
      let code = errno
      throw SourceError(
        call: "mmap a perf event", errno: Errno(rawValue: code),
        remedy: code == EPERM
          ? "raise kernel.perf_event_mlock_kb, or the limit on locked memory: ulimit -l; or run as root"
          : code == EINVAL ? "choose 2^n pages of data" : "")
    }
    self.options = options
    self.event = event
    unsafePage = start
    mappedLength = length
    let offset = cperfring_data_offset(start)
    let size = cperfring_data_size(start)
    unsafeData = UnsafeRawPointer(start + (length - options.dataSize))
    guard offset == length - options.dataSize, size == options.dataSize else {
      throw SourceError(
        .unknownFormat, call: "mmap a perf event", detail: "data_offset \(offset), data_size \(size)",
        remedy: "use Linux 4.1 or later; of a later one, report it")
    }
    try event.enable(true)
  }

  deinit { munmap(unsafePage, mappedLength) }

  /// Opens another event, disabled, that writes into this ring buffer.
  ///
  /// The ioctl is `PERF_EVENT_IOC_SET_OUTPUT`.
  /// - Parameter options: as those of this ring buffer but for the event and its wake-ups.
  /// - Throws: ``SourceError`` where a call fails.
  public func addEvent(_ options: Options) throws(SourceError) -> PerfEvent {
    let other = try PerfEvent(options)
    let result = cperfring_set_output(other.descriptor.rawValue, descriptor.rawValue)
    guard result == 0 else { throw SourceError(call: "PERF_EVENT_IOC_SET_OUTPUT", errno: Errno(rawValue: -result)) }
    others.append(other)
    return other
  }

  /// The fields of the control page that belong to the ring buffer, of 8 bytes each, with their offsets in bytes.
  public static let pageFields = [
    (name: "data_head", offset: 1024), (name: "data_tail", offset: 1032), (name: "data_offset", offset: 1040),
    (name: "data_size", offset: 1048),
  ]

  /// `data_head`: the position up to which there are records, in bytes since the ring buffer was made; with
  /// `write_backward` it falls from 0.
  public var dataHead: UInt64 { cperfring_load_head(unsafePage) }

  /// `data_tail`: the position up to which a reader has read.
  public var dataTail: UInt64 { cperfring_load_tail(unsafePage) }

  /// Stores `data_tail`, whatever it means to the kernel.
  public func unsafeStoreTail(_ tail: UInt64) { cperfring_store_tail(unsafePage, tail) }

  /// Pauses or resumes the output into the ring buffer. The ioctl is `PERF_EVENT_IOC_PAUSE_OUTPUT`.
  /// - Returns: 0 or a negative errno.
  public func pauseOutput(_ pauses: Bool) -> Int32 { cperfring_pause_output(descriptor.rawValue, pauses ? 1 : 0) }

  /// The number of events of the ring buffer, and of those that were not written (`PERF_FORMAT_LOST`). The call is `read`
  /// of each event.
  /// - Throws: ``SourceError`` where it fails.
  public func counts() throws(SourceError) -> (events: UInt64, lost: UInt64) {
    var sum = try event.counts()
    for other in others {
      let more = try other.counts()
      sum = (sum.events &+ more.events, sum.lost &+ more.lost)
    }
    return sum
  }

  /// Waits for a wake-up. One that came before is seen by the first call only (`perf_poll` exchanges it for 0).
  ///
  /// The corresponding C function is `poll`.
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public func poll(_ timeout: Milliseconds) throws(SourceError) -> Int32 {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&request, 1, timeout) >= 0 else { throw .failed("poll", "a perf event") }
    return Int32(request.revents)
  }
}

/// A perf event, one to one: each method is one system call. It is closed with the last reference.
public final class PerfEvent: Sendable {
  /// The descriptor.
  public let descriptor: FileDescriptor

  /// Opens an event, disabled. The call is `perf_event_open`.
  /// - Throws: ``SourceError`` where it fails.
  init(_ options: PerfRing.Options) throws(SourceError) {
    var choices = cperfring_options(
      event: options.event, pid: options.process, cpu: -1, write_backward: options.overwrites ? 1 : 0,
      watermark: options.watermark ?? 0, monotonic: options.isMonotonic ? 1 : 0)
    let fd = cperfring_open(&choices)
    guard fd >= 0 else {
      throw SourceError(call: "perf_event_open", errno: Errno(rawValue: -fd), remedy: PerfEvent.openRemedy(-fd))
    }
    descriptor = FileDescriptor(rawValue: fd)
  }

  deinit { close(descriptor.rawValue) }

  /// Starts or stops the recording. The ioctl is `PERF_EVENT_IOC_ENABLE` or `PERF_EVENT_IOC_DISABLE`.
  /// - Throws: ``SourceError`` where it fails.
  public func enable(_ enables: Bool) throws(SourceError) {
    let result = cperfring_enable(descriptor.rawValue, enables ? 1 : 0)
    guard result == 0 else {
      throw SourceError(
        call: "PERF_EVENT_IOC_\(enables ? "ENABLE" : "DISABLE")", errno: Errno(rawValue: -result))
    }
  }

  /// The number of occurrences, and of those that were not written (`PERF_FORMAT_LOST`). The call is `read`.
  /// - Throws: ``SourceError`` where it fails.
  public func counts() throws(SourceError) -> (events: UInt64, lost: UInt64) {
    var (events, lost) = (UInt64(0), UInt64(0))
    let result = cperfring_read(descriptor.rawValue, &events, &lost)
    guard result == 0 else { throw SourceError(call: "read a perf event", errno: Errno(rawValue: -result)) }
    return (events, lost)
  }

  private static func openRemedy(_ code: Int32) -> String {
    switch code {
    case EACCES, EPERM: "run as root, or with CAP_PERFMON, or lower kernel.perf_event_paranoid to -1"
    case EINVAL: "use Linux 6.0 or later, which counts lost samples (PERF_FORMAT_LOST)"
    case ENOENT, ENOSYS, EOPNOTSUPP: "use a kernel with CONFIG_PERF_EVENTS and CONFIG_UPROBE_EVENTS"
    case ESRCH: "the process has ended"
    default: ""
    }
  }
}
